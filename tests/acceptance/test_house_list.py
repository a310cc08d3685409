"""Our own list of what KubeLinter finds: each check finds its fault, and nothing in a good tree."""

import pytest
import yaml
from tests.acceptance import house_list

GOOD = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      serviceAccountName: web
      securityContext: {runAsNonRoot: true}
      affinity:
        podAntiAffinity:
          preferredDuringSchedulingIgnoredDuringExecution:
          - weight: 1
            podAffinityTerm:
              topologyKey: kubernetes.io/hostname
              labelSelector: {matchLabels: {app: web}}
      containers:
      - name: web
        image: registry.example.com:5000/web:1.4.2
        ports: [{name: http, containerPort: 8080}]
        env: [{name: SECRET, valueFrom: {secretKeyRef: {name: web, key: SECRET}}}]
        readinessProbe: {httpGet: {port: http}}
        resources: {requests: {cpu: 1, memory: 1Mi}, limits: {cpu: 1, memory: 1Mi}}
        securityContext:
          allowPrivilegeEscalation: false
          readOnlyRootFilesystem: true
          capabilities: {drop: [ALL]}
---
{apiVersion: v1, kind: ServiceAccount, metadata: {name: web}}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80, targetPort: http}]}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: web}
spec:
  maxUnavailable: 1
  unhealthyPodEvictionPolicy: AlwaysAllow
  selector: {matchLabels: {app: web}}
"""

BAD = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: bad}
spec:
  replicas: 2
  selector: {matchLabels: {app: other}}
  template:
    metadata: {labels: {app: bad}}
    spec:
      serviceAccount: old
      serviceAccountName: absent
      hostIPC: true
      hostPID: true
      hostNetwork: true
      securityContext: {sysctls: [{name: net.core.somaxconn, value: "1"}]}
      volumes:
      - {name: a, hostPath: {path: /var/run/docker.sock}}
      - {name: b, hostPath: {path: /etc}}
      containers:
      - name: bad
        image: bad
        ports: [{name: way-too-long-a-name, containerPort: 22}]
        env: [{name: MY_SECRET, value: x}, {name: A, value: b}, {name: A, value: c}]
        livenessProbe: {tcpSocket: {port: 1}}
        readinessProbe: {httpGet: {port: absent}}
        startupProbe: {grpc: {port: 2}}
        securityContext: {privileged: true}
---
{apiVersion: v1, kind: Service, metadata: {name: bad}, spec: {selector: {app: nobody}}}
---
{apiVersion: extensions/v1beta1, kind: Ingress, metadata: {name: bad}, spec: {}}
---
apiVersion: batch/v1
kind: Job
metadata: {name: bad}
spec: {template: {spec: {containers: []}}}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: bad-min}
spec: {minAvailable: 2, selector: {matchLabels: {app: bad}}}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: bad-max}
spec: {maxUnavailable: 0, selector: {matchLabels: {app: bad}}}
"""


@pytest.mark.parametrize("check", house_list.CHECKS)
def test_each_check_finds_its_fault(check: str) -> None:
    found = house_list.faults(list(yaml.safe_load_all(BAD)))
    assert [fault for fault in found if fault.check == check]


def test_a_good_tree_has_no_fault() -> None:
    assert house_list.faults(list(yaml.safe_load_all(GOOD))) == []
