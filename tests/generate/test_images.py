"""Where nodes find an image, and with which Secret they pull it."""

import pytest

from mooring.app.process import Image
from mooring.generate.images import image_reference, pull_secrets
from mooring.settings.environments import ImageSource

REGISTRY = ImageSource(registry="registry.example.com/team/")
TAG = ImageSource(tag="1.4.2")
LOGIN = ImageSource(pull_secret="team")


@pytest.mark.parametrize(
    ("image", "source", "reference"),
    [
        pytest.param(Image(reference="nginx:1"), REGISTRY, "nginx:1", id="not-built-here"),
        pytest.param(
            Image(reference="web", built=True), ImageSource(), "web", id="no-registry-is-known"
        ),
        pytest.param(
            Image(reference="web", built=True),
            REGISTRY,
            "registry.example.com/team/web",
            id="built-here",
        ),
        pytest.param(
            Image(reference="ghcr.io/me/web", built=True, names_registry=True),
            REGISTRY,
            "ghcr.io/me/web",
            id="it-names-its-own",
        ),
        pytest.param(
            Image(reference="web:latest", built=True), TAG, "web:1.4.2", id="it-gets-a-tag"
        ),
        pytest.param(
            Image(reference="web:2", built=True, is_pinned=True), TAG, "web:2", id="it-has-a-tag"
        ),
        pytest.param(Image(reference="redis"), TAG, "redis", id="the-tag-is-not-for-others"),
    ],
)
def test_image_reference(image: Image, source: ImageSource, reference: str) -> None:
    assert image_reference(image, source) == reference


@pytest.mark.parametrize(
    ("images", "source", "names"),
    [
        pytest.param([Image(reference="redis:7")], LOGIN, [], id="everybody-is-served"),
        pytest.param([Image(reference="web", built=True)], LOGIN, ["team"], id="built-here"),
        pytest.param(
            [Image(reference="redis:7"), Image(reference="r.example.com/a:1", is_private=True)],
            LOGIN,
            ["team"],
            id="one-of-several-is-private",
        ),
        pytest.param(
            [Image(reference="ghcr.io/me/web:1", built=True, names_registry=True)],
            LOGIN,
            [],
            id="built-here-and-pushed-to-where-everybody-is-served",
        ),
        pytest.param([Image(reference="web", built=True)], ImageSource(), [], id="none-is-settled"),
        pytest.param(
            [Image(reference="web", built=True)],
            ImageSource(pull_secret="none"),
            [],
            id="none-is-needed",
        ),
    ],
)
def test_who_pulls_with_a_secret(
    images: list[Image], source: ImageSource, names: list[str]
) -> None:
    assert [one.name for one in pull_secrets(images, source)] == names
