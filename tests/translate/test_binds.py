"""What a bind mount means, by what it leads to."""

import pytest

from mooring.settings.choices import MountChoice
from mooring.translate.binds import Bind, Meaning, triage
from mooring.translate.surroundings import FoundFile, FoundFolder, Kind


class Project:
    """A project at /app, described by a table of paths; everything else lies outside."""

    def __init__(self, files: dict[str, bytes | None], folders: tuple[str, ...] = ()) -> None:
        self._files = files
        self._folders = folders

    def kind(self, path: str) -> Kind:
        if path in self._files:
            return Kind.FILE
        if path in self._folders or any(name.startswith(path + "/") for name in self._files):
            return Kind.FOLDER
        return Kind.MISSING if path.startswith("/app") else Kind.OUTSIDE

    def file(self, path: str) -> FoundFile:
        content = self._files[path]
        size = 5_000_000 if content is None else len(content)
        return FoundFile(content, path.endswith(".sh"), size)

    def folder(self, path: str) -> FoundFolder:
        below = [name for name in self._files if name.startswith(path + "/")]
        found = {name[len(path) + 1 :]: self.file(name) for name in below}
        return FoundFolder(found, all(file.content is not None for file in found.values()))


def meaning(
    source: str,
    target: str,
    *,
    files: dict[str, bytes | None] | None = None,
    folders: tuple[str, ...] = (),
    context: str | None = None,
    choice: MountChoice | None = None,
) -> Meaning:
    bind = Bind(source=source, target=target, build_context=context)
    return triage(bind, Project(files or {}, folders), choice).meaning


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        pytest.param(
            "/var/run/docker.sock",
            "/var/run/docker.sock",
            Meaning.RUNTIME_SOCKET,
            id="the-runtime-socket",
        ),
        pytest.param("/etc/localtime", "/etc/localtime", Meaning.CLOCK, id="the-time-zone"),
        pytest.param("/etc/hosts", "/etc/hosts", Meaning.PROVIDED, id="the-hosts-file"),
        pytest.param("/", "/hostfs", Meaning.MACHINE, id="the-root-of-the-machine"),
        pytest.param("/proc", "/host/proc", Meaning.MACHINE, id="the-processes-of-the-machine"),
        pytest.param(
            "/app/nginx.conf",
            "/etc/nginx/nginx.conf",
            Meaning.MISSING_FILE,
            id="a-file-that-is-not-there",
        ),
        pytest.param(
            "/app/pgdata",
            "/var/lib/postgresql/data",
            Meaning.STORAGE,
            id="a-folder-that-docker-would-make",
        ),
        pytest.param("/app/logs", "/var/log/app", Meaning.SCRATCH, id="a-folder-for-logs"),
        pytest.param("/srv/media", "/media", Meaning.STORAGE, id="a-folder-of-the-machine"),
        pytest.param("/app", "/src", Meaning.SOURCE_CODE, id="the-folder-of-the-build"),
    ],
)
def test_meaning_without_files(source: str, target: str, expected: Meaning) -> None:
    assert meaning(source, target, context="/app/service") is expected


@pytest.mark.parametrize(
    ("source", "files", "context", "expected"),
    [
        pytest.param(
            "/app/a.conf",
            {"/app/a.conf": b"x"},
            None,
            Meaning.DOCUMENT_FILE,
            id="a-file-is-shipped",
        ),
        pytest.param(
            "/app/a.bin",
            {"/app/a.bin": None},
            None,
            Meaning.UNREADABLE,
            id="a-large-file-is-refused",
        ),
        pytest.param(
            "/app/conf",
            {"/app/conf/a.yml": b"x"},
            None,
            Meaning.DOCUMENT_FOLDER,
            id="small-files-are-shipped",
        ),
        pytest.param(
            "/app/conf",
            {"/app/conf/a": None},
            None,
            Meaning.STORAGE,
            id="large-files-need-a-volume",
        ),
        pytest.param(
            "/app/web/src",
            {"/app/web/src/main.js": b"x"},
            "/app/web",
            Meaning.SOURCE_CODE,
            id="sources-of-a-built-image-are-in-it",
        ),
        pytest.param(
            "/app/site",
            {"/app/site/index.php": b"x"},
            None,
            Meaning.DOCUMENT_FOLDER,
            id="sources-without-a-build-are-shipped",
        ),
        pytest.param(
            "/app/data",
            {"/app/data/.gitkeep": b""},
            "/app",
            Meaning.STORAGE,
            id="an-empty-folder-is-for-data",
        ),
        pytest.param(
            "/app/svc/conf",
            {"/app/svc/conf/a.tmpl": b"x"},
            "/app/svc",
            Meaning.DOCUMENT_FOLDER,
            id="configuration-inside-the-build-is-shipped",
        ),
    ],
)
def test_meaning_by_content(
    source: str, files: dict[str, bytes | None], context: str | None, expected: Meaning
) -> None:
    assert meaning(source, "/target", files=files, context=context) is expected


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        (MountChoice.STORAGE, Meaning.STORAGE),
        (MountChoice.SCRATCH, Meaning.SCRATCH),
        (MountChoice.NODE, Meaning.MACHINE),
        (MountChoice.CONFIGURATION, Meaning.DOCUMENT_FOLDER),
    ],
)
def test_the_users_word_wins(choice: MountChoice, expected: Meaning) -> None:
    files: dict[str, bytes | None] = {"/app/web/main.py": b"x"}
    assert meaning("/app/web", "/x", files=files, context="/app/web", choice=choice) is expected


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        pytest.param("/p/api/index.js", "/app/index.js", Meaning.SOURCE_CODE, id="as-it-is-copied"),
        pytest.param("/p/api/src/a.py", "/usr/src/app/src/a.py", Meaning.SOURCE_CODE, id="deeper"),
        pytest.param(
            "/p/api/init.js", "/docker-entrypoint-initdb.d/init.js", Meaning.DOCUMENT_FILE,
            id="a-script-for-the-entrypoint",
        ),
        pytest.param("/p/api/rules.yaml", "/app/rules.yaml", Meaning.DOCUMENT_FILE, id="no-source"),
        pytest.param("/p/api/b.js", "/app/other.js", Meaning.DOCUMENT_FILE, id="another-name"),
        pytest.param("/p/web/c.js", "/app/c.js", Meaning.DOCUMENT_FILE, id="not-built-from-there"),
    ],
)  # fmt: skip
def test_a_source_file_that_the_image_holds(source: str, target: str, expected: Meaning) -> None:
    assert meaning(source, target, files={source: b"x"}, context="/p/api") is expected
