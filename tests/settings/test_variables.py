"""Values of variables that mooring.yaml gives in place of the Compose file's."""

from pathlib import Path
from typing import Any

import pytest

from mooring import pipeline
from mooring.compose.discovery import LoadRequest
from mooring.errors import InputErrors
from mooring.kube.manifest import revealed

COMPOSE = """
services:
  web: {image: "example/web:1", env_file: web.env, environment: {LEVEL: info}}
  api: {image: "example/api:1", environment: {LEVEL: info}}
"""


def _values(folder: Path, settled: str, *, compose: str = COMPOSE) -> dict[str, dict[str, Any]]:
    """Return by environment what all ConfigMaps hold, under the name of each."""
    (folder / "compose.yaml").write_text(compose)
    (folder / "web.env").write_text("PAGE=http://localhost\n")
    (folder / "mooring.yaml").write_text(settled)
    load = LoadRequest(directory=str(folder), environment={"HOME": str(folder)})
    found: dict[str, dict[str, Any]] = {}
    for each in pipeline.stack(pipeline.Request(load=load)).environments:
        made: list[dict[str, Any]] = [revealed(one) for one in each.objects]
        found[each.environment.name] = {
            one["metadata"]["name"]: one["data"] for one in made if one["kind"] == "ConfigMap"
        }
    return found


@pytest.mark.parametrize(
    ("settled", "dev", "production"),
    [
        pytest.param(
            "services: {web: {environment: {PAGE: {production: https://shop.example.com}}}}",
            "http://localhost",
            "https://shop.example.com",
            id="of-one-environment-and-an-env-file",
        ),
        pytest.param(
            "services: {web: {environment: {PAGE: 1.5}}}", "1.5", "1.5", id="of-all-environments"
        ),
        pytest.param(
            "services: {web: {environment: {PAGE: ''}}}", "", "", id="nothing-is-a-value-too"
        ),
    ],
)
def test_a_value_takes_the_place_of_the_files(
    tmp_path: Path, settled: str, dev: str, production: str
) -> None:
    found = _values(tmp_path, settled)
    assert found["dev"]["web-env"]["PAGE"] == dev
    assert found["production"]["web-env"]["PAGE"] == production


def test_a_variable_that_no_file_names_is_added(tmp_path: Path) -> None:
    found = _values(tmp_path, "services: {api: {environment: {MODE: {production: fast}}}}")
    assert "MODE" not in str(found["dev"])
    assert found["production"]["api-env"]["MODE"] == "fast"


def test_beside_the_service_it_means_the_same(tmp_path: Path) -> None:
    compose = COMPOSE.replace(
        "environment: {LEVEL: info}}\n",
        "environment: {LEVEL: info}, x-mooring: {environment: {LEVEL: {production: warn}}}}\n",
        1,
    )
    found = _values(tmp_path, "{}", compose=compose)
    assert "warn" not in str(found["dev"])
    assert found["production"]["web-env"]["LEVEL"] == "warn"


def test_the_environment_has_to_be_there(tmp_path: Path) -> None:
    settled = "services: {web: {environment: {PAGE: {prodution: https://shop.example.com}}}}"
    with pytest.raises(InputErrors) as caught:
        _values(tmp_path, settled)
    assert 'there is no environment "prodution"' in str(caught.value)


def test_a_secret_in_mooring_yaml_is_told_of(tmp_path: Path) -> None:
    (tmp_path / "compose.yaml").write_text(COMPOSE)
    (tmp_path / "web.env").write_text("")
    settled = "services: {web: {environment: {API_TOKEN: h8Gf4aQ2zPw7LkB1}}}"
    (tmp_path / "mooring.yaml").write_text(settled)
    load = LoadRequest(directory=str(tmp_path), environment={"HOME": str(tmp_path)})
    made = pipeline.stack(pipeline.Request(load=load, only="production")).environments[-1]
    (told,) = [one for one in made.findings if one.rule == "secret-in-project"]
    assert told.position is not None
    assert told.position.file.endswith("mooring.yaml")
