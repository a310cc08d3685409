"""
Names under which well-known registries repeat the images of Docker Hub.

A mirror gives an image another name, not other content.  A path that ends in ``library/<name>``
is an official image wherever it lies: that is how pull-through caches (Amazon ECR, Harbor,
Artifactory) name them, and nobody else uses that word so.  A copy under a name of one's own
(``registry.example.com/shop/postgres``) may hold anything and is not taken for the original.

Sources:
- https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache.html
- https://cloud.google.com/artifact-registry/docs/pull-cached-dockerhub-images
- https://docs.gitlab.com/user/packages/dependency_proxy/
"""

from mooring.images.references import DOCKER_HUB, Reference

# What stands before the name that an image has in Docker Hub.
_PREFIXES = (
    "mirror.gcr.io/",
    "public.ecr.aws/docker/",
    "public.ecr.aws/bitnami/=bitnami/",
    "mcr.microsoft.com/mirror/docker/",
    "docker.m.daocloud.io/",
)
_WITHIN = ("/dependency_proxy/containers/", "/docker-hub/", "/dockerhub/")
_OFFICIAL = "library/"


def original_name(reference: Reference) -> str | None:
    """Return the name in Docker Hub of which ``reference`` is a mirror; None where it is none."""
    if reference.registry == DOCKER_HUB:
        return None
    name = reference.name
    for entry in _PREFIXES:
        prefix, _, instead = entry.partition("=")
        if name.startswith(prefix):
            return (instead + name.removeprefix(prefix)).removeprefix(_OFFICIAL)
    for within in _WITHIN:
        _, found, rest = name.partition(within)
        if found:
            return rest.removeprefix(_OFFICIAL)
    above, _, last = name.rpartition("/")
    return last if above.endswith("/library") else None
