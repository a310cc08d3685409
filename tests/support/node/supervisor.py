"""
Runs a Kubernetes node and its control plane; process 1 of the node's namespaces.

Needs nothing but Debian's Python.  In the folder that is its argument, `node.json` says how the
node is to be, and `ready` appears when it is.  When a part ends, so does everything, with a word
about it in `failed`.  See `tests.support.node.machine`, which starts it.
"""

import contextlib
import http.client
import http.server
import json
import os
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

BEGAN = time.monotonic()
STATE = Path(sys.argv[1])
PKI = STATE / "pki"
ADDRESS = "10.99.0.1"
"""Of the node, in its own network namespace."""
WISHES = json.loads((STATE / "node.json").read_text())
PORT = WISHES["port"]

children: dict[int, str] = {}
waited_for: set[int] = set()


def run(*command: str) -> None:
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    waited_for.add(process.pid)
    output, _ = process.communicate()
    waited_for.discard(process.pid)
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)}: {output.strip()[-2000:]}")


def start(name: str, *command: str, **environment: str) -> None:
    """Start a part of the node; its log is `logs/NAME.log`."""
    with (STATE / "logs" / f"{name}.log").open("ab") as log:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            env={**os.environ, **environment},
        )  # fmt: skip
    children[process.pid] = name
    process.returncode = 0  # Process 1 reaps it, not this object.


def network() -> None:
    for command in (
        "link set lo up",
        "link add node0 type veth peer name node1",
        f"address add {ADDRESS}/24 dev node0",
        "link set node0 up",
        "link set node1 up",
        "route add default dev node0",
    ):
        run("ip", *command.split())
    Path("/proc/sys/net/ipv4/ip_forward").write_text("1")


def cgroups(name: str) -> None:
    """Make a group of our own in each hierarchy, below which the kubelet has its own."""
    top = Path("/sys/fs/cgroup")
    if (top / "cgroup.controllers").exists():
        controllers = (top / "cgroup.controllers").read_text().split()
        for place in (top, top / name):
            place.mkdir(exist_ok=True)
            for each in controllers:
                with contextlib.suppress(OSError):  # Not one that this machine hands on.
                    (place / "cgroup.subtree_control").write_text(f"+{each}")
        return
    for controller in top.iterdir():
        if not controller.is_dir() or controller.is_symlink():
            continue
        own = controller / name
        try:
            own.mkdir(exist_ok=True)
        except OSError:  # Read-only, as that of systemd in some containers.
            continue
        for knob in ("cpuset.cpus", "cpuset.mems"):
            if (controller / knob).exists():
                (own / knob).write_text((controller / knob).read_text())
        # All pods together would have the share of one busy process of the machine otherwise.
        if (own / "cpu.shares").exists():
            (own / "cpu.shares").write_text("8192")


def config(name: str, values: object) -> str:
    path = STATE / name
    path.write_text(json.dumps(values))
    return str(path)


def kubeconfig(name: str) -> str:
    return str(PKI / f"{name}.kubeconfig")


def control_plane() -> None:
    plane = "/opt/controlplane/controlplane"
    start(
        "etcd", plane, "etcd", f"--data-dir={STATE / 'etcd'}", "--unsafe-no-fsync",
        "--listen-client-urls=http://127.0.0.1:2379",
        "--advertise-client-urls=http://127.0.0.1:2379",
        "--listen-peer-urls=http://127.0.0.1:2380",
        "--initial-advertise-peer-urls=http://127.0.0.1:2380",
        "--initial-cluster=default=http://127.0.0.1:2380",
        "--log-level=error",
    )  # fmt: skip
    start(
        "kube-apiserver", plane, "kube-apiserver",
        "--etcd-servers=http://127.0.0.1:2379",
        "--bind-address=0.0.0.0", f"--advertise-address={ADDRESS}", f"--secure-port={PORT}",
        "--endpoint-reconciler-type=lease",
        f"--tls-cert-file={PKI}/apiserver.crt", f"--tls-private-key-file={PKI}/apiserver.key",
        f"--client-ca-file={PKI}/ca.crt",
        "--service-account-issuer=https://kubernetes.default.svc",
        f"--service-account-key-file={PKI}/sa.pub",
        f"--service-account-signing-key-file={PKI}/sa.key",
        f"--requestheader-client-ca-file={PKI}/front-proxy-ca.crt",
        "--requestheader-allowed-names=front-proxy-client",
        "--requestheader-extra-headers-prefix=X-Remote-Extra-",
        "--requestheader-group-headers=X-Remote-Group",
        "--requestheader-username-headers=X-Remote-User",
        f"--proxy-client-cert-file={PKI}/front-proxy-client.crt",
        f"--proxy-client-key-file={PKI}/front-proxy-client.key",
        f"--kubelet-client-certificate={PKI}/kubelet-client.crt",
        f"--kubelet-client-key={PKI}/kubelet-client.key",
        "--kubelet-preferred-address-types=InternalIP",
        "--authorization-mode=Node,RBAC", "--service-cluster-ip-range=10.96.0.0/16",
        "--allow-privileged=true", "--profiling=false",
    )  # fmt: skip
    wait("the API server", lambda: ask("GET", "/readyz")[0] == 200)
    for name, flags in (
        ("scheduler", []),
        (
            "controller-manager",
            [
                "--use-service-account-credentials=true",
                f"--service-account-private-key-file={PKI}/sa.key",
                f"--root-ca-file={PKI}/ca.crt",
                f"--cluster-signing-cert-file={PKI}/ca.crt",
                f"--cluster-signing-key-file={PKI}/ca.key",
                "--kube-api-qps=200",
                "--kube-api-burst=400",
                "--controllers=*,-horizontal-pod-autoscaler-controller",
            ],
        ),
    ):
        start(
            f"kube-{name}", plane, f"kube-{name}", f"--kubeconfig={kubeconfig(name)}",
            f"--authentication-kubeconfig={kubeconfig(name)}",
            f"--authorization-kubeconfig={kubeconfig(name)}",
            "--bind-address=127.0.0.1", "--leader-elect=false", "--profiling=false", *flags,
        )  # fmt: skip


