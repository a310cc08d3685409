"""Which services run one image, and what a pipeline has to know to build it."""

from pathlib import Path

import pytest
from tests.translate.whole import container, decided, rules, translation

from mooring.builds import Build
from mooring.settings.choices import Choices, ServiceChoices
from mooring.translate.project import Translation


def references(made: Translation) -> dict[str, str]:
    """Return the image of each service."""
    return {
        one.source_name: one.image.reference
        for part in made.application.parts
        for one in part.containers
    }


def only(made: Translation) -> Build:
    (build,) = made.application.builds
    return build


@pytest.mark.parametrize(
    ("web", "worker", "images"),
    [
        pytest.param("{build: .}", "{build: .}", ("shop-web", "shop-web"), id="the-same-folder"),
        pytest.param(
            "{build: {context: ., target: a}}",
            "{build: {context: ., target: b}}",
            ("shop-web", "shop-worker"),
            id="another-stage",
        ),
        pytest.param(
            "{build: {context: ., args: {A: 1}}}",
            "{build: {context: ., args: {A: 2}}}",
            ("shop-web", "shop-worker"),
            id="another-argument",
        ),
        pytest.param(
            "{build: .}", "{build: ., platform: linux/arm64}", ("shop-web", "shop-worker"),
            id="another-platform",
        ),
        pytest.param(
            "{build: {context: ., cache_from: [x], labels: {a: b}, x-note: 1}}",
            "{build: .}",
            ("shop-web", "shop-web"),
            id="what-makes-no-other-image",
        ),
        pytest.param(
            "{build: .}", "{build: ., image: me/app}", ("me/app", "me/app"), id="one-has-a-name"
        ),
        pytest.param(
            "{build: ., image: a}", "{build: ., image: b}", ("a", "b"), id="both-have-names"
        ),
    ],
)  # fmt: skip
def test_services_that_build_the_same_run_one_image(
    tmp_path: Path, web: str, worker: str, images: tuple[str, str]
) -> None:
    made = translation(tmp_path, f"services: {{web: {web}, worker: {worker}}}\n")
    found = references(made)
    assert (found["web"], found["worker"]) == images
    built = [set(build.services) for build in made.application.builds]
    assert built == ([{"web", "worker"}] if len(set(images)) == 1 else [{"web"}, {"worker"}])


def test_a_shared_image_is_a_decision_with_an_answer(tmp_path: Path) -> None:
    made = translation(tmp_path, "services: {web: {build: .}, worker: {build: .}}\n")
    assert decided(made, "image") == {
        "services.worker": "runs the image of web, shop-web, which is built once"
    }
    choices = Choices(services={"worker": ServiceChoices(image="example.com/worker:1")})
    again = translation(
        tmp_path, "services: {web: {build: .}, worker: {build: .}}\n", choices=choices
    )
    assert references(again)["worker"] == "example.com/worker:1"
    assert only(again).services == ("web",)


BUILD = """
services:
  web:
    platform: linux/amd64
    build:
      context: ./web
      dockerfile: docker/web.Dockerfile
      target: production
      args: {VERSION: 3, NPM_TOKEN: s3cr3t-t0k3n, NEXT_PUBLIC_API_URL: "http://localhost:8000"}
      additional_contexts: {shared: ../shared}
      secrets: [netrc, {source: token, target: npm}]
      ssh: [default, key=./id]
secrets: {netrc: {file: ./netrc}, token: {environment: TOKEN}}
"""


def test_what_a_build_needs(tmp_path: Path) -> None:
    build = only(translation(tmp_path, BUILD))
    assert build.reference == "shop-web"
    assert (build.context, build.dockerfile, build.target) == (
        "web",
        "docker/web.Dockerfile",
        "production",
    )
    assert build.platforms == ("linux/amd64",)
    assert build.contexts == {"shared": "../shared"}
    assert build.secrets == ("id=netrc,src=netrc", "id=npm,env=TOKEN")
    assert build.agents == ("default", "key=id")
    arguments = {one.name: one for one in build.arguments}
    assert arguments["VERSION"].value == "3"
    assert "s3cr3t" not in repr(arguments["NPM_TOKEN"])
    assert [one.name for one in build.arguments if one.is_baked] == ["NEXT_PUBLIC_API_URL"]


def test_an_argument_that_is_compiled_in_is_found(tmp_path: Path) -> None:
    made = translation(tmp_path, BUILD)
    (finding,) = [one for one in made.findings if one.rule == "argument-baked-in"]
    assert "NEXT_PUBLIC_API_URL" in finding.message
    assert "VERSION" not in finding.message


