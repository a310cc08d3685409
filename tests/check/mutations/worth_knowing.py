"""What is no fault to be woken for, and worth knowing."""

from tests.check.mutations import additions
from tests.check.mutations.harness import Manifest, Stack, mutation


def _security(stack: Stack, level: str = "baseline") -> Manifest:
    """Return the security of web's container in a namespace that does not ask for it."""
    additions.level(stack, level)
    security: Manifest = stack.container("web")["securityContext"]
    return security


@mutation("account-in-old-field", "an account under the name of old")
def _account(stack: Stack) -> None:
    pod = next(
        spec
        for one in stack.of("Deployment")
        if "serviceAccountName" in (spec := one["spec"]["template"]["spec"])
    )
    pod["serviceAccount"] = pod.pop("serviceAccountName")


@mutation("autoscaler-of-fixed-size", "an autoscaler without a choice")
def _fixed(stack: Stack) -> None:
    del stack.one("Deployment", "web")["spec"]["replicas"]
    target = {"apiVersion": "apps/v1", "kind": "Deployment", "name": stack.name("web")}
    utilization = {"type": "Utilization", "averageUtilization": 70}
    stack.add(
        {
            "apiVersion": "autoscaling/v2",
            "kind": "HorizontalPodAutoscaler",
            "metadata": {"name": "web"},
            "spec": {
                "scaleTargetRef": target,
                "minReplicas": 3,
                "maxReplicas": 3,
                "metrics": [
                    {"type": "Resource", "resource": {"name": "cpu", "target": utilization}}
                ],
            },
        }
    )


@mutation("budget-keeps-broken-pods", "a budget that waits for pods in a crash loop")
def _broken(stack: Stack) -> None:
    del stack.one("PodDisruptionBudget", "web")["spec"]["unhealthyPodEvictionPolicy"]


@mutation("budget-missing", "pods that may all be evicted at once")
def _budget(stack: Stack) -> None:
    stack.remove("PodDisruptionBudget", "web")


@mutation("capabilities-kept", "a container with the capabilities of the runtime")
def _capabilities(stack: Stack) -> None:
    del _security(stack)["capabilities"]


@mutation("escalation-allowed", "a container that may gain rights")
def _escalation(stack: Stack) -> None:
    del _security(stack)["allowPrivilegeEscalation"]


@mutation("root-not-ruled-out", "a container that may be root")
def _root(stack: Stack) -> None:
    _security(stack).pop("runAsNonRoot")


@mutation("seccomp-missing", "a container that may call all of the kernel")
def _seccomp(stack: Stack) -> None:
    del _security(stack)["seccompProfile"]


@mutation("host-port-opened", "a port of the node")
def _host_port(stack: Stack) -> None:
    _security(stack, "privileged")
    stack.container("web")["ports"][0]["hostPort"] = 18080


@mutation("low-port-as-user", "a port for root alone")
def _low_port(stack: Stack) -> None:
    stack.container("web")["ports"].append({"name": "more", "containerPort": 81})


@mutation("ssh-served", "a shell beside the program")
def _ssh(stack: Stack) -> None:
    stack.container("web")["ports"].append({"name": "shell", "containerPort": 22})


@mutation("default-account-used", "the token of an account that all share")
def _default_account(stack: Stack) -> None:
    pod = stack.pod("web")
    pod.pop("serviceAccountName", None)
    pod["automountServiceAccountToken"] = True


@mutation("token-mounted-unused", "a token without a right")
def _token(stack: Stack) -> None:
    stack.add({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "idle"}})
    stack.pod("web").update(serviceAccountName="idle", automountServiceAccountToken=True)


@mutation("claim-deleted-with-release", "a claim that goes with its chart")
def _claim(stack: Stack) -> None:
    stack.add(
        {
            "apiVersion": "v1",
            "kind": "PersistentVolumeClaim",
            "metadata": {"name": "kept", "labels": {"helm.sh/chart": "shop-1.4.0"}},
            "spec": {
                "accessModes": ["ReadWriteOnce"],
                "resources": {"requests": {"storage": "1Gi"}},
            },
        }
    )


@mutation("client-address-hidden", "a proxy behind the addresses of nodes")
def _hidden(stack: Stack) -> None:
    container = stack.container("web")
    container["image"] = "haproxy:3.0.5"
    container["securityContext"]["readOnlyRootFilesystem"] = False
    stack.one("Service", "web")["spec"]["type"] = "LoadBalancer"


@mutation("node-port-service", "a port of every node")
def _node_port(stack: Stack) -> None:
    stack.one("Service", "web")["spec"]["type"] = "NodePort"


@mutation("config-change-without-rollout", "settings that running pods never see")
def _unfollowed(stack: Stack) -> None:
    source = stack.container("web")["envFrom"][0]["configMapRef"]["name"]
    labels = stack.one("ConfigMap", source)["metadata"]["labels"]
    del labels["app.kubernetes.io/managed-by"]


