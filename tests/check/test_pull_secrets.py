"""Which images an entry of a pull secret is for."""

import pytest

from mooring.check.pull_secrets import Login
from mooring.images import references


@pytest.mark.parametrize(
    ("place", "image", "fits"),
    [
        pytest.param("registry.example.com", "registry.example.com/a:1", True, id="the-host"),
        pytest.param("index.docker.io/v1/", "acme/a:1", True, id="docker-hub-by-its-old-address"),
        pytest.param("index.docker.io/v1/", "quay.io/acme/a:1", False, id="another-host"),
        pytest.param("*.example.com", "eu.example.com/a:1", True, id="a-pattern"),
        pytest.param("*.example.com", "a.eu.example.com/a:1", False, id="a-pattern-is-one-part"),
        pytest.param("registry.example.com/shop", "registry.example.com/shop/a:1", True, id="path"),
        pytest.param(
            "registry.example.com/shop", "registry.example.com/shopping/a:1", False, id="other-path"
        ),
        pytest.param("r.example.com:5050", "r.example.com:5000/a:1", False, id="another-port"),
        pytest.param("r.example.com:443", "r.example.com/a:1", True, id="the-usual-port"),
    ],
)
def test_which_images_a_login_is_for(place: str, image: str, *, fits: bool) -> None:
    reference = references.parse(image)
    assert reference is not None
    assert Login(place, None).fits(reference) == fits
