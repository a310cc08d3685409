"""Names are valid whatever the text, stay recognisable, and never collide."""

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mooring.kube import names

LONG = "a-very-long-service-name-that-somebody-gave-to-something-that-is-small"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        pytest.param("web", "web", id="valid-stays"),
        pytest.param("hasura_plus", "hasura-plus", id="underscore-becomes-hyphen"),
        pytest.param("Web.API", "web-api", id="capitals-and-dots"),
        pytest.param("_web_", "web", id="signs-at-the-ends-go"),
        pytest.param("a--b", "a--b", id="double-hyphens-are-valid"),
        pytest.param("1password", "1password", id="a-digit-may-begin"),
        pytest.param("café", "cafe", id="accents-go"),
        pytest.param("数据库", "x-263200d7", id="nothing-left-becomes-a-hash"),
        pytest.param(LONG, f"{LONG[:54]}-{names.short_hash(LONG)}", id="too-long-is-cut"),
        pytest.param("web\n", "web", id="a-final-newline-is-not-valid"),
    ],
)
def test_label(text: str, name: str) -> None:
    assert names.label(text) == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        pytest.param("db", "db", id="valid-stays"),
        pytest.param("1password", "svc-1password", id="a-letter-must-begin"),
        pytest.param("2048", "svc-2048", id="digits-only"),
    ],
)
def test_service_name(text: str, name: str) -> None:
    assert names.service_name(text) == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        pytest.param("api.example.com", "api.example.com", id="valid-stays"),
        pytest.param("Site_A..conf", "site-a.conf", id="empty-parts-go"),
        pytest.param("a.-b-.c", "a.b.c", id="hyphens-at-the-ends-of-parts-go"),
    ],
)
def test_subdomain(text: str, name: str) -> None:
    assert names.subdomain(text) == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        pytest.param("http", "http", id="valid-stays"),
        pytest.param("8080", "port-8080", id="a-letter-is-needed"),
        pytest.param("HTTP__Alt", "http-alt", id="no-double-hyphens"),
        pytest.param("prometheus-metrics", "prometheus-865c", id="fifteen-at-most"),
    ],
)
def test_port_name(text: str, name: str) -> None:
    assert names.port_name(text) == name


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("", "", id="empty-is-valid"),
        pytest.param("v1.2_3", "v1.2_3", id="valid-stays"),
        pytest.param("Host(`a.b`)", "Host-a.b", id="a-proxy-rule"),
        pytest.param("linux/arm64", "linux-arm64", id="slash"),
    ],
)
def test_label_value(text: str, value: str) -> None:
    assert names.label_value(text) == value


@pytest.mark.parametrize(
    ("text", "key"),
    [
        pytest.param("nginx.conf", "nginx.conf", id="valid-stays"),
        pytest.param(".htaccess", ".htaccess", id="one-dot-may-begin"),
        pytest.param("conf.d/site.conf", "conf.d-site.conf", id="a-path"),
        pytest.param("..data", "x-data", id="two-dots-may-not"),
        pytest.param("../up", "x--up", id="a-path-upwards"),
        pytest.param(".", "x-cdb4ee2a", id="a-dot-alone"),
    ],
)
def test_config_key(text: str, key: str) -> None:
    assert names.config_key(text) == key


# The patterns of k8s.io/apimachinery/pkg/util/validation, as written there.
LABEL = r"[a-z0-9]([-a-z0-9]*[a-z0-9])?"
QUALIFIED = r"([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]"


