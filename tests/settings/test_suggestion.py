"""Which environments the files of a project suggest, file by file."""

from collections.abc import Mapping

import pytest

from mooring.settings.environments import Tier
from mooring.settings.suggestion import suggested, suggested_for

WEB_AND_DB = "services: {web: {build: .}, db: {image: 'postgres:17'}}"
CHANGES_WEB = "services: {web: {command: serve}}"
ONE_MORE = "services: {mail: {image: mailpit}}"


class Names:
    """A folder that holds what a test says."""

    def __init__(self, contents: Mapping[str, str]) -> None:
        self._contents = contents

    def names(self) -> list[str]:
        """Return the names, sorted."""
        return sorted(self._contents)

    def read(self, path: str) -> bytes | None:
        """Return what stands there."""
        content = self._contents.get(path)
        return None if content is None else content.encode()


def _files(contents: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    found = suggested(Names(contents)).environments
    return {one.environment.name: one.environment.files for one in found}


BOTH = ("compose.yaml",)


@pytest.mark.parametrize(
    ("contents", "files"),
    [
        pytest.param(
            {"compose.yaml": WEB_AND_DB},
            {"dev": BOTH, "staging": BOTH, "production": BOTH},
            id="the-main-file-serves-all",
        ),
        pytest.param(
            {"compose.yaml": WEB_AND_DB, "compose.dev.yaml": CHANGES_WEB},
            {"dev": (*BOTH, "compose.dev.yaml"), "staging": BOTH, "production": BOTH},
            id="a-file-for-development-stays-there",
        ),
        pytest.param(
            {"docker-compose.yml": WEB_AND_DB, "docker-compose-prod.yml": CHANGES_WEB},
            {
                "dev": ("docker-compose.yml",),
                "staging": ("docker-compose.yml", "docker-compose-prod.yml"),
                "production": ("docker-compose.yml", "docker-compose-prod.yml"),
            },
            id="staging-is-like-production-where-it-has-no-file",
        ),
        pytest.param(
            {
                "docker-compose.yml": WEB_AND_DB,
                "dev.docker-compose.yml": ONE_MORE,
                "docker-compose.stage.yml": CHANGES_WEB,
            },
            {
                "dev": ("docker-compose.yml", "dev.docker-compose.yml"),
                "staging": ("docker-compose.yml", "docker-compose.stage.yml"),
                "production": ("docker-compose.yml",),
            },
            id="a-word-before-the-name-counts-too",
        ),
        pytest.param(
            {"compose.yaml": WEB_AND_DB, "compose.override.yaml": CHANGES_WEB},
            dict.fromkeys(
                ("dev", "staging", "production"), ("compose.yaml", "compose.override.yaml")
            ),
            id="what-compose-lays-over-by-itself-goes-everywhere-alone",
        ),
        pytest.param(
            {
                "compose.yaml": WEB_AND_DB,
                "compose.override.yaml": CHANGES_WEB,
                "compose.production.yaml": CHANGES_WEB,
            },
            {
                "dev": ("compose.yaml", "compose.override.yaml"),
                "staging": ("compose.yaml", "compose.production.yaml"),
                "production": ("compose.yaml", "compose.production.yaml"),
            },
            id="and-only-to-development-where-production-has-a-file",
        ),
        pytest.param(
            {"compose.yaml": WEB_AND_DB, "compose.test.yaml": ONE_MORE, "compose.qa.yml": ONE_MORE},
            {
                "dev": BOTH,
                "test": (*BOTH, "compose.test.yaml"),
                "qa": (*BOTH, "compose.qa.yml"),
                "staging": BOTH,
                "production": BOTH,
            },
            id="further-environments-have-their-place-in-the-order",
        ),
        pytest.param(
            {
                "docker-compose.yml": WEB_AND_DB,
                "docker-compose.prod.yml": "services: {web: {image: w}, db: {image: d}}",
            },
            {
                "dev": ("docker-compose.yml",),
                "staging": ("docker-compose.prod.yml",),
                "production": ("docker-compose.prod.yml",),
            },
            id="a-file-that-says-all-again-is-laid-over-nothing",
        ),
        pytest.param(
            {
                "compose.yaml": WEB_AND_DB,
                "compose.prod.yaml": "services: {x: {extends: {file: compose.yaml, service: web}}}",
            },
            {"dev": BOTH, "staging": ("compose.prod.yaml",), "production": ("compose.prod.yaml",)},
            id="nor-is-one-that-extends-the-main-file",
        ),
        pytest.param(
            {"compose.yaml": WEB_AND_DB, "deploy/compose.prod.yml": CHANGES_WEB},
            {
                "dev": BOTH,
                "staging": (*BOTH, "deploy/compose.prod.yml"),
                "production": (*BOTH, "deploy/compose.prod.yml"),
            },
            id="a-folder-may-hold-the-file-of-an-environment",
        ),
        pytest.param(
            {"compose.yaml": WEB_AND_DB, "environments/prod/compose.yaml": CHANGES_WEB},
            {
                "dev": BOTH,
                "staging": (*BOTH, "environments/prod/compose.yaml"),
                "production": (*BOTH, "environments/prod/compose.yaml"),
            },
            id="or-be-called-after-it",
        ),
        pytest.param(
            {"compose.yaml": WEB_AND_DB, "dev/compose.yaml": ONE_MORE},
            {"dev": BOTH, "staging": BOTH, "production": BOTH},
            id="another-project-in-such-a-folder-is-left-alone",
        ),
        pytest.param(
            {"docker-compose.base.yml": WEB_AND_DB, "docker-compose.dev.yml": CHANGES_WEB},
            {
                "dev": ("docker-compose.base.yml", "docker-compose.dev.yml"),
                "staging": ("docker-compose.base.yml",),
                "production": ("docker-compose.base.yml",),
            },
            id="the-common-part-may-have-another-name",
        ),
        pytest.param(
            {
                "docker/docker-compose.yml": WEB_AND_DB,
                "docker/docker-compose.prod.yml": CHANGES_WEB,
            },
            {
                "dev": ("docker/docker-compose.yml",),
                "staging": ("docker/docker-compose.yml", "docker/docker-compose.prod.yml"),
                "production": ("docker/docker-compose.yml", "docker/docker-compose.prod.yml"),
            },
            id="and-all-may-stand-in-one-folder",
        ),
        pytest.param(
            {
                "docker-compose.dev.yml": WEB_AND_DB,
                "docker-compose.stage.yml": WEB_AND_DB,
                "docker-compose.test.yml": WEB_AND_DB,
                "docker-compose.stack.yml": WEB_AND_DB,
            },
            {
                "dev": ("docker-compose.dev.yml",),
                "test": ("docker-compose.test.yml",),
                "staging": ("docker-compose.stage.yml",),
                "production": ("docker-compose.stage.yml",),
            },
            id="whole-files-beside-one-another-are-the-environments",
        ),
        pytest.param(
            {"docker-compose.prod.yml": WEB_AND_DB},
            dict.fromkeys(("dev", "staging", "production"), ("docker-compose.prod.yml",)),
            id="a-file-for-production-serves-all-where-it-is-the-only-one",
        ),
        pytest.param(
            {"docker-compose-backend.yml": WEB_AND_DB, "docker-compose-frontend.yml": ONE_MORE},
            {},
            id="files-that-no-name-tells-apart-suggest-nothing",
        ),
        pytest.param({"main.tf": ""}, {}, id="nor-does-a-folder-without-compose-files"),
    ],
)
def test_the_files_of_each_environment(
    contents: dict[str, str], files: dict[str, tuple[str, ...]]
) -> None:
    assert _files(contents) == files


def test_tiers_follow_from_the_names() -> None:
    found = suggested(Names({"compose.yaml": WEB_AND_DB, "compose.uat.yaml": ONE_MORE}))
    tiers = {one.environment.name: one.environment.tier for one in found.environments}
    assert tiers == {
        "dev": Tier.DEV,
        "uat": Tier.STAGING,
        "staging": Tier.STAGING,
        "production": Tier.PRODUCTION,
    }


@pytest.mark.parametrize(
    ("contents", "asked"),
    [
        pytest.param(
            {"docker-compose.dev.yml": WEB_AND_DB},
            ["environments.staging.files", "environments.production.files"],
            id="of-a-file-for-development",
        ),
        pytest.param(
            {"docker-compose.test.yml": WEB_AND_DB},
            ["environments.staging.files", "environments.production.files"],
            id="of-a-file-for-tests",
        ),
        pytest.param({"docker-compose.stage.yml": WEB_AND_DB}, [], id="not-of-one-for-staging"),
        pytest.param({"compose.yaml": WEB_AND_DB}, [], id="not-of-the-main-file"),
    ],
)
def test_what_is_made_for_development_is_a_question_of_the_strict(
    contents: dict[str, str], asked: list[str]
) -> None:
    found = suggested(Names(contents))
    assert [q.subject for one in found.environments for q in one.questions] == asked
    (named,) = contents
    found = suggested_for((named,), Names(contents))
    assert [q.subject for one in found.environments for q in one.questions] == asked


USES_TAG = "services: {web: {image: 'web:${TAG}', env_file: [.env, .app.env]}}"


@pytest.mark.parametrize(
    ("contents", "env_files"),
    [
        pytest.param(
            {"compose.yaml": USES_TAG, ".env": "TAG=1", ".env.production": "TAG=2"},
            {"production": (".env", ".env.production")},
            id="behind-the-common-ones",
        ),
        pytest.param(
            {"compose.yaml": USES_TAG, ".stage.env": "export TAG=2", "dev.env": "TAG=3"},
            {"dev": ("dev.env",), "staging": (".stage.env",)},
            id="in-every-spelling",
        ),
        pytest.param(
            {"compose.yaml": USES_TAG, ".env.production": "VITE_URL=/"},
            {},
            id="not-those-of-another-program",
        ),
        pytest.param(
            {"compose.yaml": USES_TAG.replace(".app.env", "./.prod.env"), ".prod.env": "TAG=2"},
            {},
            id="not-what-a-service-is-given",
        ),
        pytest.param(
            {"compose.yaml": USES_TAG, ".env.prod.example": "TAG=2", ".env.dev.example": "TAG=1"},
            {},
            id="not-an-example",
        ),
        pytest.param(
            {"compose.yaml": USES_TAG, "envs/test/.env": "TAG=2"},
            {"test": ("envs/test/.env",)},
            id="in-a-folder-called-after-it",
        ),
    ],
)
def test_variables_of_an_environment(
    contents: dict[str, str], env_files: dict[str, tuple[str, ...]]
) -> None:
    found = suggested(Names(contents)).environments
    assert {
        one.environment.name: one.environment.env_files
        for one in found
        if one.environment.env_files
    } == env_files


PROFILED = """
services:
  web: {image: web}
  shell: {image: busybox, profiles: [debug]}
  seed: {image: seed, profiles: [Prod, extra]}
"""


def test_profiles_called_after_environments_are_switched_on_there() -> None:
    for found in (
        suggested(Names({"compose.yaml": PROFILED})),
        suggested_for(("compose.yaml",), Names({"compose.yaml": PROFILED})),
    ):
        assert {one.environment.name: one.environment.profiles for one in found.environments} == {
            "dev": ("debug",),
            "staging": ("Prod",),
            "production": ("Prod",),
        }


def test_a_profile_may_make_an_environment() -> None:
    found = suggested(Names({"compose.yaml": PROFILED.replace("debug", "test")})).environments
    assert [(one.environment.name, one.environment.profiles) for one in found] == [
        ("dev", ()),
        ("test", ("test",)),
        ("staging", ("Prod",)),
        ("production", ("Prod",)),
    ]


def test_what_is_more_than_the_main_file_is_a_decision() -> None:
    contents = {"compose.yaml": WEB_AND_DB, "compose.dev.yaml": CHANGES_WEB}
    dev, staging, _ = suggested(Names(contents)).environments
    (decision,) = dev.decisions
    assert decision.subject == "environments.dev"
    assert decision.choice == "dev reads compose.yaml, compose.dev.yaml"
    assert decision.overrule == "environments: {dev: {files: [compose.yaml]}}"
    assert "compose.dev.yaml is for development" in staging.decisions[0].evidence[0].statement


def test_nothing_is_said_of_the_one_main_file() -> None:
    found = suggested(Names({"compose.yaml": WEB_AND_DB})).environments
    assert [(one.decisions, one.questions) for one in found] == [((), ())] * 3


def test_files_that_nobody_reads_are_named() -> None:
    contents = {
        "compose.yaml": WEB_AND_DB,
        "compose.gpu.yaml": CHANGES_WEB,
        "dev/compose.yaml": ONE_MORE,
    }
    assert suggested(Names(contents)).unused == ("compose.gpu.yaml", "dev/compose.yaml")


def test_a_file_with_faults_is_left_to_the_load() -> None:
    contents = {"compose.yaml": WEB_AND_DB, "compose.dev.yaml": "services: {web: ["}
    assert _files(contents)["dev"] == ("compose.yaml", "compose.dev.yaml")
