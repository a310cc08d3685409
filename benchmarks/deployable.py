"""
Objects of any number to deploy for measurements, always the same for the same number and name.

Groups of ten as a team's application has them: an account with a role, settings, secrets, a
Deployment with its Service, a policy.  The Deployments have no replicas: a controller says that
they are as they should be and no pod has to start, so that what is measured is the deployer and the
API server, and each deployer may wait for all of it.  Everything lies in one namespace, which the
deployer is not asked to make.
"""

from pathlib import Path

GROUP = 10

_TEMPLATES = {
    "account": """\
apiVersion: v1
kind: ServiceAccount
metadata: {{name: shop{n}, namespace: {namespace}, labels: {{app: shop{n}}}}}
automountServiceAccountToken: false
""",
    "role": """\
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {{name: shop{n}, namespace: {namespace}, labels: {{app: shop{n}}}}}
rules:
- {{apiGroups: [""], resources: [configmaps], resourceNames: [shop{n}], verbs: [get]}}
""",
    "binding": """\
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {{name: shop{n}, namespace: {namespace}, labels: {{app: shop{n}}}}}
roleRef: {{apiGroup: rbac.authorization.k8s.io, kind: Role, name: shop{n}}}
subjects:
- {{kind: ServiceAccount, name: shop{n}, namespace: {namespace}}}
""",
    "settings": """\
apiVersion: v1
kind: ConfigMap
metadata: {{name: shop{n}, namespace: {namespace}, labels: {{app: shop{n}}}}}
data:
  LEVEL: info
  API_URL: http://shop{n}:8080/v1
  REVISION: "{revision}"
  FEATURES: "search,checkout,reviews"
""",
    "pages": """\
apiVersion: v1
kind: ConfigMap
metadata: {{name: shop{n}-pages, namespace: {namespace}, labels: {{app: shop{n}}}}}
data:
  index.html: |
{page}
""",
    "secret": """\
apiVersion: v1
kind: Secret
metadata: {{name: shop{n}, namespace: {namespace}, labels: {{app: shop{n}}}}}
type: Opaque
data:
  db-password: dlI0eDlUcUx3Mg==
  session-key: c1o4cU5kN3dLcFIyeFl2QjVtSGo=
""",
    "pull-secret": """\
apiVersion: v1
kind: Secret
metadata: {{name: shop{n}-tokens, namespace: {namespace}, labels: {{app: shop{n}}}}}
type: Opaque
data:
  token: Yk41c0t4V3E5dFRtM1J6Vg==
""",
    "service": """\
apiVersion: v1
kind: Service
metadata: {{name: shop{n}, namespace: {namespace}, labels: {{app: shop{n}}}}}
spec:
  selector: {{app: shop{n}}}
  ports:
  - {{name: http, port: 8080, targetPort: http}}
""",
    "policy": """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{name: shop{n}, namespace: {namespace}, labels: {{app: shop{n}}}}}
spec:
  podSelector:
    matchLabels: {{app: shop{n}}}
  policyTypes: [Ingress]
  ingress:
  - from:
    - podSelector:
        matchLabels: {{tier: front}}
    ports:
    - {{protocol: TCP, port: 8080}}
""",
    "deployment": """\
apiVersion: apps/v1
kind: Deployment
metadata: {{name: shop{n}, namespace: {namespace}, labels: {{app: shop{n}}}}}
spec:
  replicas: 0
  selector:
    matchLabels: {{app: shop{n}}}
  template:
    metadata:
      labels: {{app: shop{n}, tier: back}}
    spec:
      serviceAccountName: shop{n}
      securityContext: {{runAsNonRoot: true, runAsUser: 10001}}
      containers:
      - name: shop
        image: registry.example.com/shop/api:1.4.{n}
        envFrom:
        - configMapRef: {{name: shop{n}}}
        env:
        - name: DB_PASSWORD
          valueFrom:
            secretKeyRef: {{name: shop{n}, key: db-password}}
        ports:
        - {{name: http, containerPort: 8080}}
        readinessProbe:
          httpGet: {{path: /healthz, port: http}}
          periodSeconds: 10
        resources:
          requests: {{cpu: 100m, memory: 128Mi}}
          limits: {{memory: 256Mi}}
        volumeMounts:
        - {{name: pages, mountPath: /srv/pages, readOnly: true}}
      volumes:
      - name: pages
        configMap: {{name: shop{n}-pages}}
""",
}
_PAGE = "\n".join(
    f"    <p>line {line} of a page that is mounted as a file</p>" for line in range(40)
)


def write(objects: int, folder: Path, namespace: str, *, revision: int = 1) -> list[Path]:
    """
    Write ``objects`` objects for ``namespace`` below ``folder``, one file for each group of ten.

    Of two revisions one object differs: the settings of the first group.  Returns the files.
    """
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for n in range(objects // GROUP):
        documents = [
            template.format(
                n=n, namespace=namespace, revision=revision if n == 0 else 1, page=_PAGE
            )
            for template in _TEMPLATES.values()
        ]
        file = folder / f"shop{n}.yaml"
        file.write_text("---\n".join(documents), encoding="utf-8")
        files.append(file)
    return files


def write_chart(objects: int, folder: Path, namespace: str, *, revision: int = 1) -> None:
    """Write the same objects as a Helm chart without values."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "Chart.yaml").write_text(
        "apiVersion: v2\nname: shops\nversion: 0.1.0\n", encoding="utf-8"
    )
    write(objects, folder / "templates", namespace, revision=revision)
