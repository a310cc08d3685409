"""Patches on the text of manifests: what is meant changes, and nothing else of the text."""

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mooring.kube import emitter
from mooring.manifests import documents, editing

TEXT = """\
# a comment that stays
apiVersion: v1
kind: Pod   # beside
metadata:
  name: tool
  labels: {app: tool, tier: "back"}
spec:
  containers:
    - name: one
      image: busybox
      # why it is so
      args: [a, b]

    - image: other
      command:
      - sh
      - -c
      - |
        echo 1
        echo 2
  volumes: []
"""


def _edit(op: str, path: str, value: object = None) -> str:
    patch: dict[str, object] = {"op": op, "path": path}
    if op != "remove":
        patch["value"] = value
    return editing.edited(TEXT.encode(), [patch]).decode()


@pytest.mark.parametrize(
    ("op", "path", "value", "old", "new"),
    [
        pytest.param(
            "replace", "/spec/containers/0/image", "busybox:1.37.0",
            "image: busybox\n", "image: busybox:1.37.0\n", id="a-scalar-is-replaced-in-its-line",
        ),
        pytest.param(
            "replace", "/kind", "Job", "kind: Pod   #", "kind: Job   #",
            id="the-comment-beside-stays",
        ),
        pytest.param(
            "replace", "/metadata/labels/tier", "front", 'tier: "back"', "tier: front",
            id="within-braces",
        ),
        pytest.param(
            "add", "/metadata/labels/team", "a, b", 'tier: "back"}', 'tier: "back", team: "a, b"}',
            id="a-key-within-braces",
        ),
        pytest.param(
            "remove", "/metadata/labels/app", None, "{app: tool, ", "{",
            id="the-first-key-within-braces",
        ),
        pytest.param(
            "remove", "/metadata/labels/tier", None, ', tier: "back"', "",
            id="the-last-key-within-braces",
        ),
        pytest.param(
            "add", "/spec/hostNetwork", True, "  volumes: []\n",
            "  volumes: []\n  hostNetwork: true\n", id="a-key-at-the-end-of-its-mapping",
        ),
        pytest.param(
            "add", "/spec/containers/0/resources", {"limits": {"memory": "64Mi"}},
            "      args: [a, b]\n",
            "      args: [a, b]\n      resources:\n        limits:\n          memory: 64Mi\n",
            id="a-mapping-at-the-end-of-an-item",
        ),
        pytest.param(
            "remove", "/spec/containers/1/image", None, "    - image: other\n      command:\n",
            "    - command:\n", id="the-dash-goes-to-the-next-key",
        ),
        pytest.param(
            "remove", "/spec/containers/1/command/2", None,
            "      - |\n        echo 1\n        echo 2\n", "", id="a-block-of-text",
        ),
        pytest.param(
            "add", "/spec/containers/1/command/-", "x", "        echo 2\n",
            "        echo 2\n      - x\n", id="an-item-at-the-end",
        ),
        pytest.param(
            "add", "/spec/volumes/-", "v", "volumes: []", "volumes: [v]",
            id="an-item-in-empty-brackets",
        ),
    ],
)  # fmt: skip
def test_a_patch_changes_one_place(op: str, path: str, value: object, old: str, new: str) -> None:
    assert TEXT.count(old) == 1
    assert _edit(op, path, value) == TEXT.replace(old, new)


@pytest.mark.parametrize(
    ("text", "path"),
    [
        pytest.param("a: &x 1\nb: *x\n", "/b", id="an-alias"),
        pytest.param("a: &x 1\nb: *x\n", "/a", id="an-anchor"),
        pytest.param("a: 1\n", "/b", id="a-key-that-is-not-there"),
    ],
)
def test_what_cannot_be_changed_without_guessing_is_refused(text: str, path: str) -> None:
    with pytest.raises(editing.CannotEdit):
        editing.edited(text.encode(), [{"op": "replace", "path": path, "value": 2}])


VALUES = st.recursive(
    st.sampled_from(["text", "two words", "a: b", "yes", "", "line\nline\n"])
    | st.integers(-5, 5)
    | st.booleans(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["a", "b", "c", "d/e", "f.g"]), inner, max_size=3)
    ),
    max_leaves=8,
)
MAPPINGS = st.dictionaries(st.sampled_from(["a", "b", "c", "d/e"]), VALUES, min_size=1, max_size=4)


def _paths(value: Any, above: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    inner: list[tuple[str | int, Any]] = []
    if isinstance(value, dict):
        inner = list(value.items())
    elif isinstance(value, list):
        inner = list(enumerate(value))
    return [one for key, each in inner for one in ((*above, key), *_paths(each, (*above, key)))]


@given(MAPPINGS, st.data())
@settings(max_examples=300, deadline=None)
def test_a_text_holds_what_the_patch_means_or_is_left_alone(
    value: dict[str, Any], data: st.DataObject
) -> None:
    path = data.draw(st.sampled_from(_paths(value)))
    op = data.draw(st.sampled_from(["replace", "remove", "add"]))
    new = data.draw(VALUES)
    wanted = deepcopy(value)
    holder: Any = wanted
    for step in path[:-1]:
        holder = holder[step]
    if op == "remove":
        del holder[path[-1]]
    elif op == "add" and isinstance(holder, list):
        holder.insert(path[-1], new)
    else:
        holder[path[-1]] = new
    pointer = "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in path)
    patch = [{"op": op, "path": pointer, "value": new}]
    try:
        after = editing.edited(emitter.emit(value).encode(), patch)
    except editing.CannotEdit:
        return
    read = documents.read(after, "x")
    assert not read.faults
    assert [one.value for one in read.documents] == [wanted]
