package main

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"flag"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"

	"k8s.io/client-go/tools/clientcmd"
	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"
)

// How long a certificate lives: longer than any test session, and begun an hour ago, so
// that a clock that is set back a little does not matter.
const lifetime = 7 * 24 * time.Hour

// runCerts writes all key material of a cluster into a directory, and one kubeconfig for
// each party that connects to it.  It returns the process's exit status.
func runCerts(arguments []string) int {
	flags := flag.NewFlagSet("certs", flag.ExitOnError)
	directory := flags.String("dir", "", "`directory` to write to; it must exist")
	server := flags.String("server", "", "`URL` of the API server, for the kubeconfigs")
	serviceIP := flags.String("service-ip", "10.96.0.1", "cluster `address` of the kubernetes Service")
	node := flags.String("node", "", "`name` of a node whose kubelet and kube-proxy connect, too")
	_ = flags.Parse(arguments)
	if *directory == "" || *server == "" {
		flags.Usage()
		return 2
	}
	if err := writeCerts(*directory, *server, *serviceIP, *node); err != nil {
		fmt.Fprintln(os.Stderr, "certs:", err)
		return 1
	}
	return 0
}

// authority signs certificates.
type authority struct {
	certificate *x509.Certificate
	key         crypto.Signer
}

func writeCerts(directory, server, serviceIP, node string) error {
	cluster, err := newAuthority(directory, "ca", "mooring-test-ca")
	if err != nil {
		return err
	}
	frontProxy, err := newAuthority(directory, "front-proxy-ca", "mooring-test-front-proxy-ca")
	if err != nil {
		return err
	}
	apiserver := x509.Certificate{
		Subject:     pkix.Name{CommonName: "kube-apiserver"},
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		IPAddresses: []net.IP{net.ParseIP("127.0.0.1"), net.ParseIP(serviceIP)},
		DNSNames: []string{
			"localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc",
			"kubernetes.default.svc.cluster.local",
		},
	}
	if err := cluster.issue(directory, "apiserver", apiserver); err != nil {
		return err
	}
	if err := frontProxy.issue(directory, "front-proxy-client", clientOf("front-proxy-client")); err != nil {
		return err
	}
	clients := []struct{ name, user, group string }{
		{"admin", "kubernetes-admin", "system:masters"},
		{"scheduler", "system:kube-scheduler", ""},
		{"controller-manager", "system:kube-controller-manager", ""},
	}
	if node != "" {
		clients = append(clients, []struct{ name, user, group string }{
			{"kubelet", "system:node:" + node, "system:nodes"},
			{"kube-proxy", "system:kube-proxy", ""},
			// Shown to kubelets by the API server, for logs, exec and port-forward.
			{"kubelet-client", "kube-apiserver-kubelet-client", "system:masters"},
		}...)
	}
	for _, client := range clients {
		template := clientOf(client.user)
		if client.group != "" {
			template.Subject.Organization = []string{client.group}
		}
		if err := cluster.issue(directory, client.name, template); err != nil {
			return err
		}
		if err := writeKubeconfig(directory, client.name, server); err != nil {
			return err
		}
	}
	return writeServiceAccountKeys(directory)
}

func clientOf(user string) x509.Certificate {
	return x509.Certificate{
		Subject:     pkix.Name{CommonName: user},
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	}
}

// newAuthority writes NAME.crt and NAME.key of a self-signed authority.
func newAuthority(directory, name, commonName string) (*authority, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	template := x509.Certificate{
		Subject:               pkix.Name{CommonName: commonName},
		KeyUsage:              x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
		BasicConstraintsValid: true,
		IsCA:                  true,
	}
	own := &authority{certificate: &template, key: key}
	certificate, err := own.sign(directory, name, template, key)
	if err != nil {
		return nil, err
	}
	return &authority{certificate: certificate, key: key}, nil
}

// issue writes NAME.crt and NAME.key of a certificate that the authority signs.
func (a *authority) issue(directory, name string, template x509.Certificate) error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	template.KeyUsage = x509.KeyUsageDigitalSignature
	_, err = a.sign(directory, name, template, key)
	return err
}

func (a *authority) sign(
	directory, name string, template x509.Certificate, key *ecdsa.PrivateKey,
) (*x509.Certificate, error) {
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		return nil, err
	}
	template.SerialNumber = serial
	template.NotBefore = time.Now().Add(-time.Hour)
	template.NotAfter = time.Now().Add(lifetime)
	der, err := x509.CreateCertificate(rand.Reader, &template, a.certificate, key.Public(), a.key)
	if err != nil {
		return nil, err
	}
	if err := writePEM(directory, name+".crt", "CERTIFICATE", der); err != nil {
		return nil, err
	}
	if err := writeKey(directory, name+".key", key); err != nil {
		return nil, err
	}
	return x509.ParseCertificate(der)
}

// writeServiceAccountKeys writes sa.key and sa.pub, which sign and check tokens.
func writeServiceAccountKeys(directory string) error {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return err
	}
	if err := writeKey(directory, "sa.key", key); err != nil {
		return err
	}
	public, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		return err
	}
	return writePEM(directory, "sa.pub", "PUBLIC KEY", public)
}

func writeKey(directory, name string, key any) error {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return err
	}
	return writePEM(directory, name, "PRIVATE KEY", der)
}

func writePEM(directory, name, kind string, der []byte) error {
	text := pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
	return os.WriteFile(filepath.Join(directory, name), text, 0o600)
}

// writeKubeconfig writes NAME.kubeconfig around NAME.crt, NAME.key and ca.crt.
func writeKubeconfig(directory, name, server string) error {
	config := clientcmdapi.NewConfig()
	config.Clusters["mooring-test"] = &clientcmdapi.Cluster{
		Server:               server,
		CertificateAuthority: filepath.Join(directory, "ca.crt"),
	}
	config.AuthInfos[name] = &clientcmdapi.AuthInfo{
		ClientCertificate: filepath.Join(directory, name+".crt"),
		ClientKey:         filepath.Join(directory, name+".key"),
	}
	config.Contexts["mooring-test"] = &clientcmdapi.Context{Cluster: "mooring-test", AuthInfo: name}
	config.CurrentContext = "mooring-test"
	return clientcmd.WriteToFile(*config, filepath.Join(directory, name+".kubeconfig"))
}
