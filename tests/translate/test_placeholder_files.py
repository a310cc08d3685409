"""Secret files that hold a word in the place of a secret are asked for, in a form that works."""

from pathlib import Path

import pytest
from tests.translate.whole import translation

from mooring.app.configuration import Document
from mooring.decisions import SECRETS
from mooring.generate.secret_keys import with_keys
from mooring.translate.project import Translation

IN_LINES = "in environments/<environment>/secrets.env"
AS_FILE = "put the file at environments/<environment>/secrets"


def mounted(folder: Path, files: dict[str, str], volume: str) -> Translation:
    compose = f"services: {{app: {{image: 'registry.example.com/app:1', volumes: ['{volume}']}}}}"
    return translation(folder, compose, files)


def asked(made: Translation) -> dict[str, str]:
    """Return the answers that belong below the output, by their subjects."""
    return {
        one.subject: one.answer
        for one in with_keys(made.questions, made.application)
        if "environments/<environment>/secrets" in one.answer
    }


@pytest.mark.parametrize(
    ("path", "target", "content", "answer"),
    [
        pytest.param(
            "keyfile",
            "/etc/keyfile",
            "placeholder\n",
            f"keyfile=<value> {IN_LINES}",
            id="a-key-of-one-line",
        ),
        pytest.param(
            "one.txt",
            "/etc/mongo/keyfile",
            "changeme",
            f"one.txt=<value> {IN_LINES}",
            id="called-a-key-where-it-is-mounted",
        ),
        pytest.param(
            "db-password",
            "/run/db-password",
            "secret\n",
            f"db-password=<value> {IN_LINES}",
            id="a-password-that-everybody-knows",
        ),
        pytest.param(
            "tls/server.key",
            "/tls/server.key",
            "REPLACE_ME\n",
            f"{AS_FILE}/tls-server-key/server.key",
            id="a-key-of-many-lines",
        ),
        pytest.param(
            "a.key",
            "/tls/store.p12",
            "changeme",
            f"{AS_FILE}/a-key/a.key",
            id="a-key-store",
        ),
        pytest.param(
            "keyfile",
            "/etc/keyfile",
            "# key\nchange-me\n",
            f"{AS_FILE}/keyfile/keyfile",
            id="several-lines",
        ),
    ],
)
def test_where_the_answer_goes(
    tmp_path: Path, path: str, target: str, content: str, answer: str
) -> None:
    made = mounted(tmp_path, {path: content}, f"./{path}:{target}:ro")
    (document,) = made.application.documents
    assert asked(made) == {f"services.app.volumes.{document.name}": answer}


@pytest.mark.parametrize(
    ("path", "content"),
    [
        pytest.param("keyfile", "kW8sLq0Zd1vR4x9TqLw2\n", id="a-key"),
        pytest.param("keyfile", "", id="an-empty-file"),
        pytest.param("notes.txt", "changeme\n", id="no-secret"),
        pytest.param("keyfile", "x" * 600 + " changeme", id="a-long-file"),
    ],
)
def test_what_is_not_asked(tmp_path: Path, path: str, content: str) -> None:
    assert asked(mounted(tmp_path, {path: content}, f"./{path}:/etc/{path}:ro")) == {}


def test_of_a_folder_each_secret_file_is_asked(tmp_path: Path) -> None:
    files = {"certs/server.key": "placeholder\n", "certs/readme.txt": "placeholder\n",
             "certs/ca.pem": "-----BEGIN CERTIFICATE-----\nx\n"}  # fmt: skip
    made = mounted(tmp_path, files, "./certs:/certs:ro")
    assert list(asked(made).values()) == [f"{AS_FILE}/certs/server.key"]


def test_a_file_of_several_services_is_asked_of_each(tmp_path: Path) -> None:
    service = "{image: 'registry.example.com/app:1', volumes: ['./keyfile:/etc/keyfile:ro']}"
    made = translation(
        tmp_path, f"services: {{a: {service}, b: {service}}}", {"keyfile": "placeholder\n"}
    )
    assert list(asked(made)) == ["services.a.volumes.keyfile", "services.b.volumes.keyfile"]


@pytest.mark.parametrize(
    ("files", "question", "answer"),
    [
        pytest.param(
            {"server.pem": "changeme\n"},
            "the file tls is a placeholder",
            f"{AS_FILE}/tls/tls",
            id="a-placeholder",
        ),
        pytest.param(
            {},
            "it has no content: the file server.pem is not there",
            f"{AS_FILE}/tls/tls",
            id="not-there",
        ),
    ],
)
def test_a_granted_file_of_many_lines_is_asked_for_as_a_file(
    tmp_path: Path, files: dict[str, str], question: str, answer: str
) -> None:
    compose = """\
        services: {app: {image: "registry.example.com/app:1", secrets: [tls]}}
        secrets: {tls: {file: server.pem}}
        """
    made = translation(tmp_path, compose, files)
    found = [one for one in made.questions if "tls" in one.subject]
    assert [(one.question, one.answer) for one in found] == [(question, answer)]


def test_a_granted_password_is_asked_once(tmp_path: Path) -> None:
    compose = """\
        services: {app: {image: "registry.example.com/app:1", secrets: [pw]}}
        secrets: {pw: {file: pw.txt}}
        """
    made = translation(tmp_path, compose, {"pw.txt": "changeme\n"})
    assert [one.several for one in made.questions if "secrets.env" in one.answer] == [SECRETS]


@pytest.mark.parametrize(
    ("files", "needs_file", "is_line"),
    [
        pytest.param({"a": b"changeme"}, False, True, id="one-line"),
        pytest.param({"a": b"changeme"}, True, False, id="in-the-place-of-a-file"),
        pytest.param({"a": b"one\n"}, False, False, id="a-line-that-ends"),
        pytest.param({"a": b"\xff"}, False, False, id="no-text"),
        pytest.param({"a": b"x", "b": b"y"}, False, False, id="two-files"),
    ],
)
def test_what_is_a_single_line(files: dict[str, bytes], needs_file: bool, is_line: bool) -> None:
    document = Document(name="d", files=dict(files), is_secret=True, needs_file=needs_file)
    assert (document.single_line is not None) is is_line