@mutation("mounted-file-never-updated", "a file that stays as it was")
def _stale(stack: Stack) -> None:
    additions.config(stack, "more", {"more.yaml": "level: info\n"})
    stack.pod("web").setdefault("volumes", []).append(
        {"name": "more", "configMap": {"name": "more"}}
    )
    stack.container("web").setdefault("volumeMounts", []).append(
        {"name": "more", "mountPath": "/etc/more.yaml", "subPath": "more.yaml"}
    )


@mutation("read-only-mount-said-writable", "a ConfigMap that is said to be writable")
def _writable(stack: Stack) -> None:
    additions.config(stack, "more", {"more.yaml": "level: info\n"})
    stack.pod("web").setdefault("volumes", []).append(
        {"name": "more", "configMap": {"name": "more"}}
    )
    stack.container("web").setdefault("volumeMounts", []).append(
        {"name": "more", "mountPath": "/etc/more", "readOnly": False}
    )


@mutation("cron-jobs-overlap", "runs beside one another")
def _overlap(stack: Stack) -> None:
    additions.cron_job(stack, "nightly", "0 3 * * *")
    spec = stack.one("CronJob", "nightly")["spec"]
    del spec["concurrencyPolicy"], spec["jobTemplate"]["spec"]["activeDeadlineSeconds"]


@mutation("job-kept-for-ever", "a Job that nobody takes away")
def _kept(stack: Stack) -> None:
    job = stack.of("Job")[0]
    stack.add({**job, "metadata": {**job["metadata"], "name": "import-2f1c9d3b"}})


@mutation("job-without-deadline", "a Job that may hang")
def _endless(stack: Stack) -> None:
    del stack.of("Job")[0]["spec"]["activeDeadlineSeconds"]


@mutation("database-volume-not-kept", "a class that lets the data of a database go")
def _let_go(stack: Stack) -> None:
    stack.add(
        {
            "apiVersion": "storage.k8s.io/v1",
            "kind": "StorageClass",
            "metadata": {"name": "fast"},
            "provisioner": "ebs.csi.aws.com",
            "reclaimPolicy": "Delete",
            "volumeBindingMode": "WaitForFirstConsumer",
        }
    )
    templates = stack.one("StatefulSet", "postgres")["spec"]["volumeClaimTemplates"]
    templates[0]["spec"]["storageClassName"] = "fast"


@mutation("ingress-for-every-host", "a rule for any host")
def _any_host(stack: Stack) -> None:
    spec = stack.of("Ingress")[0]["spec"]
    backend = spec["rules"][0]["http"]["paths"][0]["backend"]
    path = {"path": "/", "pathType": "Prefix", "backend": backend}
    spec["rules"].append({"http": {"paths": [path]}})


@mutation("ingress-without-tls", "a host in clear")
def _clear(stack: Stack) -> None:
    (ingress,) = stack.of("Ingress")
    del ingress["spec"]["tls"]
    del ingress["metadata"]["annotations"]["cert-manager.io/cluster-issuer"]


@mutation("probe-port-undeclared", "a port that is asked and not declared")
def _undeclared(stack: Stack) -> None:
    container = additions.program(stack, "tool")
    container["ports"][0]["containerPort"] += 1
    container["readinessProbe"] = {"tcpSocket": {"port": 8080}}


@mutation("replicas-not-spread", "replicas that may share a node")
def _together(stack: Stack) -> None:
    pod = stack.pod("web")
    pod.pop("affinity", None)
    pod.pop("topologySpreadConstraints", None)


@mutation("exec-allowed", "a rule to run commands in pods")
def _exec(stack: Stack) -> None:
    additions.role(stack, {"apiGroups": [""], "resources": ["pods/exec"], "verbs": ["create"]})


@mutation("pods-creatable", "a rule to make pods")
def _makes(stack: Stack) -> None:
    additions.role(stack, {"apiGroups": ["batch"], "resources": ["jobs"], "verbs": ["create"]})


@mutation("rights-by-wildcard", "a rule of every verb")
def _wild(stack: Stack) -> None:
    additions.role(stack, {"apiGroups": [""], "resources": ["configmaps"], "verbs": ["*"]})


@mutation("secrets-readable", "a rule to read every secret")
def _reads(stack: Stack) -> None:
    additions.role(stack, {"apiGroups": [""], "resources": ["secrets"], "verbs": ["get"]})


@mutation("security-constraint-usable", "a rule to run as anybody")
def _constraint(stack: Stack) -> None:
    group, resource = "security.openshift.io", "securitycontextconstraints"
    additions.role(
        stack,
        {
            "apiGroups": [group],
            "resources": [resource],
            "resourceNames": ["anyuid"],
            "verbs": ["use"],
        },
    )


@mutation("wait-without-end", "a wait that nothing ends")
def _wait(stack: Stack) -> None:
    pod, container = stack.pod("web"), stack.container("web")
    host = stack.one("Service", "api")
    dialled = f"{host['metadata']['name']} {host['spec']['ports'][0]['port']}"
    pod.setdefault("initContainers", []).append(
        {
            "name": "wait",
            "image": "busybox:1.37.0",
            "command": ["sh", "-c", f"until nc -z {dialled}; do sleep 2; done"],
            "resources": container["resources"],
            "securityContext": container["securityContext"],
        }
    )
