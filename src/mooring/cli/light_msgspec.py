"""
msgspec without the modules that it imports for what we never ask of it.

`import msgspec` loads what describes types, hosts and text in the standard library: for schemas,
for UUIDs, for the Pythons of old.  Together that takes as long as converting a small stack.  So
what only some of its functions use is imported when one of those is first called, and what merely
brings new things to old Pythons is not imported.  msgspec itself is the real one, whole.
"""

import os
import sys
from types import ModuleType

_USED_BY_FEW_FUNCTIONS = (
    "msgspec.inspect",
    "msgspec.msgpack",
    "msgspec.toml",
    "msgspec.yaml",
    "textwrap",
)
_FOR_OLD_PYTHONS = "typing_extensions"
"""msgspec does without where it is not installed: our Pythons have all of it in `typing`."""


def prepare() -> None:
    """Import msgspec this way, unless it is there already."""
    if "msgspec" in sys.modules:
        return
    for name in _USED_BY_FEW_FUNCTIONS:
        sys.modules.setdefault(name, _Later(name))
    hidden = _FOR_OLD_PYTHONS not in sys.modules
    if hidden:
        sys.modules[_FOR_OLD_PYTHONS] = None  # type: ignore[assignment]  # as if not installed
    try:
        _import_uuid()
        import msgspec  # noqa: F401
    finally:
        if hidden:
            del sys.modules[_FOR_OLD_PYTHONS]


def _import_uuid() -> None:
    """Import uuid, which asks `platform` for nothing but the system's name."""
    if sys.platform != "linux" or "platform" in sys.modules:
        return
    platform = _Later("platform")
    platform.__dict__["system"] = lambda: os.uname().sysname
    sys.modules["platform"] = platform
    import uuid  # noqa: F401

    if sys.modules["platform"] is platform:
        del sys.modules["platform"]


class _Later(ModuleType):
    """Stands in for a module until something of it is asked for."""

    def __getattr__(self, name: str) -> object:
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        __import__(self.__name__)
        return getattr(sys.modules[self.__name__], name)
