"""
Our own modules, found where they must be and read in one go.

A conversion imports a few hundred small modules.  For each of them Python asks finder after
finder, looks at folders and files, and reads the compiled code in pieces: that takes longer than
running most of them.  Ours lie below one folder and were compiled by an earlier run, so a look at
the source and one reading of the compiled file are enough.  Whatever is not that simple (nothing
compiled yet, a source that changed, an archive) is left to Python's own finders, which also write
what is missing.
"""

import sys
from _frozen_importlib import ModuleSpec
from _frozen_importlib_external import MAGIC_NUMBER, SourceFileLoader
from _imp import _fix_co_filename  # type: ignore[attr-defined]
from marshal import loads
from os import O_RDONLY, close, read, sep, stat
from os import open as open_file

TYPE_CHECKING = False  # as typing.TYPE_CHECKING, without the time that importing typing takes
if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import CodeType, ModuleType

_BY_TIME = MAGIC_NUMBER + bytes(4)
"""How compiled files begin that are valid for a source of one time and size (PEP 552)."""

_PIECE = 1 << 16
"""Bytes to read at once; nearly all compiled modules are smaller."""


def install() -> None:
    """Let this process find our modules this way; nothing is changed where it could not."""
    cached = __spec__.cached
    if cached is None or sys.pycache_prefix is not None or sep != "/":
        return
    suffix = cached[len(f"{__file__.rpartition('/')[0]}/__pycache__/own_modules") :]
    sys.meta_path.insert(0, OwnModules(__name__.partition(".")[0], suffix))


class OwnModules:
    """
    A finder for `sys.meta_path`: of all modules below ``package``, and of nothing else.

    ``suffix`` is how the names of compiled files end, as in ``.cpython-311.pyc``.
    """

    def __init__(self, package: str, suffix: str) -> None:
        self._prefix = f"{package}."
        self._suffix = suffix

    def find_spec(
        self, name: str, path: "Sequence[str] | None" = None, target: "ModuleType | None" = None
    ) -> ModuleSpec | None:
        """Return where module ``name`` is; None where another finder has to look."""
        if path is None or not name.startswith(self._prefix):
            return None
        for folder in path:
            stem = name.rpartition(".")[2]
            package = f"{folder}/{stem}"
            for inside, file in ((folder, stem), (package, "__init__")):
                source = f"{inside}/{file}.py"
                cached = f"{inside}/__pycache__/{file}{self._suffix}"
                compiled = _compiled(source, cached)
                if compiled is not None:
                    spec = ModuleSpec(name, _Compiled(name, source, compiled), origin=source)
                    spec.has_location = True
                    spec.cached = cached
                    if inside is package:
                        spec.submodule_search_locations = [package]
                    return spec
        return None


def _compiled(source: str, cached: str) -> bytes | None:
    """Return the content of the compiled file ``cached`` if it is that of ``source`` as it is."""
    try:
        descriptor = open_file(cached, O_RDONLY)
    except OSError:
        return None
    try:
        content = piece = read(descriptor, _PIECE)
        while len(piece) == _PIECE:
            piece = read(descriptor, _PIECE)
            content += piece
        status = stat(source)
    except OSError:
        return None
    finally:
        close(descriptor)
    seconds, size = int(status.st_mtime) & 0xFFFFFFFF, status.st_size & 0xFFFFFFFF
    head = _BY_TIME + seconds.to_bytes(4, "little") + size.to_bytes(4, "little")
    return content if content.startswith(head) else None


class _Compiled(SourceFileLoader):
    """Python's loader of sources, for a module whose compiled code was read already."""

    def __init__(self, name: str, source: str, compiled: bytes) -> None:
        super().__init__(name, source)
        self._compiled: bytes | None = compiled

    def get_code(self, fullname: str) -> "CodeType | None":
        """Return what the module runs: what was read, the first time."""
        compiled, self._compiled = self._compiled, None
        if compiled is None:
            return super().get_code(fullname)
        # As safe as every import of ours: Python would run the same file.
        code: CodeType = loads(memoryview(compiled)[16:])  # noqa: S302
        _fix_co_filename(code, self.path)
        return code
