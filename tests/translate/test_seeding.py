"""New volumes that get the files of the image."""

from pathlib import Path

import pytest
from tests.translate.whole import decided, part, rules, translation

COPIES = "FROM debian:12\nWORKDIR /srv\nCOPY app ./app\nCOPY --from=other /x /opt/x/\n"


@pytest.mark.parametrize(
    ("volume", "targets"),
    [
        pytest.param("data:/srv/app", ["/srv/app"], id="the-very-folder"),
        pytest.param("data:/srv", ["/srv"], id="a-folder-around-it"),
        pytest.param("data:/srv/app/sub", ["/srv/app/sub"], id="a-folder-in-it"),
        pytest.param("data:/srv/app/none", [], id="a-folder-that-is-not-in-it"),
        pytest.param("data:/opt/x/deep", ["/opt/x/deep"], id="what-another-stage-may-hold"),
        pytest.param("data:/var/lib/x", [], id="elsewhere"),
        pytest.param("data:/srv/app:nocopy", [], id="nocopy"),
        pytest.param("theirs:/srv/app", [], id="a-claim-that-exists"),
        pytest.param("./own:/srv/app", [], id="a-bind-is-not-filled"),
        pytest.param("/srv/app", ["/srv/app"], id="anonymous"),
    ],
)
def test_what_is_filled(tmp_path: Path, volume: str, targets: list[str]) -> None:
    made = translation(
        tmp_path,
        f"""
        services:
          web: {{build: ., user: "1000", volumes: ["{volume}"]}}
        volumes: {{data: {{}}, theirs: {{external: true}}}}
        """,
        {"Dockerfile": COPIES, "app/sub/file": "x"},
    )
    steps = part(made, "web").initial_steps
    commands = [step.container.process.entrypoint or () for step in steps]
    assert [words[-2] for words in commands] == targets
    assert list(decided(made, "fill")) == ["services.web"] * len(targets)
    for step in steps:
        (mount,) = step.container.storage
        assert step.container.process.entrypoint is not None
        assert step.container.process.entrypoint[-1] == mount.path
        assert not mount.read_only
        assert step.container.security.user == 1000


@pytest.mark.parametrize(
    "base", ["scratch", "gcr.io/distroless/static-debian12", "cgr.dev/chainguard/node"]
)
def test_an_image_without_a_shell_cannot_copy(tmp_path: Path, base: str) -> None:
    made = translation(
        tmp_path,
        "services: {web: {build: ., volumes: ['data:/srv/app']}}\nvolumes: {data: {}}",
        {"Dockerfile": COPIES.replace("debian:12", base), "app/file": "x"},
    )
    assert part(made, "web").initial_steps == ()
    assert rules(made) == ["volume-hides-files"]


def test_an_image_that_is_not_built_is_not_known(tmp_path: Path) -> None:
    made = translation(
        tmp_path, "services: {web: {image: 'a:1', volumes: ['data:/x']}}\nvolumes: {data: {}}"
    )
    assert part(made, "web").initial_steps == ()
    (entry,) = [one for one in made.ledger.entries if one.path == ("services", "web", "volumes", 0)]
    assert "starts empty" in entry.reason


def test_steps_of_the_service_come_after_the_filling(tmp_path: Path) -> None:
    made = translation(
        tmp_path,
        """
        services:
          web: {build: ., volumes: ["data:/srv/app"], pre_start: [{command: [prepare]}]}
        volumes: {data: {}}
        """,
        {"Dockerfile": COPIES, "app/file": "x"},
    )
    assert [step.container.name for step in part(made, "web").initial_steps] == [
        "web-fill-1",
        "web-step-1",
    ]