def test_a_secret_of_the_build_is_none_of_the_cluster(tmp_path: Path) -> None:
    made = translation(tmp_path, BUILD, {"netrc": "machine x password y"})
    assert made.application.documents == ()
    reasons = {entry.path: entry.reason for entry in made.ledger.entries}
    assert "builder" in reasons["secrets", "netrc"]


def test_what_is_not_built_is_no_matter_of_a_pipeline(tmp_path: Path) -> None:
    made = translation(tmp_path, "services: {web: {image: 'nginx:1.27'}}\n")
    assert made.application.builds == ()
    choices = Choices(services={"web": ServiceChoices(image="example.com/web:1")})
    made = translation(tmp_path, "services: {web: {build: .}}\n", choices=choices)
    assert made.application.builds == ()


def test_an_image_is_asked_about_once(tmp_path: Path) -> None:
    made = translation(tmp_path, "services: {web: {build: .}, worker: {build: .}}\n")
    assert container(made, "worker").image.built
    assert "argument-baked-in" not in rules(made)


_RAILS = """
services:
  web: {build: ., %s}
  other: {build: ., %s}
"""
_RUBY = {"Dockerfile": 'FROM ruby:3.3\nEXPOSE 3000\nCMD ["puma"]\n'}


@pytest.mark.parametrize(
    ("web", "other", "ports"),
    [
        pytest.param("ports: ['80:3000']", "command: sidekiq", [], id="a-worker-beside-it"),
        pytest.param("user: '1'", "command: sidekiq", [], id="the-image-as-it-comes-listens"),
        pytest.param(
            "ports: ['80:3000']", "entrypoint: [bin/clock]", [], id="by-another-entrypoint"
        ),
        pytest.param("ports: ['80:3000']", "command: sidekiq, expose: [4000]", [4000],
                     id="what-is-declared-counts"),
        pytest.param("command: puma", "command: puma", [3000], id="the-same-command"),
        pytest.param("command: puma", "command: bin/other", [3000], id="nobody-is-known-to-listen"),
        pytest.param("command: puma", "command: bundle exec sidekiq -q a", [],
                     id="a-worker-takes-its-work-from-a-queue"),
        pytest.param("command: puma", "command: celery -A shop worker", [], id="another-worker"),
        pytest.param("command: puma", "command: celery -A shop flower", [3000], id="its-dashboard"),
        pytest.param("command: puma", "command: serve --queue arq.toml", [3000],
                     id="a-word-that-begins-alike"),
    ],
)  # fmt: skip
def test_a_port_of_the_image_is_that_of_who_runs_it_to_listen(
    tmp_path: Path, web: str, other: str, ports: list[int]
) -> None:
    made = translation(tmp_path, _RAILS % (web, other), _RUBY)
    one = container(made, "other")
    assert [each.port for each in one.endpoints] == ports
    assert (one.health is not None) is bool(ports)


def test_a_port_is_not_of_who_builds_the_same_with_other_arguments(tmp_path: Path) -> None:
    compose = """
    services:
      web: {build: {context: ., args: {RELEASE: 1}}, ports: ["80:3000"]}
      other: {build: ., command: bin/other}
    """
    assert container(translation(tmp_path, compose, _RUBY), "other").endpoints == ()


def test_whoever_names_the_image_of_another_runs_what_that_one_builds(tmp_path: Path) -> None:
    compose = """
    services:
      app: {build: ., image: "acme/shop:latest", ports: ["80:3000"]}
      worker: {image: "acme/shop:latest", command: sidekiq}
      tool: {image: "acme/other:latest"}
    """
    made = translation(tmp_path, compose, _RUBY)
    images = {name: container(made, name).image for name in ("app", "worker", "tool")}
    assert {name: one.built for name, one in images.items()} == {
        "app": True,
        "worker": True,
        "tool": False,
    }
    assert decided(made, "image")["services.worker"] == (
        "runs the image that the stack builds for app, acme/shop:latest"
    )
    assert container(made, "worker").endpoints == ()
    asked = [one.subject for one in made.questions if "which version" in one.question]
    assert asked == ["services.tool.image"]


def test_the_sources_of_an_image_that_another_builds_are_in_it(tmp_path: Path) -> None:
    compose = """
    services:
      app: {build: ., image: "acme/shop:latest", ports: ["80:3000"], volumes: [".:/app"]}
      worker: {image: "acme/shop:latest", command: sidekiq, volumes: [".:/app"]}
    """
    made = translation(tmp_path, compose, _RUBY)
    assert container(made, "worker").storage == container(made, "worker").documents == ()
