"""What runs in a container, by what Compose, the Dockerfile and nobody says."""

import pytest
from tests.translate.support import complaints, fates, rules, service, unaccounted

from mooring.app.process import Process
from mooring.compose.nodes import Plain
from mooring.translate.attributes import process

DOCKERFILE = 'FROM alpine\nENTRYPOINT ["/entry.sh"]\nCMD ["serve"]\n'
SHELL_FORM = "FROM alpine\nCMD exec serve --all\n"


@pytest.mark.parametrize(
    ("attributes", "entrypoint", "arguments"),
    [
        pytest.param({}, None, None, id="nothing-said-keeps-the-image"),
        pytest.param({"command": None, "entrypoint": None}, None, None, id="null-keeps-the-image"),
        pytest.param(
            {"command": ["a", "&&", "b"]},
            None,
            ("a", "&&", "b"),
            id="a-command-is-arguments-and-no-shell",
        ),
        pytest.param(
            {"entrypoint": ["/run"]}, ("/run",), None, id="an-entrypoint-drops-the-image-s-command"
        ),
        pytest.param(
            {"entrypoint": ["/run"], "command": ["now"]},
            ("/run",),
            ("now",),
            id="entrypoint-and-arguments",
        ),
        pytest.param(
            {"entrypoint": ["/run"], "command": []},
            ("/run",),
            None,
            id="an-emptied-command-beside-an-entrypoint",
        ),
        pytest.param(
            {"entrypoint": [], "command": ["sh", "-c", "x"]},
            ("sh", "-c", "x"),
            None,
            id="an-emptied-entrypoint-runs-the-command-alone",
        ),
        pytest.param(
            {"entrypoint": [""], "command": ["x"]},
            ("x",),
            None,
            id="one-empty-word-empties-the-entrypoint-too",
        ),
        pytest.param(
            {"command": ["echo", "$(date)", "$$", "${HOME}"]},
            None,
            ("echo", "$(date)", "$$", "${HOME}"),
            id="words-stay-literal",
        ),
    ],
)
def test_the_words_that_run(
    attributes: dict[str, Plain],
    entrypoint: tuple[str, ...] | None,
    arguments: tuple[str, ...] | None,
) -> None:
    view = service(attributes)
    translated = process.translate(view)
    # Who chooses another command says all of it where the image's entrypoint is cleared.
    is_whole = attributes.get("entrypoint") in ([], [""])
    assert translated.value == Process(
        entrypoint=entrypoint, arguments=arguments, is_whole=is_whole
    )
    assert unaccounted(view, translated.notes) == []
    assert set(fates(view, translated.notes).values()) <= {"carried"}
    assert complaints(translated.notes) == []


@pytest.mark.parametrize(
    ("attributes", "dockerfile", "entrypoint"),
    [
        pytest.param(
            {"command": []}, DOCKERFILE, ("/entry.sh",), id="the-entrypoint-without-its-command"
        ),
        pytest.param(
            {"entrypoint": []}, DOCKERFILE, ("serve",), id="the-command-without-its-entrypoint"
        ),
        pytest.param(
            {"entrypoint": []},
            SHELL_FORM,
            ("/bin/sh", "-c", "exec serve --all"),
            id="a-command-in-shell-form",
        ),
    ],
)
def test_what_is_cleared_is_written_out_from_the_dockerfile(
    attributes: dict[str, Plain], dockerfile: str, entrypoint: tuple[str, ...]
) -> None:
    view = service(attributes, dockerfile=dockerfile)
    translated = process.translate(view)
    is_whole = "entrypoint" in attributes
    assert translated.value == Process(entrypoint=entrypoint, is_whole=is_whole)
    assert set(fates(view, translated.notes).values()) == {"carried"}
    assert rules(translated.notes) == []


@pytest.mark.parametrize(
    ("attributes", "dockerfile"),
    [
        pytest.param({"command": []}, None, id="a-command-of-an-unknown-image"),
        pytest.param({"entrypoint": []}, None, id="an-entrypoint-of-an-unknown-image"),
        pytest.param({"command": []}, "FROM postgres\n", id="the-base-image-alone-knows"),
        pytest.param({"entrypoint": [], "command": []}, DOCKERFILE, id="nothing-left-to-run"),
        pytest.param({"entrypoint": [""]}, None, id="one-empty-word-and-no-command"),
    ],
)
def test_what_cannot_be_cleared_stays_and_is_found(
    attributes: dict[str, Plain], dockerfile: str | None
) -> None:
    view = service(attributes, dockerfile=dockerfile)
    translated = process.translate(view)
    assert translated.value == Process()
    assert set(fates(view, translated.notes).values()) == {"approximated"}
    assert rules(translated.notes) == ["cleared-command-kept"]
    assert complaints(translated.notes) == []


def test_directory_and_terminal() -> None:
    view = service({"working_dir": "/app", "stdin_open": True, "tty": True})
    translated = process.translate(view)
    assert translated.value == Process(
        working_directory="/app", keeps_stdin_open=True, has_terminal=True
    )
    assert set(fates(view, translated.notes).values()) == {"carried"}


def test_false_is_accounted_for_too() -> None:
    view = service({"stdin_open": False, "tty": False})
    translated = process.translate(view)
    assert translated.value == Process()
    assert unaccounted(view, translated.notes) == []
