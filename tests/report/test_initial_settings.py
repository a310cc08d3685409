"""The first mooring.yaml: what was found, and every open question in the place of its answer."""

import re

import pytest

from mooring.decisions import Decision, Evidence, OpenQuestion
from mooring.report import initial_settings
from mooring.report.initial_settings import Found
from mooring.settings.environments import Environment, ProjectFiles, Tier
from mooring.settings.reader import read

WHICH = "which version of {} does it run?"


def _production(
    *questions: OpenQuestion, files: tuple[str, ...] = ("/shop/compose.yaml",)
) -> Found:
    environment = Environment(name="production", tier=Tier.PRODUCTION, files=files)
    return Found(environment=environment, questions=questions)


def _text(*found: Found, unused: tuple[str, ...] = ()) -> str:
    return initial_settings.text("shop", found, directory="/shop", unused=unused)


def _below(text: str, line: str) -> list[str]:
    return text.partition(f"{line}\n")[2].splitlines()


def test_environments_are_written_down() -> None:
    dev = Found(
        environment=Environment(
            name="dev",
            tier=Tier.DEV,
            files=("/shop/compose.yaml", "/shop/deploy/dev.yaml"),
            env_files=("/shop/.env",),
            profiles=("debug", "*"),
        ),
        decisions=(
            Decision(
                subject="environments.dev",
                topic="files",
                choice="",
                evidence=(Evidence("it is the nearest"),),
            ),
        ),
    )
    assert _below(_text(dev, _production()), "project: shop") == [
        "",
        "environments:",
        "  # A cluster is kind, k3d, k3s, minikube, eks, gke, aks or generic, or one of your own "
        "below",
        "  # clusters; with it, storage and capacity are held against what it has.",
        "  dev:",
        "    tier: dev",
        "    # It is the nearest",
        "    files: [compose.yaml, deploy/dev.yaml]",
        "    env_files: [.env]",
        '    profiles: [debug, "*"]',
        "    # cluster: kind",
        "  production:",
        "    tier: production",
        "    files: [compose.yaml]",
        "    # cluster: generic",
    ]


@pytest.mark.parametrize(
    ("question", "lines"),
    [
        pytest.param(
            OpenQuestion(
                subject="environments.production.domain",
                question="no public name is known",
                answer="environments: {production: {domain: <domain>}}, or for one service "
                "services: {<service>: {exposure: {host: <host>}}}",
            ),
            ["    # No public name is known", "    # domain: <domain>"],
            id="at-its-environment",
        ),
        pytest.param(
            OpenQuestion(
                subject="services.api.build",
                question="to which registry is its image pushed?",
                answer="environments: {production: {registry: r.example.com/team, tag: <tag>}}",
            ),
            [
                "    # api: to which registry is its image pushed?",
                "    # registry: r.example.com/team",
                "    # tag: <tag>",
            ],
            id="or-with-the-services-that-ask-it",
        ),
        pytest.param(
            OpenQuestion(
                subject="services.cache.image",
                question=WHICH.format("redis"),
                answer="services: {cache: {image: redis:<version>}}",
            ),
            [
                "",
                "services:",
                "  # Which version of redis does it run?",
                "  # cache: {image: redis:<version>}",
            ],
            id="or-at-its-service",
        ),
        pytest.param(
            OpenQuestion(
                subject="variables.TOKEN", question="it is not set", answer="TOKEN=1 in x"
            ),
            [
                "",
                "# Open, and to be answered elsewhere:",
                "# variables.TOKEN: it is not set.",
                "#   TOKEN=1 in x",
            ],
            id="or-where-no-setting-answers-it",
        ),
    ],
)
def test_a_question_is_a_comment_in_the_place_of_its_answer(
    question: OpenQuestion, lines: list[str]
) -> None:
    assert _below(_text(_production(question)), "    # cluster: generic") == lines


def _asked_of(environment: str, service: str, keys: str) -> OpenQuestion:
    return OpenQuestion(
        subject=f"services.{service}.image",
        question=f"how is {keys.partition(':')[0]} pulled?",
        answer=f"environments: {{{environment}: {{{keys}}}}}",
    )


def test_an_environment_is_asked_its_own_questions_alone() -> None:
    staging = Found(
        environment=Environment(name="staging", tier=Tier.STAGING, files=("/shop/compose.yaml",)),
        questions=(_asked_of("staging", "api", "tag: <tag>"),),
    )
    lines = _text(staging, _production(_asked_of("production", "api", "tag: <tag>"))).splitlines()
    assert lines.count("    # tag: <tag>") == 2
    assert lines.count("    # api: how is tag pulled?") == 2


def test_a_key_that_answers_two_questions_is_to_be_filled_in_once() -> None:
    built = _asked_of("production", "api", "registry: r.example.com, pull_secret: <Secret>")
    private = _asked_of("production", "web", "pull_secret: <Secret>")
    text = _text(_production(built, private))
    assert _below(text, "    # cluster: generic") == [
        "    # api: how is registry pulled?",
        "    # web: how is pull_secret pulled?",
        "    # registry: r.example.com",
        "    # pull_secret: <Secret>",
    ]


