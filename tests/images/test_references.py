"""Image references are read as the distribution library reads them."""

import pytest

from mooring.images import mirrors, references
from mooring.images.references import Reference

DIGEST = "sha256:" + "0123456789abcdef" * 4


@pytest.mark.parametrize(
    ("text", "registry", "repository", "tag", "digest"),
    [
        pytest.param(
            "redis", "docker.io", "library/redis", None, None, id="a-bare-name-is-official"
        ),
        pytest.param(
            "redis:7", "docker.io", "library/redis", "7", None, id="the-tag-is-after-the-colon"
        ),
        pytest.param(
            "bitnami/redis", "docker.io", "bitnami/redis", None, None, id="an-owner-is-no-registry"
        ),
        pytest.param(
            "index.docker.io/redis",
            "docker.io",
            "library/redis",
            None,
            None,
            id="the-old-name-of-docker-hub-is-docker-hub",
        ),
        pytest.param(
            "docker.io/library/redis:7.2",
            "docker.io",
            "library/redis",
            "7.2",
            None,
            id="the-long-form-is-the-same",
        ),
        pytest.param(
            "quay.io/keycloak/keycloak:26",
            "quay.io",
            "keycloak/keycloak",
            "26",
            None,
            id="a-dot-makes-a-registry",
        ),
        pytest.param(
            "registry:5000/app",
            "registry:5000",
            "app",
            None,
            None,
            id="a-port-makes-a-registry-and-is-no-tag",
        ),
        pytest.param("localhost/app", "localhost", "app", None, None, id="localhost-is-a-registry"),
        pytest.param("Host/app", "Host", "app", None, None, id="capitals-make-a-registry"),
        pytest.param(
            "[::1]:5000/app:1", "[::1]:5000", "app", "1", None, id="a-registry-may-be-an-ipv6"
        ),
        pytest.param(
            f"redis:7@{DIGEST}",
            "docker.io",
            "library/redis",
            "7",
            DIGEST,
            id="a-digest-may-follow-the-tag",
        ),
        pytest.param(
            f"ghcr.io/a/b/c@{DIGEST}",
            "ghcr.io",
            "a/b/c",
            None,
            DIGEST,
            id="a-digest-may-stand-alone",
        ),
    ],
)
def test_parts(
    text: str, registry: str, repository: str, tag: str | None, digest: str | None
) -> None:
    assert references.parse(text) == Reference(
        registry=registry, repository=repository, tag=tag, digest=digest
    )


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("Redis", id="capitals-in-a-name"),
        pytest.param("app:", id="an-empty-tag"),
        pytest.param("app:${TAG}", id="a-variable"),
        pytest.param(":7", id="an-empty-name"),
        pytest.param("a//b", id="an-empty-part"),
        pytest.param("app:-1", id="a-tag-that-starts-with-a-hyphen"),
        pytest.param("app:" + "1" * 129, id="a-tag-of-129-characters"),
        pytest.param("app@sha256:12", id="a-digest-that-is-too-short"),
        pytest.param("a.-:x/app", id="a-registry-that-is-no-host"),
        pytest.param("0123456789abcdef" * 4, id="an-identifier"),
        pytest.param("a/" * 128, id="a-slash-at-the-end"),
        pytest.param("a/" * 128 + "a", id="a-name-of-more-than-255-characters"),
        pytest.param("app:1\n", id="a-line-break"),
    ],
)
def test_what_is_no_reference(text: str) -> None:
    assert references.parse(text) is None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        pytest.param("docker.io/library/redis", "redis", id="official-images-are-short"),
        pytest.param("docker.io/bitnami/redis", "bitnami/redis", id="docker-hub-is-not-named"),
        pytest.param("quay.io/minio/minio", "quay.io/minio/minio", id="other-registries-are-named"),
    ],
)
def test_name(text: str, name: str) -> None:
    reference = references.parse(text)
    assert reference is not None
    assert reference.name == name


@pytest.mark.parametrize(
    ("text", "original"),
    [
        pytest.param("public.ecr.aws/docker/library/redis:7", "redis", id="amazon-official"),
        pytest.param("public.ecr.aws/bitnami/redis", "bitnami/redis", id="amazon-bitnami"),
        pytest.param("mirror.gcr.io/library/redis", "redis", id="google-official"),
        pytest.param("mirror.gcr.io/grafana/grafana", "grafana/grafana", id="google-others"),
        pytest.param(
            "1234.dkr.ecr.eu-west-1.amazonaws.com/docker-hub/library/redis",
            "redis",
            id="amazon-pull-through",
        ),
        pytest.param(
            "1234.dkr.ecr.eu-west-1.amazonaws.com/docker-hub/grafana/grafana",
            "grafana/grafana",
            id="amazon-pull-through-others",
        ),
        pytest.param(
            "gitlab.example.com/group/dependency_proxy/containers/redis:7",
            "redis",
            id="gitlab-dependency-proxy",
        ),
        pytest.param(
            "harbor.example.com/cache/library/redis", "redis", id="library-anywhere-is-official"
        ),
        pytest.param("registry.example.com/shop/redis", None, id="a-copy-is-not-the-original"),
        pytest.param("registry.example.com/redis", None, id="a-bare-copy-is-not-the-original"),
        pytest.param("bitnami/redis", None, id="docker-hub-is-no-mirror-of-itself"),
    ],
)
def test_mirrors(text: str, original: str | None) -> None:
    reference = references.parse(text)
    assert reference is not None
    assert mirrors.original_name(reference) == original
