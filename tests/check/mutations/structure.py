"""Objects that the API server would refuse."""

from tests.check.mutations.harness import Stack, mutation


@mutation("field-unknown", "resources in the singular")
def _singular(stack: Stack) -> None:
    container = stack.container("web")
    container["resource"] = {"limits": {"memory": "64Mi"}}


@mutation("value-of-wrong-type", "a variable that is a number")
def _number(stack: Stack) -> None:
    stack.container("web").setdefault("env", []).append({"name": "WORKERS", "value": 4})


@mutation("required-field-missing", "a Deployment without a selector")
def _selector_gone(stack: Stack) -> None:
    del stack.one("Deployment", "web")["spec"]["selector"]


@mutation("word-unknown", "a policy in small letters")
def _policy(stack: Stack) -> None:
    stack.container("web")["imagePullPolicy"] = "always"


@mutation("api-version-removed", "a version that is gone since 1.25")
def _removed(stack: Stack) -> None:
    stack.one("NetworkPolicy", "default-deny")["apiVersion"] = "extensions/v1beta1"


@mutation("kind-not-served", "a kind in a group that does not have it")
def _group(stack: Stack) -> None:
    stack.of("Ingress")[0]["apiVersion"] = "apps/v1"


@mutation("image-without-version", "a tag that moves")
def _latest(stack: Stack) -> None:
    container = stack.container("web")
    container["image"] = container["image"].rpartition(":")[0] + ":latest"


@mutation("environment-variable-repeated", "a variable twice")
def _twice(stack: Stack) -> None:
    env = stack.container("web").setdefault("env", [])
    env += [{"name": "LEVEL", "value": "info"}, {"name": "LEVEL", "value": "debug"}]


@mutation("webhook-blocks-itself", "a webhook that is asked about the pods which answer it")
def _webhook(stack: Stack) -> None:
    port = stack.one("Service", "web")["spec"]["ports"][0]["port"]
    namespace = stack.of("Namespace")[0]["metadata"]["name"]
    called = {"name": "web", "namespace": namespace, "port": port}
    rule = {
        "apiGroups": [""],
        "apiVersions": ["v1"],
        "operations": ["CREATE"],
        "resources": ["pods"],
    }
    stack.add(
        {
            "apiVersion": "admissionregistration.k8s.io/v1",
            "kind": "ValidatingWebhookConfiguration",
            "metadata": {"name": "guard"},
            "webhooks": [
                {
                    "name": "guard.example.com",
                    "admissionReviewVersions": ["v1"],
                    "sideEffects": "None",
                    "failurePolicy": "Fail",
                    "clientConfig": {"service": called},
                    "rules": [rule],
                }
            ],
        }
    )
