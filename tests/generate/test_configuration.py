"""Where settings and files stand, and how containers refer to them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.generate.support import application, container, plain, workload

from mooring.app.configuration import Document, Setting
from mooring.app.workloads import Container, InitialStep
from mooring.generate.configuration import Configuration, configuration
from mooring.kube.names import is_config_key, is_subdomain
from mooring.sensitive import Sensitive


def secret(name: str, value: str) -> Setting:
    return Setting(name=name, value=Sensitive(value))


def of(*containers: Container, documents: tuple[Document, ...] = ()) -> Configuration:
    parts = tuple(workload(one.name, one) for one in containers)
    return configuration(application(*parts, documents=documents))


def test_plain_settings_are_imported_as_a_whole() -> None:
    web = container(settings=(Setting(name="A", value="$(B)"), Setting(name="C", value="")))
    made = of(web)
    (config_map,) = made.config_maps
    assert (config_map.name, config_map.data) == ("web-env", {"A": "$(B)", "C": ""})
    whole, single = made.environment_of(web)
    assert [plain(one) for one in whole] == [{"configMapRef": {"name": "web-env"}}]
    assert single == ()


@pytest.mark.parametrize("name", ["1ST", "a b", "..", "x=y"])
def test_a_name_that_an_import_passes_over_stands_in_the_pod(name: str) -> None:
    web = container(settings=(Setting(name=name, value="$(A) $$"),))
    made = of(web)
    assert made.config_maps == ()
    whole, single = made.environment_of(web)
    assert whole == ()
    assert [plain(one) for one in single] == [{"name": name, "value": "$$(A) $$$"}]


def test_secret_settings_are_imported_by_name() -> None:
    web = container(settings=(secret("DB_PASSWORD", "a"), secret("odd name", "b")))
    made = of(web)
    (held,) = made.secrets
    assert held.name == "shop-secrets"
    assert {key: value.reveal() for key, value in held.values.items()} == {
        "DB_PASSWORD": "a",
        "odd-name": "b",
    }
    _, single = made.environment_of(web)
    assert [(one.name, plain(one.value_from)["secretKeyRef"]["key"]) for one in single] == [
        ("DB_PASSWORD", "DB_PASSWORD"),
        ("odd name", "odd-name"),
    ]


def test_containers_that_agree_share_a_key() -> None:
    made = of(
        container("a", settings=(secret("KEY", "one"),)),
        container("b", settings=(secret("KEY", "two"),)),
        container("c", settings=(secret("KEY", "one"),)),
        container("b-2", settings=(secret("KEY", "three"),)),
    )
    (held,) = made.secrets
    assert {key: value.reveal() for key, value in held.values.items()} == {
        "KEY": "one",
        "B_KEY": "two",
        "B_2_KEY": "three",
    }
    assert made.setting_keys == {
        ("a", "KEY"): "KEY",
        ("b", "KEY"): "B_KEY",
        ("c", "KEY"): "KEY",
        ("b-2", "KEY"): "B_2_KEY",
    }


def test_the_settings_of_a_step_are_its_own() -> None:
    step = InitialStep(container=container("web-step-1", settings=(Setting(name="A", value="1"),)))
    part = workload(
        "web", container(settings=(Setting(name="A", value="2"),)), initial_steps=(step,)
    )
    made = configuration(application(part))
    assert {one.name: one.data for one in made.config_maps} == {
        "web-step-1-env": {"A": "1"},
        "web-env": {"A": "2"},
    }


@pytest.mark.parametrize(
    ("files", "is_secret", "kinds", "keys"),
    [
        pytest.param({"a.conf": b"x"}, False, ["ConfigMap"], {"a.conf": "a.conf"}, id="a-file"),
        pytest.param(
            {"a/b.conf": b"x", "a__b.conf": b"y"},
            False,
            ["ConfigMap"],
            {"a/b.conf": "a__b.conf", "a__b.conf": "a__b.conf_"},
            id="paths-that-meet-in-one-key",
        ),
        pytest.param(
            {"token": b"abc"}, True, [], {"token": "token"}, id="one-line-is-a-key-of-the-secret"
        ),
        pytest.param(
            {"key.pem": b"a\nb\n"}, True, ["Secret"], {"key.pem": "key.pem"}, id="several-lines"
        ),
        pytest.param({"a": b"x", "b": b"y"}, True, ["Secret"], {"a": "a", "b": "b"}, id="a-folder"),
        pytest.param({"a": b"\xff"}, True, ["Secret"], {"a": "a"}, id="bytes"),
    ],
)
def test_documents(
    files: dict[str, bytes], is_secret: bool, kinds: list[str], keys: dict[str, str]
) -> None:
    held = {path: Sensitive(raw) if is_secret else raw for path, raw in files.items()}
    document = Document(name="conf", files=held, is_secret=is_secret)
    made = of(documents=(document,))
    place = made.documents["conf"]
    assert place.keys == keys
    assert place.is_secret is is_secret
    objects = [one for one in (*made.config_maps, *made.secrets) if one.name == "conf"]
    assert [one.kind for one in objects] == kinds
    assert place.object_name == ("conf" if kinds else "shop-secrets")


def test_bytes_and_texts_of_one_folder() -> None:
    (config_map,) = of(documents=(Document(name="c", files={"a": b"x", "b": b"\xff"}),)).config_maps
    assert config_map.data == {"a": "x"}
    assert config_map.binary_data == {"b": b"\xff"}


def test_what_others_made_is_referred_to() -> None:
    made = of(documents=(Document(name="c", files={}, is_secret=True, external_name="given"),))
    assert (made.config_maps, made.secrets) == ((), ())
    assert made.documents["c"].object_name == "given"


_NAMES = st.sampled_from(["web", "a", "a-env", "web-env", "shop-secrets", "web-env-files"])


@given(st.lists(_NAMES, unique=True), st.lists(_NAMES, unique=True))
def test_no_two_objects_of_one_name(containers: list[str], documents: list[str]) -> None:
    made = of(
        *(
            container(name, settings=(Setting(name="A", value="x"), secret("B", "hidden")))
            for name in containers
        ),
        documents=tuple(
            Document(name=name, files={"f": Sensitive(b"1\n2")}, is_secret=index % 2 == 0)
            if index % 2 == 0
            else Document(name=name, files={"f": b"1"})
            for index, name in enumerate(documents)
        ),
    )
    for objects in (made.config_maps, made.secrets):
        names = [one.name for one in objects]
        assert len(set(names)) == len(names)
    places = {place.object_name for place in made.documents.values()}
    assert places <= {one.name for one in (*made.config_maps, *made.secrets)}
    assert len(places) == len(documents)


@given(st.dictionaries(st.text(min_size=1, max_size=12), st.text(max_size=5), max_size=6))
def test_every_key_is_allowed_and_every_setting_found_again(values: dict[str, str]) -> None:
    settings = tuple(
        secret(name, value) if index % 2 else Setting(name=name, value=value)
        for index, (name, value) in enumerate(values.items())
    )
    web = container(settings=settings)
    made = of(web)
    assert all(is_config_key(key) for one in made.secrets for key in one.values)
    assert all(is_config_key(key) for one in made.config_maps for key in one.data)
    assert all(is_subdomain(one.name) for one in (*made.config_maps, *made.secrets))
    whole, single = made.environment_of(web)
    inline = {one.name for one in single}
    shared = set(made.config_maps[0].data) if whole else set()
    assert inline | shared == set(values)
    assert inline & shared == set()
    for setting in settings:
        if setting.is_secret:
            key = made.setting_keys["web", setting.name]
            assert made.secrets[0].values[key].reveal() == values[setting.name]