@pytest.mark.parametrize(
    ("make", "pattern", "limit"),
    [
        pytest.param(names.label, LABEL, 63, id="label"),
        pytest.param(names.service_name, r"[a-z]([-a-z0-9]*[a-z0-9])?", 63, id="service"),
        pytest.param(names.subdomain, rf"{LABEL}(\.{LABEL})*", 253, id="subdomain"),
        pytest.param(
            names.port_name, r"(?=.*[a-z])(?!.*--)[a-z0-9]([-a-z0-9]*[a-z0-9])?", 15, id="port"
        ),
        pytest.param(names.label_value, rf"({QUALIFIED})?", 63, id="label-value"),
        pytest.param(names.config_key, r"(?!\.\.|\.$)[-._a-zA-Z0-9]+", 253, id="config-key"),
    ],
)
@given(text=st.text(max_size=300) | st.text(alphabet="aZ0-_./ é", max_size=300))
def test_any_text_becomes_valid(
    make: Callable[[str], str], pattern: str, limit: int, text: str
) -> None:
    name = make(text)
    assert len(name) <= limit
    assert re.fullmatch(pattern, name)
    assert make(name) == name


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        pytest.param(["web", "db"], {"web": "web", "db": "db"}, id="no-collision-no-change"),
        pytest.param(
            ["a_b", "a-b"],
            {"a_b": "a-b-" + names.short_hash("a_b"), "a-b": "a-b"},
            id="the-text-that-is-the-name-keeps-it",
        ),
        pytest.param(
            ["a_b", "a.b"],
            {"a_b": "a-b-" + names.short_hash("a_b"), "a.b": "a-b"},
            id="else-the-first-in-alphabetical-order",
        ),
        pytest.param(
            ["a-b-" + names.short_hash("a_b"), "a_b", "a-b"],
            {
                "a-b-" + names.short_hash("a_b"): "a-b-" + names.short_hash("a_b"),
                "a_b": "a-b-648fa9b31",
                "a-b": "a-b",
            },
            id="a-name-with-the-hash-is-taken-too",
        ),
    ],
)
def test_unique(texts: list[str], expected: dict[str, str]) -> None:
    assert names.unique(texts, names.label) == expected


@given(st.lists(st.text(alphabet="aA_.-", max_size=4), unique=True, max_size=12), st.randoms())
def test_unique_depends_on_the_texts_only(texts: list[str], random: object) -> None:
    made = names.unique(texts, names.label)
    shuffled = list(texts)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert len(set(made.values())) == len(texts)
    assert names.unique(shuffled, names.label) == made
    assert list(made) == texts


def test_unique_port_names_stay_short() -> None:
    texts = [f"prometheus_metrics{sign}" for sign in "_.-!"]
    made = names.unique(texts, names.port_name, limit=names.PORT_NAME_LIMIT)
    assert len(set(made.values())) == 4
    assert all(len(name) <= 15 for name in made.values())


@pytest.mark.parametrize(
    ("check", "text", "valid"),
    [
        pytest.param(names.is_label_key, "app", True, id="label-key-without-prefix"),
        pytest.param(names.is_label_key, "app.kubernetes.io/name", True, id="label-key"),
        pytest.param(names.is_label_key, "a/b/c", False, id="label-key-with-two-slashes"),
        pytest.param(names.is_label_key, "/b", False, id="label-key-with-empty-prefix"),
        pytest.param(names.is_label_key, "a/", False, id="label-key-without-name"),
        pytest.param(names.is_label_key, "Com.Example/a", False, id="label-key-prefix-lower-case"),
        pytest.param(names.is_annotation_key, "Com.Example/a", True, id="annotation-key-folds"),
        pytest.param(names.is_annotation_key, "a" * 64, False, id="annotation-key-too-long"),
        pytest.param(names.is_annotation_key, "traefik.http.x[0]", False, id="annotation-bracket"),
        pytest.param(names.is_label_value, "a b", False, id="label-value-blank"),
        pytest.param(names.is_env_name, "A_B", True, id="env-name"),
        pytest.param(names.is_env_name, "my.env-name", True, id="env-name-dots"),
        pytest.param(names.is_env_name, "1A", False, id="env-name-digit-first"),
        pytest.param(names.is_env_name, "..A", False, id="env-name-two-dots"),
        pytest.param(names.is_relaxed_env_name, "1A", True, id="relaxed-env-name-digit"),
        pytest.param(names.is_relaxed_env_name, "A=B", False, id="relaxed-env-name-equals"),
        pytest.param(names.is_relaxed_env_name, "Ä", False, id="relaxed-env-name-ascii"),
        pytest.param(names.is_identifier, "A.B", False, id="identifier-dot"),
        pytest.param(names.is_identifier, "A\n", False, id="identifier-newline"),
        pytest.param(names.is_config_key, "..x", False, id="config-key-two-dots"),
        pytest.param(names.is_service_name, "1a", False, id="service-name-digit"),
        pytest.param(names.is_label, "a" * 64, False, id="label-too-long"),
    ],
)
def test_validity(check: Callable[[str], bool], text: str, valid: bool) -> None:
    assert check(text) is valid
