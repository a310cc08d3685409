"""What may be right for a stack that is new, and is wrong for the one that is there."""

from tests.check.mutations.harness import Manifest, Stack, mutation

_POD = "statefulset.kubernetes.io/pod-name"


def _claim(size: str) -> Manifest:
    return {
        "apiVersion": "v1",
        "kind": "PersistentVolumeClaim",
        "metadata": {"name": "exports"},
        "spec": {
            "accessModes": ["ReadWriteOnce"],
            "resources": {"requests": {"storage": size}},
        },
    }


def _secret(stack: Stack, key: str, value: str) -> Manifest:
    """Put a key into the Secret of ``stack``, and return what refers to it."""
    secret = stack.of("Secret")[0]
    secret["stringData"][key] = value
    return {"secretKeyRef": {"name": secret["metadata"]["name"], "key": key}}


@mutation("immutable-field-changed", "the selector of a workload that exists")
def _selector(stack: Stack) -> None:
    stack.as_it_was()
    for one in (stack.one("Deployment", "web")["spec"], stack.one("Service", "web")["spec"]):
        selector = one["selector"]
        selector.get("matchLabels", selector)["tier"] = "front"
    stack.template("web")["metadata"]["labels"]["tier"] = "front"


@mutation("claim-shrinks", "half of the room that a claim has")
def _half(stack: Stack) -> None:
    stack.as_it_was().add(_claim("10Gi"))
    stack.add(_claim("5Gi"))


@mutation("claim-left-behind", "a database under another name")
def _renamed(stack: Stack) -> None:
    stack.as_it_was()
    found = stack.one("StatefulSet", "postgres")
    before = found["metadata"]["name"]
    found["metadata"]["name"] = "records"
    for one in stack.of("Service"):
        selector = one["spec"]["selector"]
        if _POD in selector:
            selector[_POD] = selector[_POD].replace(f"{before}-", "records-")


@mutation("first-password-changed", "a password that the database does not know")
def _password(stack: Stack) -> None:
    stack.as_it_was()
    held = stack.of("Secret")[0]["stringData"]
    key = next(one for one in ("postgres_password", "MYSQL_ROOT_PASSWORD") if one in held)
    held[key] = "Zr8bN1uHc5yEj3Qa"


@mutation("encryption-key-changed", "a key with which nothing can be read any more")
def _key(stack: Stack) -> None:
    for one, value in ((stack.as_it_was(), "q7Vd0sPz4mKtXw2L"), (stack, "Zr8bN1uHc5yEj3Qa")):
        entry = {"name": "APP_ENCRYPTION_KEY", "valueFrom": _secret(one, "encryption", value)}
        one.container("api").setdefault("env", []).append(entry)


@mutation("database-version-jumps", "a version that its files are not of")
def _jump(stack: Stack) -> None:
    stack.as_it_was()
    container = stack.container("postgres")
    name = container["image"].partition(":")[0]
    other = {"postgres": "17.4-alpine", "mongo": "6.0.20", "mysql": "5.7.44"}
    container["image"] = f"{name}:{other[name]}"
