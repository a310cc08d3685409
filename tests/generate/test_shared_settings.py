"""Settings that several containers have in common."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.generate.support import application, container, plain, workload

from mooring.app.configuration import Document, Setting
from mooring.generate.configuration import configuration, shared_settings
from mooring.generate.shared_settings import groups
from mooring.sensitive import Sensitive

COMMON = {"A": "1", "B": "2", "C": "3"}


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        pytest.param({"web": COMMON, "api": COMMON}, [("web-and-api-env", COMMON)], id="all-alike"),
        pytest.param(
            {"web": {**COMMON, "D": "4"}, "api": {**COMMON, "D": "5"}},
            [("web-and-api-env", COMMON)],
            id="another-value-is-no-common-one",
        ),
        pytest.param(
            dict.fromkeys(("a", "b", "c", "d"), COMMON),
            [("a-and-3-more-env", COMMON)],
            id="many",
        ),
        pytest.param(
            {"web": {"DB_HOST": "a", "DB_PORT": "b", "DB": "c"},
             "api": {"DB_HOST": "a", "DB_PORT": "b", "DB": "c"}},
            [("db-env", {"DB": "c", "DB_HOST": "a", "DB_PORT": "b"})],
            id="what-their-names-say",
        ),
        pytest.param({"web": {"A": "1", "B": "2"}, "api": {"A": "1", "B": "2"}}, [], id="too-few"),
        pytest.param({"web": COMMON, "api": {"A": "1"}}, [], id="one-of-them-is-too-few"),
        pytest.param({"web": COMMON}, [], id="one-container"),
        pytest.param(
            {"a": {**COMMON, "X": "1", "Y": "2", "Z": "3"}, "b": COMMON,
             "c": {**COMMON, "X": "1", "Y": "2", "Z": "3"}},
            [("a-and-2-more-env", COMMON), ("a-and-c-env", {"X": "1", "Y": "2", "Z": "3"})],
            id="some-share-more",
        ),
    ],
)  # fmt: skip
def test_groups(
    settings: dict[str, dict[str, str]], expected: list[tuple[str, dict[str, str]]]
) -> None:
    assert [(one.name, one.data) for one in groups(settings, ())] == expected


def test_a_name_that_is_taken_gets_a_hash() -> None:
    (found,) = groups({"web": COMMON, "api": COMMON}, ["web-and-api-env"])
    assert found.name.startswith("web-and-api-env-")


SETTINGS = st.dictionaries(st.sampled_from("ABCDEFGH"), st.sampled_from("12"), max_size=8)


@given(st.dictionaries(st.sampled_from(["a", "b", "c", "d", "e"]), SETTINGS))
def test_every_group_is_worth_it_and_none_overlap(settings: dict[str, dict[str, str]]) -> None:
    found = groups(settings, ())
    assert len({one.name for one in found}) == len(found)
    for one in found:
        assert len(one.data) >= 3
        assert len(one.containers) >= 2
        for name in one.containers:
            assert one.data.items() <= settings[name].items()
    seen = [(name, key) for one in found for name in one.containers for key in one.data]
    assert len(seen) == len(set(seen))


def test_a_container_imports_its_groups_and_then_what_is_its_own() -> None:
    common = tuple(Setting(name=name, value=value) for name, value in COMMON.items())
    web = container("web", settings=(*common, Setting(name="OWN", value="x")))
    api = container("api", settings=(*common, Setting(name="KEY", value=Sensitive("hidden"))))
    made = configuration(application(workload("web", web), workload("api", api)))
    assert [(one.name, one.data) for one in made.config_maps] == [
        ("web-and-api-env", COMMON),
        ("web-env", {"OWN": "x"}),
    ]
    whole, _ = made.environment_of(web)
    assert [plain(one)["configMapRef"]["name"] for one in whole] == ["web-and-api-env", "web-env"]
    whole, (secret,) = made.environment_of(api)
    assert [plain(one)["configMapRef"]["name"] for one in whole] == ["web-and-api-env"]
    assert secret.name == "KEY"


def test_a_file_of_the_same_name_makes_way() -> None:
    common = tuple(Setting(name=name, value=value) for name, value in COMMON.items())
    parts = [workload(name, container(name, settings=common)) for name in ("web", "api")]
    document = Document(name="web-and-api-env", files={"a": b"x"})
    made = configuration(application(*parts, documents=(document,)))
    names = [one.name for one in made.config_maps]
    assert len(set(names)) == len(names) == 2
    assert "web-and-api-env" in names


def test_environments_that_hold_a_part_keep_the_groups_of_the_whole() -> None:
    common = tuple(Setting(name=name, value=value) for name, value in COMMON.items())
    web, api, console = (container(name, settings=common) for name in ("web", "api", "console"))
    whole = application(*(workload(one.name, one) for one in (web, api, console)))
    made = configuration(application(workload("web", web)), shared_settings(whole))
    assert [one.name for one in made.config_maps] == ["web-and-2-more-env"]
    assert made.imported == {"web": ("web-and-2-more-env",)}
    bare = application(workload("a", container("a")))
    assert configuration(bare, shared_settings(whole)) == configuration(bare)
