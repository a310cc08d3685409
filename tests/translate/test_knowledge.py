"""What the catalogue says of the image that a service runs."""

from pathlib import Path

import pytest

from mooring import pipeline
from mooring.compose.discovery import LoadRequest


def findings(folder: Path, image: str) -> list[str]:
    (folder / "compose.yaml").write_text(f"services:\n  it:\n    image: {image}\n")
    stack = pipeline.stack(pipeline.Request(load=LoadRequest(directory=str(folder))))
    return [
        str(finding.position)
        for finding in stack.environments[0].findings
        if finding.rule == "image-moved"
    ]


@pytest.mark.parametrize(
    ("image", "places"),
    [
        pytest.param("minio/minio:latest", ["compose.yaml:3:5"], id="gone-from-its-registry"),
        pytest.param("quay.io/minio/minio:latest", [], id="where-it-went"),
        pytest.param("postgres:16", [], id="still-there"),
    ],
)
def test_an_image_that_cannot_be_pulled_any_more_is_told(
    image: str, places: list[str], tmp_path: Path
) -> None:
    assert findings(tmp_path, image) == places
