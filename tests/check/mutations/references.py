"""References that are made to lead nowhere."""

from tests.check.mutations.harness import Stack, mutation


@mutation("config-map-missing", "the ConfigMap of the settings is gone")
def _settings_gone(stack: Stack) -> None:
    stack.remove("ConfigMap", "api-env")


@mutation("secret-missing", "a variable comes from a Secret of another name")
def _secret_renamed(stack: Stack) -> None:
    stack.secret_variable()["valueFrom"]["secretKeyRef"]["name"] = "coffee-secret"


@mutation("key-missing", "a variable comes from a key in other letters")
def _key_in_capitals(stack: Stack) -> None:
    reference = stack.secret_variable()["valueFrom"]["secretKeyRef"]
    reference["key"] = f"{reference['key']}-old"


@mutation("service-account-missing", "the pods run as an account that nobody makes")
def _account(stack: Stack) -> None:
    stack.pod("web")["serviceAccountName"] = "web-runner"


@mutation("backend-service-missing", "the Ingress leads to a Service that was renamed")
def _backend(stack: Stack) -> None:
    path = stack.of("Ingress")[0]["spec"]["rules"][0]["http"]["paths"][0]
    path["backend"]["service"]["name"] += "-svc"


@mutation("backend-port-missing", "the Ingress leads to the port that Compose published")
def _backend_port(stack: Stack) -> None:
    path = stack.of("Ingress")[0]["spec"]["rules"][0]["http"]["paths"][0]
    path["backend"]["service"]["port"] = {"number": 59999}


@mutation("target-port-name-missing", "the container's port has another name")
def _port_name(stack: Stack) -> None:
    stack.one("Service", "api")["spec"]["ports"][0]["targetPort"] = "http-main"


@mutation("volume-missing", "a mount of a volume that the pod does not have")
def _volume(stack: Stack) -> None:
    mounts = stack.container("api").setdefault("volumeMounts", [])
    mounts.append({"name": "cache", "mountPath": "/var/cache/api"})


@mutation("service-selects-nothing", "the labels of the pods have changed")
def _selector(stack: Stack) -> None:
    selector = stack.one("Service", "web")["spec"]["selector"]
    selector["app.kubernetes.io/name"] = "frontend"


@mutation("claim-missing", "the volume of a claim that nobody makes")
def _claim(stack: Stack) -> None:
    pod = stack.pod("api")
    pod.setdefault("volumes", []).append(
        {"name": "uploads", "persistentVolumeClaim": {"claimName": "uploads"}}
    )


@mutation("scale-target-missing", "an autoscaler of a workload that was renamed")
def _autoscaler(stack: Stack) -> None:
    stack.add(
        {
            "apiVersion": "autoscaling/v2",
            "kind": "HorizontalPodAutoscaler",
            "metadata": {"name": "api-old"},
            "spec": {
                "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "apis"},
                "minReplicas": 2,
                "maxReplicas": 4,
                "metrics": [
                    {
                        "type": "Resource",
                        "resource": {
                            "name": "cpu",
                            "target": {"type": "Utilization", "averageUtilization": 70},
                        },
                    }
                ],
            },
        }
    )