def test_the_questions_about_a_service_have_one_line() -> None:
    questions = (
        OpenQuestion(
            subject="services.api.image", question="which?", answer="services: {api: {image: a:1}}"
        ),
        OpenQuestion(
            subject="services.api.exposure",
            question="where?",
            answer="services: {api: {exposure: {host: <host>}}} opens it",
        ),
    )
    assert _below(_text(_production(*questions)), "services:") == [
        "  # Which?",
        "  # Where?",
        "  # api: {image: a:1, exposure: {host: <host>}}",
    ]


def test_many_of_a_kind_are_explained_once() -> None:
    questions = [
        OpenQuestion(
            subject=f"services.{name}.image",
            question=WHICH.format(name),
            answer=f"services: {{{name}: {{image: {name}:<version>}}}}",
            several="{count} images have no version: which ones are they?",
        )
        for name in "abc"
    ]
    assert _below(_text(_production(*questions)), "services:") == [
        "  # 3 images have no version: which ones are they?",
        "  # a: {image: a:<version>}",
        "  # b: {image: b:<version>}",
        "  # c: {image: c:<version>}",
    ]


def test_what_is_asked_is_not_answered() -> None:
    question = OpenQuestion(
        subject="environments.production.files",
        question="which files are for production?",
        answer="environments: {production: {files: [docker-compose.dev.yml]}} if that is meant",
    )
    text = _text(_production(question, files=("/shop/docker-compose.dev.yml",)))
    assert _below(text, "    # cluster: generic") == [
        "    # Which files are for production?",
        "    # files: [docker-compose.dev.yml]",
    ]


def test_questions_of_development_are_not_asked() -> None:
    dev = Found(
        environment=Environment(name="dev", tier=Tier.DEV),
        questions=(OpenQuestion(subject="variables.A", question="it is empty", answer="A=1"),),
    )
    assert "it is empty" not in _text(dev, _production())


def test_each_environment_is_asked_what_it_alone_can_answer() -> None:
    found = []
    for name, tier in (("staging", Tier.STAGING), ("production", Tier.PRODUCTION)):
        question = OpenQuestion(
            subject="services.api.runtime",
            question=f"which class of {name} is it?",
            answer=f"environments: {{{name}: {{runtimes: {{runsc: {{class: <class>}}}}}}}}",
        )
        environment = Environment(name=name, tier=tier)
        found.append(Found(environment=environment, questions=(question,)))
    of_staging, _, of_production = _text(*found).partition("  production:\n")
    for name, text in (("staging", of_staging), ("production", of_production)):
        assert text.count("    # runtimes: {runsc: {class: <class>}}\n") == 1
        assert text.count("which class of") == 1
        assert f"which class of {name} is it?" in text


def test_files_that_nobody_reads_are_named() -> None:
    assert "  # No environment reads compose.gpu.yaml." in _text(
        _production(), unused=("compose.gpu.yaml",)
    )


def test_several_projects() -> None:
    projects = (
        ProjectFiles(name="api", files=("/shop/api.yaml",)),
        ProjectFiles(name="web", directory="/shop/web", profiles=("all",)),
    )
    text = initial_settings.text("shop", [_production()], directory="/shop", projects=projects)
    assert _below(text, "projects:")[:4] == [
        "  api: {files: [api.yaml]}",
        "  web: {directory: web, profiles: [all]}",
        "",
        "environments:",
    ]
    assert "compose.yaml" not in text


@pytest.mark.parametrize(
    ("project", "shown"),
    [
        pytest.param("shop", "shop", id="a-word"),
        pytest.param("0x1", '"0x1"', id="what-another-reader-takes-for-a-number"),
        pytest.param("12", '"12"', id="a-number"),
        pytest.param("on", '"on"', id="a-truth"),
    ],
)
def test_a_name_stays_a_text(project: str, shown: str) -> None:
    text = initial_settings.text(project, [_production()], directory="/shop")
    assert f"project: {shown}\n" in text
    assert read(text.encode(), "mooring.yaml").project == project


def test_the_file_is_read_as_it_is_and_with_its_comments_filled_in() -> None:
    questions = (
        OpenQuestion(
            subject="environments.production.issuer",
            question="nobody issues a certificate",
            answer="environments: {production: {issuer: <ClusterIssuer>}}",
        ),
        OpenQuestion(
            subject="services.a.image",
            question="which?",
            answer="services: {a: {image: app:<version>}}",
        ),
    )
    text = _text(_production(*questions))
    read(text.encode(), "mooring.yaml")
    filled = re.sub(r"<\w+>", "x", re.sub(r"(?m)^( +)# (\w+: )", r"\1\2", text))
    settings = read(filled.encode(), "mooring.yaml", directory="/shop")
    assert settings.environments is not None
    assert settings.environments[0].issuer == "x"
    assert settings.choices.service("a").image == "app:x"
