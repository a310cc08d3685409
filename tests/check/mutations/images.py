"""Images that nodes cannot pull, or cannot run."""

import json

from tests.check.mutations.harness import Stack, mutation


def _secret(stack: Stack, name: str, registry: str, user: str = "deploy") -> None:
    login = {"username": user, "password": "x8Kq2mVw7Lp4Tz"}
    stack.add(
        {
            "apiVersion": "v1",
            "kind": "Secret",
            "metadata": {"name": name},
            "type": "kubernetes.io/dockerconfigjson",
            "stringData": {".dockerconfigjson": json.dumps({"auths": {registry: login}})},
        }
    )


@mutation("image-in-no-registry", "an image that was built on a laptop")
def _local(stack: Stack) -> None:
    stack.container("web").update(image="coffee-web:1.4.0", imagePullPolicy="Always")


@mutation("private-registry-without-secret", "a workload that forgot the pull secret")
def _forgotten(stack: Stack) -> None:
    _secret(stack, "harbor", "harbor.shop.example")
    for holder in (stack.pod("web"), *stack.of("ServiceAccount")):
        holder.pop("imagePullSecrets", None)
    stack.container("web")["image"] = "harbor.shop.example/web:1.4.0"


@mutation("pull-secret-of-other-registry", "a pull secret for the old registry")
def _other(stack: Stack) -> None:
    _secret(stack, "old", "https://old.shop.example")
    stack.container("web")["image"] = "harbor.shop.example/web:1.4.0"
    stack.pod("web")["imagePullSecrets"] = [{"name": "old"}]


@mutation("registry-token-expires", "a token of ECR that ends tonight")
def _token(stack: Stack) -> None:
    registry = "111122223333.dkr.ecr.eu-west-1.amazonaws.com"
    _secret(stack, "ecr", registry, user="AWS")
    stack.container("web")["image"] = f"{registry}/web:1.4.0"
    stack.pod("web")["imagePullSecrets"] = [{"name": "ecr"}]


@mutation("image-of-other-architecture", "an image for other nodes than the pod asks for")
def _architecture(stack: Stack) -> None:
    stack.container("web")["image"] = "arm64v8/nginx:1.29.3"
    stack.pod("web")["nodeSelector"] = {"kubernetes.io/arch": "amd64"}
