"""What only they hear of who ask for it: many disagree that it is a fault."""

from tests.check.mutations import additions
from tests.check.mutations.harness import Stack, mutation


@mutation("config-unused", "a ConfigMap that nothing uses")
def _unused(stack: Stack) -> None:
    additions.config(stack, "left-behind", {"level": "info"})


@mutation("cpu-limit-missing", "a program that may take all of the processor")
def _cpu(stack: Stack) -> None:
    stack.container("web")["resources"]["limits"].pop("cpu", None)
    additions.program(stack, "tool")["resources"]["limits"].pop("cpu", None)


@mutation("default-namespace-used", "an object in the namespace of nobody")
def _default(stack: Stack) -> None:
    additions.config(stack, "settings", {"level": "info"})
    stack.one("ConfigMap", "settings")["metadata"]["namespace"] = "default"


@mutation("ephemeral-storage-unbounded", "a program that may fill its node's disk")
def _disk(stack: Stack) -> None:
    additions.program(stack, "tool")["resources"]["limits"].pop("ephemeral-storage", None)


@mutation("image-not-pulled-again", "a tag that moves", "image-without-version")
def _moves(stack: Stack) -> None:
    additions.program(stack, "tool", "registry.example.com/more/tool:staging")


@mutation("liveness-missing", "a program that nobody restarts")
def _restarted(stack: Stack) -> None:
    container = additions.program(stack, "tool")
    container.pop("livenessProbe", None)
    additions.service(stack, "tool", container["ports"][0]["containerPort"])


@mutation("low-user-id", "a user whom the node may know")
def _user(stack: Stack) -> None:
    stack.container("web")["securityContext"]["runAsUser"] = 101


@mutation("memory-limit-above-request", "a limit of four times the request")
def _above(stack: Stack) -> None:
    stack.container("web")["resources"] = {
        "requests": {"cpu": "50m", "memory": "96Mi"},
        "limits": {"memory": "384Mi"},
    }


@mutation("pod-without-policy", "pods that are open to everybody")
def _open(stack: Stack) -> None:
    for one in stack.of("NetworkPolicy"):
        stack.manifests.remove(one)


@mutation("recommended-label-missing", "a Service that says not what it is")
def _label(stack: Stack) -> None:
    del stack.one("Service", "web")["metadata"]["labels"]["app.kubernetes.io/name"]


@mutation("root-files-writable", "a program that may change itself")
def _root(stack: Stack) -> None:
    del stack.container("web")["securityContext"]["readOnlyRootFilesystem"]


@mutation("secret-as-variable", "a secret among the variables")
def _variable(stack: Stack) -> None:
    secret = stack.of("Secret")[0]
    secret["stringData"]["salt"] = "q7Vd0sPz4mKtXw2L"
    entry = {"secretKeyRef": {"name": secret["metadata"]["name"], "key": "salt"}}
    stack.container("web").setdefault("env", []).append({"name": "SALT", "valueFrom": entry})


@mutation("setting-in-copies", "one setting in two places")
def _copies(stack: Stack) -> None:
    for name in ("web", "api"):
        stack.container(name).setdefault("env", []).append(
            {"name": "GREETING", "value": "fair winds to all"}
        )


@mutation("single-replica", "a service of one pod")
def _single(stack: Stack) -> None:
    stack.one("Deployment", "web")["spec"]["replicas"] = 1


@mutation("stopped-before-started", "an update that stops everything first")
def _stopped(stack: Stack) -> None:
    stack.one("Deployment", "web")["spec"]["strategy"] = {"type": "Recreate"}
