"""Versions and variants in tags, and the ranges that hold for them."""

import pytest

from mooring.images import versions
from mooring.images.versions import Range, Version, names_a_build


@pytest.mark.parametrize(
    ("tag", "version", "words"),
    [
        pytest.param("17.4-alpine", (17, 4), ("alpine",), id="a-variant-follows-the-number"),
        pytest.param("v2.40.2", (2, 40, 2), (), id="a-v-is-no-part-of-it"),
        pytest.param("8.0.10-rc0", (8, 0, 10), ("rc0",), id="a-pre-release-counts-as-its-release"),
        pytest.param("18beta1-alpine", (18,), ("alpine",), id="a-pre-release-may-be-glued-on"),
        pytest.param("2022-latest", (2022,), ("latest",), id="a-year-is-a-number"),
        pytest.param("17-3.5-alpine", (17,), ("3.5", "alpine"), id="a-second-number-is-a-word"),
        pytest.param(
            "RELEASE.2024-12-18T13-15-44Z",
            (2024, 12, 18),
            ("T13", "15", "44Z"),
            id="a-release-may-be-a-date",
        ),
        pytest.param("version-6.4.1", (6, 4, 1), (), id="the-word-version-is-no-part-of-it"),
        pytest.param("latest", None, ("latest",), id="latest-is-no-version"),
        pytest.param(
            "management-alpine", None, ("management", "alpine"), id="variants-are-no-version"
        ),
        pytest.param("7f3e9ab", None, ("7f3e9ab",), id="a-commit-is-no-version"),
        pytest.param(None, None, (), id="no-tag-tells-nothing"),
    ],
)
def test_tags(tag: str | None, version: tuple[int, ...] | None, words: tuple[str, ...]) -> None:
    read = versions.read_tag(tag)
    assert read.version == (None if version is None else Version(version))
    assert read.words == words


@pytest.mark.parametrize(
    ("tag", "is_one"),
    [
        pytest.param("17.4", True, id="a-version"),
        pytest.param("7-alpine", True, id="a-major-version"),
        pytest.param("pg17", True, id="a-version-after-a-word"),
        pytest.param("RELEASE.2024-08-03T04-33-23Z", True, id="a-date"),
        pytest.param("7f3e9ab", True, id="a-commit"),
        pytest.param("lts-3", True, id="a-line"),
        pytest.param("alpine", False, id="what-it-is-built-on"),
        pytest.param("alpine3.20", False, id="and-which-version-of-that"),
        pytest.param("slim-debian12", False, id="in-several-words"),
        pytest.param("stable", False, id="a-channel"),
        pytest.param("latest", False, id="the-latest"),
        pytest.param("main", False, id="a-branch"),
        pytest.param(None, False, id="none"),
    ],
)
def test_which_tags_do_not_move_to_the_newest(tag: str | None, is_one: bool) -> None:
    assert names_a_build(tag) is is_one


@pytest.mark.parametrize(
    ("tag", "version", "words"),
    [
        pytest.param("pg17", (17,), (), id="after-a-prefix"),
        pytest.param("0.8.0-pg16-bookworm", (16,), ("0.8.0", "bookworm"), id="in-the-middle"),
        pytest.param("pg18beta1", (18,), (), id="of-a-pre-release"),
        pytest.param("16", None, ("16",), id="a-number-without-the-prefix-is-another"),
        pytest.param("pgvector", None, ("pgvector",), id="the-prefix-alone-is-a-word"),
        pytest.param("latest", None, ("latest",), id="absent"),
    ],
)
def test_a_family_may_say_where_the_version_is(
    tag: str, version: tuple[int, ...] | None, words: tuple[str, ...]
) -> None:
    read = versions.read_tag(tag, prefix="pg")
    assert read.version == (None if version is None else Version(version))
    assert read.words == words


@pytest.mark.parametrize(
    ("tag", "variant", "is_one"),
    [
        pytest.param("17-alpine", "alpine", True, id="a-word"),
        pytest.param("17-alpine3.20", "alpine", True, id="a-word-with-its-own-number"),
        pytest.param("alpine", "alpine", True, id="the-whole-tag"),
        pytest.param("17-alpinist", "alpine", False, id="not-a-longer-word"),
        pytest.param("17", "alpine", False, id="not-without-words"),
    ],
)
def test_variants(tag: str, variant: str, is_one: bool) -> None:
    assert versions.read_tag(tag).is_variant(variant) is is_one


@pytest.mark.parametrize(
    ("text", "holds", "does_not_hold"),
    [
        pytest.param(">=18", ["18", "18.1", "19"], ["17.9", "17"], id="from-a-major-on"),
        pytest.param("<18", ["17", "17.9", "9.6"], ["18", "18.0", "latest"], id="before-a-major"),
        pytest.param(
            ">=7.0 <7.4",
            ["7.0", "7.2.5", "7.3"],
            ["6.2", "7.4", "7.4.1", "8"],
            id="between-two-versions",
        ),
        pytest.param("<7.4", ["7.2", "6"], ["7"], id="a-moving-tag-is-the-newest-of-its-line"),
        pytest.param(">=7.4", ["7", "8", "latest"], ["7.2"], id="so-the-moving-tag-is-in-the-rest"),
        pytest.param(">=8.0.20", ["8.0", "8", "8.0.20"], ["8.0.9"], id="parts-are-numbers"),
        pytest.param(
            ">=2021.4.22",
            ["RELEASE.2024-05-10T01-41-38Z", "latest"],
            ["RELEASE.2020-01-03T19-12-21Z"],
            id="dates-have-three-parts",
        ),
    ],
)
def test_ranges(text: str, holds: list[str], does_not_hold: list[str]) -> None:
    written = versions.parse_range(text)
    assert [tag for tag in holds if not written.holds_for(versions.read_tag(tag).version)] == []
    assert [tag for tag in does_not_hold if written.holds_for(versions.read_tag(tag).version)] == []


def test_a_range_has_its_limits() -> None:
    assert versions.parse_range(">=7.0 <7.4") == Range(Version((7, 0)), Version((7, 4)))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("18", id="no-operator"),
        pytest.param("<=17", id="an-operator-that-moving-tags-make-unclear"),
        pytest.param(">=17, <18", id="a-comma"),
        pytest.param(">= 17", id="a-space-inside"),
        pytest.param(">=17 >=18", id="a-limit-twice"),
        pytest.param(">=18 <18", id="an-empty-range"),
        pytest.param(">=18.x", id="no-number"),
    ],
)
def test_what_is_no_range(text: str) -> None:
    with pytest.raises(ValueError, match=r"range|no version lies"):
        versions.parse_range(text)
