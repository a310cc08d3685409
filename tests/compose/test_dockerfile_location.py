"""Where the Dockerfile of a service is, and why there is none to read."""

import errno
from collections.abc import Callable

import pytest

from mooring.compose import dockerfile
from mooring.compose.nodes import Mapping, Node, Scalar
from mooring.sources import Position

HERE = Position("compose.yaml", 7, 9)
FILES = {
    "/stack/api/Dockerfile": b"FROM api\n",
    "/stack/api/Dockerfile.dev": b"ARG MODE=prod\nFROM api:$MODE AS one\nFROM two AS two\n",
    "/stack/web/dockerfile": b"FROM web\n",
    "/elsewhere/Dockerfile": b"FROM elsewhere\n",
}


def read_bytes(path: str) -> bytes:
    if path in FILES:
        return FILES[path]
    if any(name.startswith(f"{path}/") for name in FILES):
        raise IsADirectoryError(errno.EISDIR, "Is a directory", path)
    raise FileNotFoundError(errno.ENOENT, "No such file or directory", path)


def failing(error: Exception) -> Callable[[str], bytes]:
    def read(path: str) -> bytes:
        raise error

    return read


def build(**values: str | dict[str, str | None] | None) -> Mapping:
    entries: dict[str, Node] = {}
    for name, value in values.items():
        if isinstance(value, dict):
            entries[name] = Mapping({key: Scalar(text, HERE) for key, text in value.items()})
        else:
            entries[name] = Scalar(value, HERE)
    return Mapping(entries, HERE)


@pytest.mark.parametrize(
    ("node", "base"),
    [
        pytest.param(build(context="/stack/api"), "api", id="Dockerfile-is-the-default"),
        pytest.param(
            build(context="/stack/api", dockerfile="Dockerfile"), "api", id="default-written-out"
        ),
        pytest.param(
            build(context="/stack/api", dockerfile="Dockerfile.dev"), "two", id="other-name"
        ),
        pytest.param(
            build(context="/stack/web", dockerfile="../api/Dockerfile"), "api", id="outside-context"
        ),
        pytest.param(
            build(context="/stack/web", dockerfile="/elsewhere/Dockerfile"),
            "elsewhere",
            id="absolute-path",
        ),
        pytest.param(build(context="/stack/web"), "web", id="dockerfile-in-small-letters"),
        pytest.param(
            build(context="/stack/api", dockerfile="Dockerfile.dev", target="one"),
            "api:prod",
            id="target",
        ),
        pytest.param(
            build(
                context="/stack/api",
                dockerfile="Dockerfile.dev",
                target="one",
                args={"MODE": "dev", "OTHER": None},
            ),
            "api:dev",
            id="build-arguments",
        ),
        pytest.param(
            build(context="/stack/api", additional_contexts={"api": "docker-image://x:1"}),
            "x:1",
            id="additional-context",
        ),
    ],
)
def test_facts_of_a_build(node: Mapping, base: str) -> None:
    found = dockerfile.locate(node, read_bytes)
    assert isinstance(found, dockerfile.DockerfileFacts)
    assert found.findings == ()
    assert found.image.base is not None
    assert found.image.base.value == base


def test_positions_show_the_path_as_the_user_knows_it() -> None:
    found = dockerfile.locate(
        build(context="/stack/api"), read_bytes, file=lambda path: path.removeprefix("/stack/")
    )
    assert isinstance(found, dockerfile.DockerfileFacts)
    assert found.stages[0].position == Position("api/Dockerfile", 1, 1)


@pytest.mark.parametrize(
    ("node", "reason", "message"),
    [
        pytest.param(
            build(context="/stack/none"),
            dockerfile.Reason.MISSING,
            "there is no Dockerfile /stack/none/Dockerfile",
            id="missing",
        ),
        pytest.param(
            build(context="/stack/web", dockerfile="Dockerfile.dev"),
            dockerfile.Reason.MISSING,
            "there is no Dockerfile /stack/web/Dockerfile.dev",
            id="missing-other-name",
        ),
        pytest.param(
            build(context="/stack", dockerfile="api"),
            dockerfile.Reason.DIRECTORY,
            "the Dockerfile /stack/api is a directory",
            id="directory",
        ),
        pytest.param(
            build(context="https://example.com/repo.git#main:api"),
            dockerfile.Reason.REMOTE,
            "the build context https://example.com/repo.git#main:api is remote: not read",
            id="url",
        ),
        pytest.param(
            build(context="git@example.com:team/repo.git"),
            dockerfile.Reason.REMOTE,
            "the build context git@example.com:team/repo.git is remote: not read",
            id="git-over-ssh",
        ),
        pytest.param(
            build(context="github.com/team/repo", dockerfile="x"),
            dockerfile.Reason.REMOTE,
            "the build context github.com/team/repo is remote: not read",
            id="github-without-scheme",
        ),
    ],
)
def test_reasons_for_no_facts(node: Mapping, reason: dockerfile.Reason, message: str) -> None:
    found = dockerfile.locate(node, read_bytes)
    assert isinstance(found, dockerfile.NoDockerfile)
    assert found.reason is reason
    assert found.finding.message == message
    assert found.finding.position == HERE


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        pytest.param(
            PermissionError(errno.EACCES, "Permission denied"), "Permission denied", id="forbidden"
        ),
        pytest.param(ValueError("embedded null byte"), "embedded null byte", id="impossible-path"),
    ],
)
def test_file_that_cannot_be_read(error: Exception, cause: str) -> None:
    found = dockerfile.locate(build(context="/stack/api"), failing(error))
    assert isinstance(found, dockerfile.NoDockerfile)
    assert found.reason is dockerfile.Reason.UNREADABLE
    assert found.finding.message == f"the Dockerfile /stack/api/Dockerfile cannot be read: {cause}"


def test_inline_dockerfile_has_lines_of_the_compose_file() -> None:
    node = build(context="/stack/none", dockerfile_inline="FROM a\nEXPOSE 80 x\n")
    found = dockerfile.locate(node, read_bytes)
    assert isinstance(found, dockerfile.DockerfileFacts)
    assert [port.position for port in found.image.ports] == [Position("compose.yaml", 9, 1)]
    assert [fault.position for fault in found.findings] == [Position("compose.yaml", 9, 1)]


def test_inline_dockerfile_in_one_line_has_its_own_position() -> None:
    found = dockerfile.locate(build(dockerfile_inline="FROM a"), read_bytes)
    assert isinstance(found, dockerfile.DockerfileFacts)
    assert found.stages[0].position == HERE


def test_inline_dockerfile_in_a_remote_context_is_read() -> None:
    node = build(context="https://example.com/x.git", dockerfile_inline="FROM a\n")
    assert isinstance(dockerfile.locate(node, read_bytes), dockerfile.DockerfileFacts)
