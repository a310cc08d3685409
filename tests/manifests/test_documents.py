"""Documents of manifests: values as kubectl takes them, faults that hide nothing, places."""

import pytest

from mooring.manifests import documents, entries, places


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("yes", True, id="yes-is-a-boolean"),
        pytest.param("Off", False, id="off-is-a-boolean"),
        pytest.param('"yes"', "yes", id="in-quotes-it-is-a-text"),
        pytest.param("!!str 12", "12", id="a-tag-makes-a-text"),
        pytest.param("0755", 493, id="a-leading-zero-is-octal"),
        pytest.param("0o17", 15, id="octal-of-yaml-1.2"),
        pytest.param("0x1F", 31, id="hexadecimal"),
        pytest.param("-12", -12, id="negative"),
        pytest.param("1_000", 1000, id="underscores-are-passed-over"),
        pytest.param("1e3", 1000.0, id="an-exponent-makes-a-float"),
        pytest.param("1.5", 1.5, id="a-point-makes-a-float"),
        pytest.param("1.2.3", "1.2.3", id="a-version-is-a-text"),
        pytest.param("22:22", "22:22", id="no-base-of-sixty"),
        pytest.param("2024-01-02", "2024-01-02", id="a-date-stays-a-text"),
        pytest.param("099", 99.0, id="no-octal-is-a-float-as-in-go"),
        pytest.param("~", None, id="a-tilde-is-null"),
        pytest.param("100m", "100m", id="a-quantity-is-a-text"),
        pytest.param("+", "+", id="a-lone-sign-is-a-text"),
    ],
)
def test_scalars_are_those_of_kubectl(text: str, value: object) -> None:
    (read,) = documents.read(f"a: {text}\n".encode(), "x.yaml").documents
    assert read.value == {"a": value}
    assert type(read.value["a"]) is type(value)


@pytest.mark.parametrize(
    ("content", "values", "faults"),
    [
        pytest.param(b"a: 1\n---\nb: [\n---\nc: 2\n", [1, 5], [4], id="one-bad-document-of-three"),
        pytest.param(b"", [], [], id="an-empty-file-holds-nothing"),
        pytest.param(b"---\n# nothing\n---\n", [], [], id="empty-documents-are-left-out"),
        pytest.param(b"\xef\xbb\xbfa: 1\n", [1], [], id="a-byte-order-mark-is-passed-over"),
        pytest.param(b"\xff\xfe\x00", [], [0], id="a-binary-file-is-a-fault"),
        pytest.param(b"a: *gone\n", [], [1], id="an-alias-without-anchor"),
        pytest.param(b'{"a": 1}', [1], [], id="json"),
        pytest.param(b"a: \xff\n", [], [1], id="no-utf-8"),
        pytest.param(b"a: " + b"[" * 300 + b"]" * 300, [], [1], id="too-deep"),
        pytest.param(b"? [a]\n: 1\n", [], [1], id="a-list-as-a-key"),
    ],
)
def test_a_fault_hides_no_other_document(
    content: bytes, values: list[int], faults: list[int]
) -> None:
    read = documents.read(content, "x.yaml")
    assert [one.first for one in read.documents] == values
    assert [one.position.line for one in read.faults] == faults


def test_anchors_and_merges_are_resolved_and_the_own_key_wins() -> None:
    content = b"base: &base {a: 1, b: 2}\nuse: {<<: *base, b: 3}\nagain: *base\n"
    (read,) = documents.read(content, "x.yaml").documents
    assert read.value["use"] == {"a": 1, "b": 3}
    assert read.value["again"] == {"a": 1, "b": 2}


def test_a_quoted_merge_key_is_a_key() -> None:
    (read,) = documents.read(b'{"<<": {a: 1}, b: 2} # yaml\n', "x.yaml").documents
    assert read.value == {"<<": {"a": 1}, "b": 2}


def test_a_repeated_key_is_told_where_it_stands() -> None:
    (read,) = documents.read(b"a: 1\nb:\n  c: 1\n  c: 2\n", "x.yaml").documents
    (repeated,) = read.repeated
    assert (repeated.key, str(repeated.position)) == ("c", "x.yaml:4:3")


MANIFEST = b"""\
apiVersion: v1
kind: ConfigMap
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  annotations: {example.com/owner: team, "a.b": x}
spec:
  template:
    spec:
      containers:
      - name: a
        image: one
      - name: b
        image: two
"""


@pytest.mark.parametrize(
    ("field", "place"),
    [
        pytest.param("", "4:1", id="the-document-itself"),
        pytest.param("metadata.name", "7:3", id="a-key"),
        pytest.param("metadata.annotations.example.com/owner", "8:17", id="a-key-with-dots"),
        pytest.param('metadata.annotations["a.b"]', "8:42", id="a-key-in-brackets"),
        pytest.param("spec.template.spec.containers[1].image", "16:9", id="below-a-list"),
        pytest.param("spec.template.spec.containers[1]", "15:9", id="an-entry-of-a-list"),
        pytest.param("spec.template.spec.containers[1].env", "15:9", id="absent-in-an-entry"),
        pytest.param("spec.replicas", "9:1", id="absent-stands-at-what-should-hold-it"),
        pytest.param("status", "4:1", id="absent-at-the-top"),
    ],
)
def test_a_field_has_its_place(field: str, place: str) -> None:
    document = documents.read(MANIFEST, "x.yaml").documents[1]
    assert str(places.position(document, field)) == f"x.yaml:{place}"


def test_the_items_of_a_list_are_objects_with_places_of_their_own() -> None:
    content = (
        b"apiVersion: v1\nkind: ConfigMapList\nitems:\n- metadata: {name: a}\n"
        b"- metadata: {name: b}\n  data: {k: v}\n"
    )
    found = list(entries.entries(documents.read(content, "x.yaml").documents))
    assert [one.manifest["kind"] for one in found] == ["ConfigMap", "ConfigMap"]
    assert str(found[1].position("data.k")) == "x.yaml:6:10"