REGISTRY = ("127.0.0.1", 5000)
REFUSALS = {"unauthorized": 401, "throttled": 429, "broken": 500}


class Registry(http.server.BaseHTTPRequestHandler):
    """
    Stands for every registry, and has nothing.

    An image is not found, unless a word in its name or tag says how else it is refused.
    """

    def do_GET(self) -> None:
        status = next((code for word, code in REFUSALS.items() if word in self.path), 404)
        self.send_response(200 if self.path == "/v2/" else status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_HEAD = do_GET  # noqa: N815


def registry() -> None:
    address = f"http://{REGISTRY[0]}:{REGISTRY[1]}"
    place = Path("/etc/containerd/certs.d/_default")
    place.mkdir(parents=True, exist_ok=True)
    hosts = f'server = "{address}"\n[host."{address}"]\ncapabilities = ["pull", "resolve"]\n'
    (place / "hosts.toml").write_text(hosts)
    server = http.server.ThreadingHTTPServer(REGISTRY, Registry)
    threading.Thread(target=server.serve_forever, daemon=True).start()


def runtime() -> None:
    """containerd, and the registry that it asks."""
    registry()
    Path("/etc/cni/net.d").mkdir(parents=True, exist_ok=True)
    Path("/etc/cni/net.d/10-bridge.conflist").write_text(
        json.dumps(
            {
                "cniVersion": "0.4.0",
                "name": "pods",
                "plugins": [
                    {
                        "type": "bridge",
                        "bridge": "cni0",
                        "isGateway": True,
                        "ipMasq": True,
                        "hairpinMode": True,
                        "ipam": {
                            "type": "host-local",
                            "ranges": [[{"subnet": "10.88.0.0/16"}]],
                            "routes": [{"dst": "0.0.0.0/0"}],
                            "dataDir": "/run/cni",
                        },
                    },
                    {"type": "portmap", "capabilities": {"portMappings": True}},
                ],
            }
        )
    )
    (STATE / "containerd.toml").write_text(
        f"""
version = 2
root = "{STATE}/containerd"
state = "/run/containerd"
[grpc]
  address = "/run/containerd/containerd.sock"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "{WISHES["sandbox"]}"
  restrict_oom_score_adj = true
  disable_apparmor = true
  [plugins."io.containerd.grpc.v1.cri".registry]
    config_path = "/etc/containerd/certs.d"
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "/etc/cni/net.d"
  [plugins."io.containerd.grpc.v1.cri".containerd]
    snapshotter = "overlayfs"
    default_runtime_name = "runc"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
      runtime_type = "io.containerd.runc.v2"
      [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
        SystemdCgroup = false
"""
    )
    start("containerd", "containerd", "--config", str(STATE / "containerd.toml"))
    wait("containerd", lambda: Path("/run/containerd/containerd.sock").exists())


def import_images() -> None:
    """Fill containerd's folder with the images, and leave it to be copied."""
    runtime()
    run("ctr", "-n", "k8s.io", "images", "import", "--digests=false", str(STATE / "images.tar"))
    (containerd,) = children
    children.clear()
    os.kill(containerd, signal.SIGTERM)
    os.waitpid(containerd, 0)


def node() -> None:
    plane = "/opt/node/node"
    name = WISHES["name"]
    start(
        "kubelet", plane, "kubelet",
        f"--config={config('kubelet.json', kubelet_configuration())}",
        f"--kubeconfig={kubeconfig('kubelet')}", f"--hostname-override={name}",
        f"--node-ip={ADDRESS}", f"--root-dir={STATE}/kubelet", f"--cert-dir={STATE}/kubelet/pki",
    )  # fmt: skip
    start(
        "kube-proxy", plane, "kube-proxy",
        f"--config={config('kube-proxy.json', proxy_configuration())}",
    )  # fmt: skip


def kubelet_configuration() -> object:
    return {
        "apiVersion": "kubelet.config.k8s.io/v1beta1",
        "kind": "KubeletConfiguration",
        "authentication": {
            "anonymous": {"enabled": False},
            "webhook": {"enabled": False},
            "x509": {"clientCAFile": f"{PKI}/ca.crt"},
        },
        "authorization": {"mode": "AlwaysAllow"},
        "containerRuntimeEndpoint": "unix:///run/containerd/containerd.sock",
        "cgroupDriver": "cgroupfs",
        "cgroupRoot": f"/{WISHES['cgroup']}",
        "failCgroupV1": False,
        "failSwapOn": False,
        "enforceNodeAllocatable": [],
        "oomScoreAdj": 0,
        "clusterDNS": [ADDRESS],
        "clusterDomain": "cluster.local",
        "resolvConf": "/etc/resolv.conf",
        "imageGCHighThresholdPercent": 100,
        "evictionHard": {
            "memory.available": "10Mi",
            "nodefs.available": "0%",
            "nodefs.inodesFree": "0%",
            "imagefs.available": "0%",
        },
    }


def proxy_configuration() -> object:
    return {
        "apiVersion": "kubeproxy.config.k8s.io/v1alpha1",
        "kind": "KubeProxyConfiguration",
        "mode": "iptables",
        "clusterCIDR": "10.88.0.0/16",
        "hostnameOverride": WISHES["name"],
        "clientConnection": {"kubeconfig": kubeconfig("kube-proxy")},
        "oomScoreAdj": 0,
        "iptables": {"minSyncPeriod": "100ms"},
        "conntrack": {
            "maxPerCore": 0,
            "min": 0,
            "tcpEstablishedTimeout": "0s",
            "tcpCloseWaitTimeout": "0s",
        },
    }


def names() -> None:
    (STATE / "Corefile").write_text(
        f"""
.:53 {{
    bind {ADDRESS}
    errors
    ready 127.0.0.1:8181
    kubernetes cluster.local in-addr.arpa {{
        kubeconfig {kubeconfig("admin")}
    }}
    cache 5
}}
"""
    )
    start("coredns", "/opt/coredns/coredns", "-conf", str(STATE / "Corefile"))
    wait("CoreDNS", lambda: http_status("127.0.0.1", 8181, "/ready") == 200)


STORAGE_CLASS = {
    "apiVersion": "storage.k8s.io/v1",
    "kind": "StorageClass",
    "metadata": {
        "name": "local",
        "annotations": {"storageclass.kubernetes.io/is-default-class": "true"},
    },
    "provisioner": "mooring.dev/folder",
    "reclaimPolicy": "Delete",
    "volumeBindingMode": "WaitForFirstConsumer",
}


def provision_for_ever() -> None:
    """Give each claim whose pod has a node a folder of it, and take away what nobody claims."""
    while True:
        try:
            provision()
        except (OSError, KeyError, ValueError) as error:
            print("provisioning:", error, flush=True)
        time.sleep(0.5)


def provision() -> None:
    claims = ask("GET", "/api/v1/persistentvolumeclaims")[1]["items"]
    for claim in claims:
        notes = claim["metadata"].get("annotations", {})
        if (
            claim["spec"].get("volumeName")
            or claim["spec"].get("storageClassName") != "local"
            or "volume.kubernetes.io/selected-node" not in notes
        ):
            continue
        uid = claim["metadata"]["uid"]
        place = STATE / "volumes" / uid
        place.mkdir(parents=True, exist_ok=True)
        place.chmod(0o777)
        ask("POST", "/api/v1/persistentvolumes", volume(claim, place))
    for each in ask("GET", "/api/v1/persistentvolumes")[1]["items"]:
        if (
            each["status"].get("phase") == "Released"
            and "deletionTimestamp" not in each["metadata"]
        ):
            ask("DELETE", f"/api/v1/persistentvolumes/{each['metadata']['name']}")
            shutil.rmtree(each["spec"]["local"]["path"], ignore_errors=True)


def volume(claim: dict, place: Path) -> dict:
    term = {"key": "kubernetes.io/hostname", "operator": "In", "values": [WISHES["name"]]}
    return {
        "apiVersion": "v1",
        "kind": "PersistentVolume",
        "metadata": {
            "name": f"pvc-{claim['metadata']['uid']}",
            "annotations": {"pv.kubernetes.io/provisioned-by": "mooring.dev/folder"},
        },
        "spec": {
            "accessModes": claim["spec"]["accessModes"],
            "capacity": claim["spec"]["resources"]["requests"],
            "storageClassName": "local",
            "persistentVolumeReclaimPolicy": "Delete",
            "local": {"path": str(place)},
            "nodeAffinity": {"required": {"nodeSelectorTerms": [{"matchExpressions": [term]}]}},
            "claimRef": {
                "apiVersion": "v1",
                "kind": "PersistentVolumeClaim",
                **{key: claim["metadata"][key] for key in ("name", "namespace", "uid")},
            },
        },
    }


def ask(method: str, path: str, body: object = None) -> tuple[int, dict]:
    """Ask the API server as its administrator; status 0 when it does not answer."""
    context = ssl.create_default_context(cafile=f"{PKI}/ca.crt")
    context.load_cert_chain(f"{PKI}/admin.crt", f"{PKI}/admin.key")
    connection = http.client.HTTPSConnection("127.0.0.1", PORT, context=context, timeout=30)
    try:
        connection.request(
            method, path, json.dumps(body) if body else None, {"Content-Type": "application/json"}
        )
        response = connection.getresponse()
        text = response.read()
        return response.status, json.loads(text) if text[:1] == b"{" else {}
    except OSError:
        return 0, {}
    finally:
        connection.close()


def http_status(host: str, port: int, path: str) -> int:
    connection = http.client.HTTPConnection(host, port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    except OSError:
        return 0
    finally:
        connection.close()


def say(text: str) -> None:
    """Note in the log what has come up, and after how many seconds."""
    print(f"{time.monotonic() - BEGAN:5.1f} s: {text}", flush=True)


def wait(what: str, is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 300
    while not is_so():
        reap()
        if time.monotonic() > deadline:
            raise RuntimeError(f"{what} did not come up")
        time.sleep(0.05)
    say(f"{what} is up")


def reap() -> None:
    """Take note of processes that have ended; raise when a part of the node is among them."""
    while True:
        try:
            ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        except ChildProcessError:
            return
        if ended is None or ended.si_pid in waited_for:
            return
        pid, status = os.waitpid(ended.si_pid, 0)
        if name := children.pop(pid, ""):
            log = (STATE / "logs" / f"{name}.log").read_text(errors="replace")[-3000:]
            raise RuntimeError(f"{name} ended with status {status}; its log ends:\n{log}")


def is_node_ready() -> bool:
    status, found = ask("GET", f"/api/v1/nodes/{WISHES['name']}")
    conditions = found["status"].get("conditions", []) if status == http.client.OK else []
    return any(each["type"] == "Ready" and each["status"] == "True" for each in conditions)


def relay(listener: socket.socket) -> None:
    """
    Hand connections of the machine on to the API server.

    The listening socket was made outside: it belongs to the machine's network, what it is handed on
    to to the node's.  So nothing of the machine's network is changed.
    """
    while True:
        outer, _ = listener.accept()
        try:
            inner = socket.create_connection(("127.0.0.1", PORT))
        except OSError:
            outer.close()
            continue
        for source, target in ((outer, inner), (inner, outer)):
            threading.Thread(target=pump, args=(source, target), daemon=True).start()


def pump(source: socket.socket, target: socket.socket) -> None:
    try:
        while data := source.recv(65536):
            target.sendall(data)
    except OSError:
        pass
    finally:
        with contextlib.suppress(OSError):
            target.shutdown(socket.SHUT_WR)


def main() -> None:
    (STATE / "logs").mkdir(exist_ok=True)
    if WISHES["only_imports"]:
        import_images()
        return
    network()
    cgroups(WISHES["cgroup"])
    runtime()
    control_plane()
    listener = socket.socket(fileno=WISHES["listener"])
    threading.Thread(target=relay, args=(listener,), daemon=True).start()
    ask("POST", "/apis/storage.k8s.io/v1/storageclasses", STORAGE_CLASS)
    node()
    names()
    wait("the node", is_node_ready)
    account = "/api/v1/namespaces/default/serviceaccounts/default"
    wait("the default ServiceAccount", lambda: ask("GET", account)[0] == http.client.OK)
    threading.Thread(target=provision_for_ever, daemon=True).start()
    (STATE / "ready").write_text("")
    while True:
        reap()
        time.sleep(0.2)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    try:
        main()
    except BaseException as error:
        (STATE / "failed").write_text(str(error) or repr(error))
        sys.exit(1)
