"""
Our own modules, found where they must be and loaded in one go with those that they import.

A conversion imports a few hundred small modules.  For each of them Python asks finder after
finder, looks at folders and files, reads the compiled code in pieces and goes through a protocol
that serves every kind of module: that takes longer than running most of them.  Ours lie below one
folder and were compiled by an earlier run, so a look at the source and one reading of the compiled
file are enough, and which others a module imports at its top stands in its code.  Whatever is not
that simple (nothing compiled yet, a source that changed, an archive, threads that import, too) is
left to Python's own finders, which also write what is missing.
"""

import sys
from _frozen_importlib import ModuleSpec
from _frozen_importlib_external import MAGIC_NUMBER, SourceFileLoader
from _imp import _fix_co_filename  # type: ignore[attr-defined]
from marshal import loads
from os import O_RDONLY, close, fstat, read, sep, stat
from os import open as open_file
from types import ModuleType

TYPE_CHECKING = False  # as typing.TYPE_CHECKING, without the time that importing typing takes
if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import CodeType

_BY_TIME = MAGIC_NUMBER + bytes(4)
"""How compiled files begin that are valid for a source of one time and size (PEP 552)."""


def install() -> None:
    """Let this process find our modules this way; nothing is changed where it could not."""
    cached = __spec__.cached
    if cached is None or sys.pycache_prefix is not None or sep != "/":
        return
    suffix = cached[len(f"{__file__.rpartition('/')[0]}/__pycache__/own_modules") :]
    finder = OwnModules(__name__.partition(".")[0], suffix)
    sys.meta_path.insert(0, finder)
    for name in (__name__.partition(".")[0], __name__.rpartition(".")[0]):
        finder.let_load(sys.modules[name])


class OwnModule(ModuleType):
    """
    A module that tells at once that it has no attribute of some name.

    Each `from ... import` asks the module whether it is a package; that it is none, Python 3.11
    says in a well-worded error that nobody reads.  Modules with a `__getattr__` of their own
    (PEP 562) need Python's.
    """

    __slots__ = ()
    __getattribute__ = object.__getattribute__


class OwnPackage(ModuleType):
    """A package that loads a module of its own when it is first asked for it."""

    def __getattr__(self, name: str) -> ModuleType:
        finder: OwnModules = self.__dict__[_FINDER]
        module = finder.module(self.__name__, name)
        if module is None:
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
        return module


_FINDER = "__finder__"
"""The attribute of a package that holds what finds its modules."""


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
        stem = name.rpartition(".")[2]
        for folder in path:
            source = f"{folder}/{stem}.py"
            cached = f"{folder}/__pycache__/{stem}{self._suffix}"
            compiled = _compiled(source, cached)
            package = None
            if compiled is None:
                package = f"{folder}/{stem}"
                source = f"{package}/__init__.py"
                cached = f"{package}/__pycache__/__init__{self._suffix}"
                compiled = _compiled(source, cached)
            if compiled is not None:
                spec = ModuleSpec(name, _Compiled(name, source, compiled, self), origin=source)
                spec.has_location = True
                spec.cached = cached
                spec._initializing = False  # type: ignore[attr-defined]  # asked for at each import
                if package is not None:
                    spec.submodule_search_locations = [package]
                return spec
        return None

    def load_imported(self, code: "CodeType") -> None:
        """Load the modules that ``code``, which runs next, imports: it finds them loaded."""
        names = code.co_names
        if _has_threads():
            return
        for name in names:
            if name == "TYPE_CHECKING":
                return  # what is imported for types only stands in the code, too, behind this
            # Of the names in a code only those of modules have dots.
            if "." in name and name not in sys.modules and name.startswith(self._prefix):
                self._load(name)

    def let_load(self, package: ModuleType) -> None:
        """Let ``package``, which Python loaded, load its modules in the shorter way as well."""
        if type(package) is ModuleType and not hasattr(package, "__getattr__"):
            package.__dict__[_FINDER] = self
            package.__class__ = OwnPackage

    def module(self, package: str, stem: str) -> ModuleType | None:
        """Return the module ``stem`` of ``package``, loaded now; None where Python has to look."""
        name = f"{package}.{stem}"
        if stem.startswith("_") or name in sys.modules or _has_threads():
            return None
        spec = self.find_spec(name, sys.modules[package].__path__)
        return None if spec is None else self._made(spec)

    def _load(self, name: str) -> None:
        """Load the module ``name`` as an import statement would; see importlib's `_load`."""
        parent = name.rpartition(".")[0]
        if parent not in sys.modules:
            self._load(parent)
        spec = self.find_spec(name, sys.modules[parent].__path__)
        if spec is None:
            __import__(name)
        else:
            self._made(spec)

    def _made(self, spec: ModuleSpec) -> ModuleType:
        """Return the module of ``spec`` after it ran, kept where imports look for it."""
        name = spec.name
        parent, _, stem = name.rpartition(".")
        loader = spec.loader
        assert isinstance(loader, _Compiled)
        module = loader.create_module(spec)
        attributes = module.__dict__
        attributes["__spec__"] = spec
        attributes["__loader__"] = loader
        attributes["__file__"] = spec.origin
        attributes["__cached__"] = spec.cached
        locations = spec.submodule_search_locations
        if locations is None:
            attributes["__package__"] = parent
        else:
            attributes["__package__"] = name
            attributes["__path__"] = locations
        sys.modules[name] = module
        try:
            exec(loader.get_code(name) or "", attributes)  # noqa: S102 - as each import does
        except BaseException:
            del sys.modules[name]
            raise
        setattr(sys.modules[parent], stem, module)
        return module


def _has_threads() -> bool:
    """Tell whether another thread may want a module, which has to wait until that is whole."""
    return "threading" in sys.modules


def _compiled(source: str, cached: str) -> bytes | None:
    """Return the content of the compiled file ``cached`` if it is that of ``source`` as it is."""
    try:
        descriptor = open_file(cached, O_RDONLY)
    except OSError:
        return None
    try:
        content = read(descriptor, fstat(descriptor).st_size)
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

    def __init__(self, name: str, source: str, compiled: bytes, finder: OwnModules) -> None:
        super().__init__(name, source)
        # As safe as every import of ours: Python would run the same file.
        self._code: CodeType | None = loads(memoryview(compiled)[16:])  # noqa: S302
        self._finder = finder

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """Return the module, empty."""
        code = self._code
        if code is None or "__getattr__" in code.co_names:
            return ModuleType(spec.name)
        if spec.submodule_search_locations is None:
            return OwnModule(spec.name)
        package = OwnPackage(spec.name)
        package.__dict__[_FINDER] = self._finder
        return package

    def get_code(self, fullname: str) -> "CodeType | None":
        """Return what the module runs; the first time, when it is to run, load what that needs."""
        code, self._code = self._code, None
        if code is None:
            return super().get_code(fullname)
        _fix_co_filename(code, self.path)
        self._finder.load_imported(code)
        return code
