"""How environments that mooring.yaml names meet those that the files suggest."""

import pytest

from mooring.decisions import Decision
from mooring.settings.environments import Environment, Tier
from mooring.settings.reader import read
from mooring.settings.suggested import Suggested, Suggestion, completed

_BECAUSE = Decision(subject="environments.production", topic="files", choice="", evidence=())
SUGGESTION = Suggestion(
    environments=(
        Suggested(environment=Environment(name="dev", tier=Tier.DEV, files=("c", "dev"))),
        Suggested(environment=Environment(name="staging", tier=Tier.STAGING, files=("c",))),
        Suggested(
            environment=Environment(
                name="production", tier=Tier.PRODUCTION, files=("c", "prod"), profiles=("prod",)
            ),
            decisions=(_BECAUSE,),
        ),
    )
)


def _completed(text: str) -> dict[str, Suggested]:
    settled = read(text.encode(), "mooring.yaml")
    assert settled.environments is not None
    found = completed(settled.environments, SUGGESTION, amends=settled.amends)
    return {one.environment.name: one for one in found}


@pytest.mark.parametrize(
    ("text", "files"),
    [
        pytest.param(
            "environments: {production: {registry: r.example.com}}",
            {"dev": ("c", "dev"), "staging": ("c",), "production": ("c", "prod")},
            id="one-more-word-on-an-environment-leaves-the-others-there",
        ),
        pytest.param(
            "environments: {production: {files: [own]}}",
            {"dev": ("c", "dev"), "staging": ("c",), "production": ("own",)},
            id="other-files-too",
        ),
        pytest.param(
            "environments: {dev: , production: {tier: production}}",
            {"dev": ("c", "dev"), "production": ("c", "prod")},
            id="a-tier-makes-it-the-whole-list",
        ),
        pytest.param(
            "environments: {production: , eu: {tier: production}, qa: {tier: staging}}",
            {"production": ("c", "prod"), "eu": ("c", "prod"), "qa": ("c",)},
            id="an-environment-of-another-name-reads-what-its-tier-does",
        ),
        pytest.param(
            "environments: {prod: }",
            {"prod": ("c", "prod")},
            id="another-word-for-it-is-another-environment",
        ),
    ],
)
def test_files(text: str, files: dict[str, tuple[str, ...]]) -> None:
    found = _completed(text)
    assert {name: one.environment.files for name, one in found.items()} == files


def test_what_is_said_stays_and_the_rest_is_suggested() -> None:
    production = _completed("environments: {production: {domain: example.com}}")["production"]
    assert production.environment.domain == "example.com"
    assert production.environment.profiles == ("prod",)
    assert production.decisions == (_BECAUSE,)


def test_nothing_is_suggested_beside_files_of_ones_own() -> None:
    found = _completed("environments: {production: {tier: production, files: [own]}}")
    assert found["production"] == Suggested(
        environment=Environment(name="production", tier=Tier.PRODUCTION, files=("own",))
    )
