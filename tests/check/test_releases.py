"""Which namespace a release goes to, where Helm says it of some objects only."""

import pytest

from mooring.check import releases
from mooring.manifests import documents, entries

_OBJECT = "---\n{source}apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: x{namespace}{labels}}}\n"
_SOURCE = "# Source: shop/templates/config.yaml\n"


def _written(*namespaces: str, source: str = _SOURCE, labels: str = "") -> str | None:
    text = "".join(
        _OBJECT.format(source=source, namespace=f", namespace: {one}" if one else "", labels=labels)
        for one in namespaces
    )
    return releases.namespace(entries.entries(documents.read(text.encode(), "x.yaml").documents))


@pytest.mark.parametrize(
    ("namespaces", "found"),
    [
        pytest.param(("shop", ""), "shop", id="what-one-says-holds-for-the-other"),
        pytest.param(("", ""), None, id="nobody-says-it"),
        pytest.param(("shop", "tools", ""), None, id="two-are-none"),
        pytest.param(("shop", "kube-system", ""), "shop", id="the-system-has-its-own"),
    ],
)
def test_the_namespace_of_a_release(namespaces: tuple[str, ...], found: str | None) -> None:
    assert _written(*namespaces) == found


def test_labels_of_helm_tell_as_much_as_its_comments() -> None:
    labels = ", labels: {helm.sh/chart: shop-1.4.0}"
    assert _written("shop", "", source="", labels=labels) == "shop"


def test_of_manifests_that_people_wrote_nothing_is_concluded() -> None:
    assert _written("shop", "", source="") is None
