"""What is written on a container, and what Kubernetes lets stand as a label."""

import pytest
from tests.translate.support import complaints, fates, rules, service, unaccounted

from mooring.compose.nodes import Plain
from mooring.translate.attributes import labels
from mooring.translate.attributes.labels import Labels


@pytest.mark.parametrize(
    ("attributes", "expected", "told"),
    [
        pytest.param({}, Labels(), {}, id="nothing-said"),
        pytest.param(
            {"labels": {"team": "payments", "com.example/tier": ""}},
            Labels(
                labels={"team": "payments", "com.example/tier": ""},
                object_labels={"team": "payments", "com.example/tier": ""},
            ),
            {"labels.team": "carried", "labels.com.example/tier": "carried"},
            id="labels-on-pods-and-workload",
        ),
        pytest.param(
            {"labels": {"about": "takes payments, pays out", "url": "Host(`x`)"}},
            Labels(annotations={"about": "takes payments, pays out", "url": "Host(`x`)"}),
            {"labels.about": "approximated", "labels.url": "approximated"},
            id="values-that-no-label-holds",
        ),
        pytest.param(
            {"labels": {"a": "x" * 64}},
            Labels(annotations={"a": "x" * 64}),
            {"labels.a": "approximated"},
            id="a-value-of-more-than-63-letters",
        ),
        pytest.param(
            {"labels": {"what is this": "x", "a" * 64: "y"}},
            Labels(),
            {"labels.what is this": "dropped", f"labels.{'a' * 64}": "dropped"},
            id="names-that-neither-can-have",
        ),
        pytest.param(
            {
                "labels": {
                    "haproxy.enable": "true",
                    "com.docker.compose.project": "x",
                    "com.centurylinklabs.watchtower.enable": "true",
                }
            },
            Labels(),
            {
                "labels.haproxy.enable": "dropped",
                "labels.com.docker.compose.project": "dropped",
                "labels.com.centurylinklabs.watchtower.enable": "dropped",
            },
            id="what-is-addressed-to-readers-of-the-socket",
        ),
        pytest.param(
            {"labels": {"traefik.enable": "true", "Traefik.Port": "80", "caddy_0.tls": "internal"}},
            Labels(),
            {
                "labels.traefik.enable": "carried",
                "labels.Traefik.Port": "carried",
                "labels.caddy_0.tls": "carried",
            },
            id="ways-from-outside-are-told-elsewhere",
        ),
        pytest.param(
            {"labels": {"traefikish": "a"}},
            Labels(labels={"traefikish": "a"}, object_labels={"traefikish": "a"}),
            {"labels.traefikish": "carried"},
            id="a-name-that-only-begins-like-it",
        ),
        pytest.param(
            {"labels": {"app.kubernetes.io/name": "shop", "pod-template-hash": "1"}},
            Labels(annotations={"app.kubernetes.io/name": "shop", "pod-template-hash": "1"}),
            {
                "labels.app.kubernetes.io/name": "approximated",
                "labels.pod-template-hash": "approximated",
            },
            id="names-by-which-kubernetes-knows-what-belongs-together",
        ),
        pytest.param(
            {"labels": {"a": "1"}, "deploy": {"labels": {"b": "2", "c": "x y"}}},
            Labels(
                labels={"a": "1"},
                object_labels={"a": "1", "b": "2"},
                object_annotations={"c": "x y"},
            ),
            {
                "labels.a": "carried",
                "deploy.labels.b": "carried",
                "deploy.labels.c": "approximated",
            },
            id="labels-of-the-workload-alone",
        ),
        pytest.param(
            {"annotations": {"com.example/a": "any text, of any length", "bad name": "x"}},
            Labels(annotations={"com.example/a": "any text, of any length"}),
            {"annotations.com.example/a": "carried", "annotations.bad name": "dropped"},
            id="annotations",
        ),
        pytest.param(
            {"label_file": ["/app/labels"]}, Labels(), {"label_file[0]": "carried"}, id="a-file"
        ),
        pytest.param({"labels": {}}, Labels(), {"labels": "carried"}, id="an-empty-mapping"),
    ],
)
def test_what_is_written_where(
    attributes: dict[str, Plain], expected: Labels, told: dict[str, str]
) -> None:
    view = service(attributes)
    translated = labels.translate(view)
    assert translated.value == expected
    assert fates(view, translated.notes) == told
    assert rules(translated.notes) == []
    assert complaints(translated.notes) == []


@pytest.mark.parametrize(
    "attributes",
    [
        pytest.param({"labels": {"db.password": "hunter2x"}}, id="a-label-by-its-name"),
        pytest.param(
            {"labels": {"url": "postgres://u:hunter2x@db/x"}}, id="a-label-by-its-content"
        ),
        pytest.param({"annotations": {"api-token": "hunter2x"}}, id="an-annotation"),
        pytest.param({"deploy": {"labels": {"secret": "hunter2x"}}}, id="a-label-of-the-workload"),
    ],
)
def test_a_secret_is_refused(attributes: dict[str, Plain]) -> None:
    view = service(attributes)
    translated = labels.translate(view)
    assert translated.value == Labels()
    assert set(fates(view, translated.notes).values()) == {"refused"}
    assert rules(translated.notes) == ["secret-in-label"]
    assert "hunter2x" not in repr(translated)
    assert complaints(translated.notes) == []


def test_deploy_without_labels_says_nothing() -> None:
    view = service({"deploy": {"replicas": 2}})
    translated = labels.translate(view)
    assert translated.notes == ()
    assert unaccounted(view, translated.notes) == ["deploy.replicas"]
