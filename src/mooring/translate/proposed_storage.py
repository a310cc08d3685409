"""
A claim for a data store that declares no volume, so that its data outlives the pod.

Docker keeps the data of such a container as long as the container lives, in its own layer or in an
anonymous volume; a pod that is replaced starts with nothing.  So where the catalogue knows a data
store and the path of its data, and nothing is mounted there, a claim is proposed.  A cache that is
told to keep nothing, or that is called a cache, gets none; neither does anything whose data path
depends on a configuration that is not seen here.
"""

import posixpath
from collections.abc import Iterable, Iterator

import msgspec

from mooring.app.configuration import Document, Setting
from mooring.app.process import Process
from mooring.app.storage import Lifetime, Storage, StorageMount
from mooring.decisions import Decision, Evidence
from mooring.findings import Finding, Rule, Severity
from mooring.images.facts import DataPath, ImageFamily, Role
from mooring.kube import quantity
from mooring.kube.names import label
from mooring.patterns import LazyPattern
from mooring.sensitive import Sensitive
from mooring.settings.choices import NO_STORAGE, Choices
from mooring.translate.mounts import Mounts, joined
from mooring.translate.notes import Translated
from mooring.translate.view import ServiceView

STORAGE_NOT_GIVEN = Rule(id="storage-not-given", severity=Severity.WARNING, since="0.1")

_STORES = frozenset({Role.DATABASE, Role.BROKER, Role.SEARCH, Role.OBJECT_STORE, Role.CACHE})
_DATA_OPTION = LazyPattern(
    r"(?:^|\s)--?(?:data[-_.]?(?:dir|path)|dbpath|datadir|store[-_]dir|sd)[=\s]+"
    r"[\"']?(/[^\s\"',;]+)"
)
"""An argument by which a store is told where its data lies."""
_KEEPS = LazyPattern(r"(?:^|\s)(?:--)?appendonly\s+[\"']?yes")
_KEEPS_NOTHING = LazyPattern(r"(?:^|\s)(?:--)?save\s+(?:\"\"|'')|(?:^|\s)--save\s*(?:\s--|$)")
_EVICTS = LazyPattern(r"maxmemory[-_]policy[=\s]+[\"']?allkeys-")


class Proposed(msgspec.Struct, frozen=True, kw_only=True):
    """What a container mounts, and the settings that send its data there."""

    mounts: Mounts
    settings: tuple[Setting, ...]


def with_proposed_storage(
    mounts: Mounts,
    settings: tuple[Setting, ...],
    process: Process,
    service: ServiceView,
    choices: Choices,
) -> Translated[Proposed]:
    """
    Return ``mounts`` and ``settings`` with storage for the data of ``service``, if it lacks that.

    A size that was settled for a service which is given no storage here is a finding.
    """
    chosen = choices.service(service.name).storage
    unchanged = Proposed(mounts=mounts, settings=settings)
    if chosen == NO_STORAGE or service.known is None or service.within:
        unused = () if chosen in {None, NO_STORAGE} or service.within else _unused(service, chosen)
        return Translated(unchanged, unused)
    place = _place(mounts, settings, process, service)
    if place is None:
        return Translated(unchanged, () if chosen is None else _unused(service, chosen))
    if service.known.family.role is Role.CACHE and chosen is None:
        reason = _why_nothing_is_kept(service, process, mounts)
        if reason is not None:
            return Translated(unchanged, (_kept_nowhere(service, reason),))
    return _with_claim(place, mounts, settings, service, choices)


def _place(
    mounts: Mounts, settings: tuple[Setting, ...], process: Process, service: ServiceView
) -> "_Place | None":
    """Return where the data lies for which storage is to be proposed, or None."""
    family = service.known.family if service.known is not None else None
    if family is None or not family.stateful or family.role not in _STORES:
        return None
    # Mounts that another service lends are not seen here.
    if service.get("volumes_from") is not None:
        return None
    if any(_touches(path, mounts) for path in _mentioned(family, settings, process)):
        return None
    return _data_path(family, settings, process)


def _unused(service: ServiceView, size: str | None) -> tuple[Finding, ...]:
    finding = STORAGE_NOT_GIVEN.finding(
        service.attributes.position,
        f'service "{service.name}" is to keep {size}, but it has a volume, or nobody knows where '
        "its data lies",
        remedy="declare a volume in the compose file; its size goes below volumes",
    )
    return (finding,)


def _kept_nowhere(service: ServiceView, reason: str) -> Decision:
    return Decision(
        subject=f"services.{service.name}",
        topic="storage",
        choice="a cache: what it holds goes with its pod",
        evidence=(Evidence(reason, service.position("command")),),
        overrule=f"services: {{{service.name}: {{storage: 1Gi}}}}",
    )


