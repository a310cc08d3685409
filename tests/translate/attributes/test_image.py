"""Which image runs, when it is pulled, and what a build leaves to ask."""

import pytest
from tests.translate.support import complaints, fates, questions, rules, service, unaccounted

from mooring.app.process import Image, Pull
from mooring.compose.nodes import Plain
from mooring.decisions import OpenQuestion
from mooring.settings.choices import Choices, ServiceChoices
from mooring.translate.attributes import image

NO_CHOICES = Choices()
REGISTRY = "environments: {production: {registry: registry.example.com/team}}"
TAG = "environments: {production: {tag: <tag>}}"
SECRET = "environments: {production: {pull_secret: <Secret>}}"
WHERE = "environments: {production: {registry: registry.example.com/team, pull_secret: <Secret>}}"
ALL = (
    "environments: {production: {registry: registry.example.com/team, pull_secret: <Secret>, "
    "tag: <tag>}}"
)
BUILD: Plain = {"context": "/app", "dockerfile": "Dockerfile"}


def translated_image(attributes: dict[str, Plain], choices: Choices = NO_CHOICES) -> Image:
    found = image.translate(service(attributes), choices).value
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("attributes", "reference", "built"),
    [
        pytest.param({"image": "redis:7"}, "redis:7", False, id="an-image-as-it-is-written"),
        pytest.param(
            {"build": BUILD}, "shop-web", True, id="a-built-image-is-named-as-compose-does"
        ),
        pytest.param({"build": BUILD, "image": "me/web:1"}, "me/web:1", True, id="built-and-named"),
    ],
)
def test_the_reference(attributes: dict[str, Plain], reference: str, built: bool) -> None:
    found = translated_image(attributes)
    assert (found.reference, found.built) == (reference, built)


def test_the_image_of_mooring_yaml_wins_and_is_asked_for_no_registry() -> None:
    choices = Choices(services={"web": ServiceChoices(image="ghcr.io/me/web:2")})
    translated = image.translate(service({"build": BUILD}), choices)
    assert translated.value is not None
    assert (translated.value.reference, translated.value.built) == ("ghcr.io/me/web:2", False)
    assert questions(translated.notes) == []


@pytest.mark.parametrize(
    ("attributes", "settled", "answer"),
    [
        pytest.param({"build": BUILD}, "", ALL, id="a-built-image-without-a-name"),
        pytest.param({"build": BUILD}, "registry pull_secret", TAG, id="the-tag-is-open"),
        pytest.param({"build": BUILD}, "registry tag", SECRET, id="the-secret-is-open"),
        pytest.param({"build": BUILD}, "pull_secret tag", REGISTRY, id="the-registry-is-open"),
        pytest.param({"build": BUILD, "image": "web"}, "", ALL, id="a-name-without-a-registry"),
        pytest.param({"build": BUILD, "image": "web:1"}, "", WHERE, id="a-name-with-a-tag"),
        pytest.param(
            {"build": BUILD, "image": "localhost:5000/web:1"},
            "",
            WHERE,
            id="the-author-s-machine-is-no-registry",
        ),
        pytest.param(
            {"build": BUILD, "image": "ghcr.io/me/web"}, "", TAG, id="a-registry-is-named"
        ),
        pytest.param({"build": BUILD, "image": "ghcr.io/me/web:1"}, "", None, id="all-is-named"),
        pytest.param(
            {"build": BUILD, "image": "registry.example.com/web:1"},
            "",
            SECRET,
            id="a-registry-of-the-team-wants-a-login",
        ),
        pytest.param(
            {"image": "registry.example.com/web:1"}, "", SECRET, id="so-it-does-for-other-images"
        ),
        pytest.param(
            {"image": "registry.example.com/web:1"}, "pull_secret", None, id="which-is-settled"
        ),
        pytest.param({"image": "web:1"}, "", None, id="an-image-that-is-not-built-here"),
        pytest.param(
            {"image": "postgres:alpine"},
            "",
            "services: {web: {image: postgres:<version>}}",
            id="a-tag-that-names-no-version",
        ),
        pytest.param({"image": "redis:7-alpine"}, "", None, id="a-major-version-is-one"),
        pytest.param({"build": BUILD}, "registry pull_secret tag", None, id="all-is-settled"),
        pytest.param(
            {"image": "ghcr.io/me/web:latest"},
            "registry tag pull_secret",
            "services: {web: {image: ghcr.io/me/web:<version>}}",
            id="the-tag-of-the-environment-is-not-for-images-of-others",
        ),
    ],
)
def test_what_is_open_about_where_it_is(
    attributes: dict[str, Plain], settled: str, answer: str | None
) -> None:
    translated = image.translate(
        service(attributes),
        NO_CHOICES,
        settled=frozenset(settled.split()),
    )
    asked = [one.answer for one in translated.notes if isinstance(one, OpenQuestion)]
    assert asked == ([] if answer is None else [answer])
    assert complaints(translated.notes) == []


@pytest.mark.parametrize(
    ("policy", "pull", "fate"),
    [
        pytest.param("always", Pull.ALWAYS, "carried", id="always"),
        pytest.param("never", Pull.NEVER, "carried", id="never"),
        pytest.param("missing", Pull.IF_ABSENT, "carried", id="missing"),
        pytest.param("if_not_present", Pull.IF_ABSENT, "carried", id="if-not-present"),
        pytest.param("build", None, "dropped", id="build-has-no-counterpart"),
        pytest.param("daily", Pull.ALWAYS, "approximated", id="daily-asks-at-each-start"),
        pytest.param(
            "every_12h", Pull.ALWAYS, "approximated", id="every-so-often-asks-at-each-start"
        ),
    ],
)
def test_when_an_image_is_pulled(policy: str, pull: Pull | None, fate: str) -> None:
    view = service({"image": "web", "pull_policy": policy})
    translated = image.translate(view, NO_CHOICES)
    assert translated.value is not None
    assert translated.value.pull is pull
    assert fates(view, translated.notes)["pull_policy"] == fate


def test_an_image_that_is_never_pulled_is_found() -> None:
    translated = image.translate(service({"image": "web:1", "pull_policy": "never"}), NO_CHOICES)
    assert rules(translated.notes) == ["image-never-pulled"]
    assert complaints(translated.notes) == []


def test_every_leaf_of_a_build_has_its_fate() -> None:
    view = service(
        {
            "build": {
                "context": "/app",
                "dockerfile": "Dockerfile",
                "target": "prod",
                "args": {"VERSION": "1", "EMPTY": None},
                "secrets": [{"source": "token"}],
                "ssh": ["default"],
                "x-bake": {"platforms": ["linux/amd64"]},
            },
            "pull_refresh_after": "24h",
        }
    )
    translated = image.translate(view, NO_CHOICES)
    assert fates(view, translated.notes) == {
        "build.context": "approximated",
        "build.dockerfile": "approximated",
        "build.target": "approximated",
        "build.args.VERSION": "dropped",
        "build.args.EMPTY": "dropped",
        "build.secrets[0].source": "dropped",
        "build.ssh[0]": "dropped",
        "build.x-bake.platforms[0]": "dropped",
        "pull_refresh_after": "dropped",
    }
    assert complaints(translated.notes) == []


def test_a_provider_s_service_has_no_image() -> None:
    view = service({"provider": {"type": "cloud"}})
    assert image.translate(view, NO_CHOICES).value is None


def test_an_image_says_all_that_it_holds() -> None:
    view = service({"image": "web:1"})
    assert unaccounted(view, image.translate(view, NO_CHOICES).notes) == []
