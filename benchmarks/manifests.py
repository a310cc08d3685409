"""
Kubernetes manifests of any number for measurements, always the same for the same number.

Groups of ten objects as teams have them: two Deployments with Services, a StatefulSet with its
headless Service, a ConfigMap, a Secret, a NetworkPolicy, a budget.  They are healthy but for one
fault in each group, so that a checker has something to find and to place.
"""

from pathlib import Path

GROUP = 10

_TEMPLATE = """\
apiVersion: v1
kind: ConfigMap
metadata: {{name: web{n}-settings, namespace: shop{s}, labels: {{app: web{n}}}}}
data:
  LEVEL: info
  API_URL: http://api{n}:8080/v1
  FEATURES: "search,checkout,reviews"
---
apiVersion: v1
kind: Secret
metadata: {{name: api{n}-secrets, namespace: shop{s}, labels: {{app: api{n}}}}}
type: Opaque
stringData:
  db-password: vR4x9TqLw2-{n}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web{n}
  namespace: shop{s}
  labels: {{app: web{n}, tier: front}}
spec:
  replicas: 2
  selector:
    matchLabels: {{app: web{n}}}
  template:
    metadata:
      labels: {{app: web{n}, tier: front}}
    spec:
      securityContext: {{runAsNonRoot: true, runAsUser: 10001}}
      containers:
      - name: web
        image: registry.example.com/shop/web:1.4.{n}
        envFrom:
        - configMapRef: {{name: web{n}-settings}}
        ports:
        - {{name: http, containerPort: 8080}}
        readinessProbe:
          httpGet: {{path: /healthz, port: http}}
          periodSeconds: 10
        resources:
          requests: {{cpu: 100m, memory: 128Mi}}
          limits: {{memory: 256Mi}}
        volumeMounts:
        - {{name: tmp, mountPath: /tmp}}
      volumes:
      - name: tmp
        emptyDir: {{}}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: api{n}
  namespace: shop{s}
  labels: {{app: api{n}, tier: back}}
spec:
  replicas: 2
  selector:
    matchLabels: {{app: api{n}}}
  template:
    metadata:
      labels: {{app: api{n}, tier: back}}
    spec:
      initContainers:
      - name: wait
        image: registry.example.com/tools/wait:1.0.0
        args: ["db{n}:5432"]
        resources:
          requests: {{cpu: 10m, memory: 16Mi}}
          limits: {{memory: 32Mi}}
      containers:
      - name: api
        image: registry.example.com/shop/api:2.{n}.0
        env:
        - name: DB_PASSWORD
          valueFrom:
            secretKeyRef: {{name: api{n}-secrets, key: db-password}}
        - name: DATABASE_URL
          value: postgres://app:$(DB_PASSWORD)@db{n}:{fault}/app
        - {{name: LOG_LEVEL, value: info}}
        ports:
        - {{name: http, containerPort: 8080}}
        - {{name: metrics, containerPort: 9090}}
        readinessProbe:
          httpGet: {{path: /ready, port: http}}
        livenessProbe:
          httpGet: {{path: /live, port: http}}
          failureThreshold: 6
        resources:
          requests: {{cpu: 200m, memory: 256Mi}}
          limits: {{memory: 512Mi}}
---
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: db{n}
  namespace: shop{s}
  labels: {{app: db{n}}}
spec:
  serviceName: db{n}
  replicas: 1
  selector:
    matchLabels: {{app: db{n}}}
  template:
    metadata:
      labels: {{app: db{n}}}
    spec:
      terminationGracePeriodSeconds: 60
      containers:
      - name: postgres
        image: registry.example.com/base/postgres:17.4
        env:
        - name: POSTGRES_PASSWORD
          valueFrom:
            secretKeyRef: {{name: api{n}-secrets, key: db-password}}
        - {{name: PGDATA, value: /var/lib/postgresql/data/pgdata}}
        ports:
        - {{name: postgresql, containerPort: 5432}}
        readinessProbe:
          exec: {{command: [pg_isready, -U, app]}}
        resources:
          requests: {{cpu: 250m, memory: 512Mi}}
          limits: {{memory: 1Gi}}
        volumeMounts:
        - {{name: data, mountPath: /var/lib/postgresql/data}}
  volumeClaimTemplates:
  - metadata: {{name: data}}
    spec:
      accessModes: [ReadWriteOnce]
      resources: {{requests: {{storage: 10Gi}}}}
---
apiVersion: v1
kind: Service
metadata: {{name: web{n}, namespace: shop{s}, labels: {{app: web{n}}}}}
spec:
  selector: {{app: web{n}}}
  ports:
  - {{name: http, port: 80, targetPort: http}}
---
apiVersion: v1
kind: Service
metadata: {{name: api{n}, namespace: shop{s}, labels: {{app: api{n}}}}}
spec:
  selector: {{app: api{n}}}
  ports:
  - {{name: http, port: 8080, targetPort: http}}
---
apiVersion: v1
kind: Service
metadata: {{name: db{n}, namespace: shop{s}, labels: {{app: db{n}}}}}
spec:
  selector: {{app: db{n}}}
  ports:
  - {{name: postgresql, port: 5432, targetPort: postgresql}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{name: db{n}, namespace: shop{s}}}
spec:
  podSelector:
    matchLabels: {{app: db{n}}}
  policyTypes: [Ingress]
  ingress:
  - from:
    - podSelector:
        matchLabels: {{app: api{n}}}
    ports:
    - {{port: 5432}}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {{name: api{n}, namespace: shop{s}}}
spec:
  maxUnavailable: 1
  selector:
    matchLabels: {{app: api{n}}}
"""
_WRONG_PORT = 5435
_A_NAMESPACE = 20
"""Groups in one namespace."""


def write(objects: int, folder: Path) -> list[Path]:
    """Write manifests of ``objects`` objects, a file for each group, and return the files."""
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for number in range(objects // GROUP):
        text = _TEMPLATE.format(n=number, s=number // _A_NAMESPACE, fault=_WRONG_PORT)
        file = folder / f"group-{number}.yaml"
        file.write_text(text, encoding="utf-8")
        files.append(file)
    return files