class _Place(msgspec.Struct, frozen=True):
    """Where the data lies; ``setting`` is the variable that has to say so, if nobody does."""

    path: str
    holds: str
    source: str
    setting: str | None = None


def _mentioned(
    family: ImageFamily, settings: tuple[Setting, ...], process: Process
) -> Iterator[str]:
    """Yield all paths where data of the family may lie."""
    yield from (one.path for one in family.data)
    yield from told(family, settings, process)


def told(family: ImageFamily, settings: tuple[Setting, ...], process: Process) -> Iterator[str]:
    """Yield the paths at which a service of the family is itself told that its data lies."""
    moving = {one.setting for one in family.data if one.setting is not None}
    for setting in settings:
        if setting.name in moving and isinstance(setting.value, str):
            yield from (path for path in setting.value.split(",") if path.startswith("/"))
    yield from (found[1] for found in _DATA_OPTION.finditer(_words(process)))


def _data_path(
    family: ImageFamily, settings: tuple[Setting, ...], process: Process
) -> _Place | None:
    """Return where the data lies as far as anybody knows; None where nobody does."""
    if not family.data:
        return None
    first = family.data[0]
    source = family.sources[first.source]
    for path in told(family, settings, process):
        return _Place(posixpath.normpath(path), first.holds, source)
    for one in family.data:
        if one.when is None or _names(one, settings, process):
            needed = one.setting if one.if_set else None
            return _Place(one.path, one.holds, family.sources[one.source], needed)
    return None


def _names(data: DataPath, settings: tuple[Setting, ...], process: Process) -> bool:
    """Tell whether a word of the command, or a setting, is the path of ``data``."""
    values = (one.value for one in settings if not isinstance(one.value, Sensitive))
    words = (*_words(process).split(), *values)
    return any(word.rstrip("/") == data.path for word in words)


def _words(process: Process) -> str:
    return " ".join((*(process.entrypoint or ()), *(process.arguments or ())))


def _touches(path: str, mounts: Mounts) -> bool:
    """Tell whether something that lasts is mounted at ``path``, around it, or inside of it."""
    own = f"{posixpath.normpath(path).rstrip('/')}/"
    for mount in mounts.storage_mounts:
        other = f"{mount.path.rstrip('/')}/"
        if not own.startswith(other) and not other.startswith(own):
            continue
        # An anonymous volume at the very path is what a claim takes the place of.
        is_anonymous = mount.storage.startswith("anonymous:")
        if not (is_anonymous and other == own):
            return True
    return False


def _why_nothing_is_kept(service: ServiceView, process: Process, mounts: Mounts) -> str | None:
    """Return why nobody would miss what a cache holds; None where somebody might."""
    words = (*(process.entrypoint or ()), *(process.arguments or ()))
    command = " ".join(word or '""' for word in words)
    told = "\n".join((command, *_texts(mounts.documents.values())))
    if _KEEPS.search(told):
        return None
    if _KEEPS_NOTHING.search(told):
        return "it is told to write no snapshots"
    if _EVICTS.search(told):
        return "it is told to evict any of its keys"
    return "it is called a cache" if "cache" in service.name.lower() else None


def _texts(documents: Iterable[Document]) -> Iterator[str]:
    for document in documents:
        for content in document.files.values():
            raw = content.reveal() if isinstance(content, Sensitive) else content
            yield raw.decode("utf-8", "replace")


def _with_claim(
    place: _Place,
    mounts: Mounts,
    settings: tuple[Setting, ...],
    service: ServiceView,
    choices: Choices,
) -> Translated[Proposed]:
    position = service.position("image" if service.get("image") is not None else "build")
    size = choices.service(service.name).storage
    identity = f"proposed:{service.name}"
    storage = Storage(
        name=label(f"{service.name}-data"),
        lifetime=Lifetime.PERSISTENT,
        size=int(quantity.parse(size)) if size is not None else None,
        position=position,
    )
    claim = Mounts(
        storages={identity: storage},
        storage_mounts=(StorageMount(storage=identity, path=place.path, position=position),),
    )
    said = ""
    if place.setting is not None:
        added = Setting(name=place.setting, value=place.path, position=position)
        settings = (*settings, added)
        said = f", to which {place.setting} sends it"
    decision = Decision(
        subject=f"services.{service.name}",
        topic="storage",
        choice=f"what it keeps at {place.path} outlives its pods{said}",
        evidence=(
            Evidence(f"it holds {place.holds} ({place.source})", position),
            Evidence("no volume is declared there"),
        ),
        overrule=f"services: {{{service.name}: {{storage: none|10Gi}}}}",
    )
    return Translated(Proposed(mounts=joined((mounts, claim)), settings=settings), (decision,))
