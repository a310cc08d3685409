"""A workload whose image exists for one architecture runs there, and it is said who says so."""

from pathlib import Path

import pytest
from tests.translate.whole import decided, part, translation

from mooring.settings.choices import Choices, ServiceChoices


@pytest.mark.parametrize(
    ("service", "dockerfile", "architecture"),
    [
        pytest.param("{image: 'mailhog/mailhog'}", "", "amd64", id="the-catalogue-knows-one"),
        pytest.param("{image: 'postgres:17'}", "", None, id="the-catalogue-knows-several"),
        pytest.param("{image: example.com/app}", "", None, id="nobody-knows"),
        pytest.param(
            "{build: .}",
            "FROM --platform=linux/arm64 alpine\nCMD /app\n",
            "arm64",
            id="the-dockerfile-says-one",
        ),
        pytest.param(
            "{build: .}",
            "FROM debian\nRUN echo 'deb [arch=amd64] http://x y' > a && apt-get update\n",
            "amd64",
            id="the-dockerfile-fetches-for-one",
        ),
        pytest.param(
            "{build: .}",
            "FROM --platform=$TARGETPLATFORM alpine\nCMD /app\n",
            None,
            id="the-dockerfile-leaves-it-open",
        ),
        pytest.param(
            "{image: 'mailhog/mailhog', platform: linux/arm64}",
            "",
            "arm64",
            id="the-compose-file-says-it-already",
        ),
    ],
)
def test_architecture(
    tmp_path: Path, service: str, dockerfile: str, architecture: str | None
) -> None:
    files = {"Dockerfile": dockerfile} if dockerfile else {}
    made = translation(tmp_path, f"services:\n  app: {service}\n", files)
    assert part(made, "app").placement.architecture == architecture
    is_decided = architecture is not None and "platform: linux" not in service
    assert ("services.app" in decided(made, "architecture")) is is_decided


@pytest.mark.parametrize(
    ("service", "chosen", "architecture"),
    [
        pytest.param("{image: 'mailhog/mailhog'}", "any", None, id="any-where-one-was-known"),
        pytest.param("{image: example.com/app}", "arm64", "arm64", id="one-where-none-was-known"),
        pytest.param(
            "{image: a, platform: linux/amd64}", "any", None, id="instead-of-the-compose-file-s"
        ),
    ],
)
def test_a_choice_wins(tmp_path: Path, service: str, chosen: str, architecture: str | None) -> None:
    choices = Choices(services={"app": ServiceChoices(architecture=chosen)})
    made = translation(tmp_path, f"services:\n  app: {service}\n", choices=choices)
    assert part(made, "app").placement.architecture == architecture
    assert decided(made, "architecture") == {}
