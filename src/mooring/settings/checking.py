"""
Whether a node holds what the table of keys allows, and what it then says.

Used for mooring.yaml and for each `x-mooring` of a Compose file alike.
"""

import re
from typing import TypeAlias

from mooring.compose import suggest
from mooring.compose.nodes import Mapping, Node, Path, Scalar, Sequence, path_text
from mooring.compose.shape import kind_of
from mooring.errors import InputError
from mooring.settings.choices import EVERYWHERE
from mooring.settings.forms import (
    LABEL,
    ByEnvironment,
    Count,
    Field,
    ListOf,
    Named,
    OneOf,
    Record,
    Text,
    Truth,
    TruthOr,
    Value,
    WordOr,
)
from mooring.sources import Position

Said: TypeAlias = str | int | bool | list["Said"] | dict[str, "Said"]
"""The plain form of a value that was checked: mappings without a value are empty."""


class SettingsError(InputError):
    """A fault in mooring.yaml, or in an `x-mooring` of a Compose file."""


class UnknownSettingsKey(SettingsError):
    """A key that mooring.yaml does not have at this place."""


class SettingsKeyNotSupported(SettingsError):
    """A key of mooring.yaml that this version of Mooring does not obey yet."""


class InvalidSettingsValue(SettingsError):
    """A value, or a name, that mooring.yaml does not allow at this place."""


class Reading:
    """
    One pass over a file: the faults found, and where the user's names stand.

    ``names`` has the position of each key whose name is the user's own, by its path.
    """

    def __init__(self) -> None:
        self.errors: list[InputError] = []
        self.names: dict[Path, Position | None] = {}

    def read(
        self, node: Node, value: Value, path: Path, key: Position | None = None
    ) -> Said | None:
        """
        Return what ``node`` says, or None where it has a fault.

        ``key`` is where the name of ``node`` stands; ``path`` is how messages call it.
        """
        match value:
            case Text() | OneOf():
                return self._text(node, value, path, key)
            case Count():
                return self._count(node, value, path, key)
            case Truth():
                return self._truth(node, path, key)
            case WordOr(word, record):
                if isinstance(node, Scalar) and node.value == word:
                    return word
                if isinstance(node, Scalar) and isinstance(node.value, str):
                    remedy = f"write {word}, or keys with values, indented below"
                    self._wrong_type(node, f"{word} or a mapping", path, key, remedy)
                    return None
                return self._record(node, record, path, key)
            case TruthOr(named):
                if isinstance(node, Scalar) and isinstance(node.value, bool):
                    return node.value
                return self._named(node, named, path, key)
            case ListOf(item):
                return self._list(node, item, path, key)
            case Record():
                return self._record(node, value, path, key)
            case Named():
                return self._named(node, value, path, key)
            case ByEnvironment(inner):
                return self._by_environment(node, inner, path, key)

    def add(
        self,
        error: type[SettingsError],
        path: Path,
        message: str,
        position: Position | None,
        remedy: str | None,
    ) -> None:
        """Keep a fault of what stands at ``path``."""
        place = path_text(path) or "the file"
        self.errors.append(error(f"{place}: {message}", position=position, remedy=remedy))

    def _record(self, node: Node, record: Record, path: Path, key: Position | None) -> Said | None:
        said: dict[str, Said] = {}
        fields = record.fields
        entries = self._entries(node, path, key)
        if entries is None:
            return None
        missing = [name for name in record.required if name not in entries.entries]
        if missing:
            message = f"has no {' and no '.join(missing)}"
            about = fields[missing[0]].about
            remedy = f"add {missing[0]}: {about[0].lower()}{about[1:]}"
            self.add(InvalidSettingsValue, path, message, node.position or key, remedy)
            return None
        for name, value in entries.entries.items():
            here, position = (*path, name), entries.key_position(name)
            field = fields.get(name)
            if field is None:
                remedy = suggest.did_you_mean(name, fields) or f"known here: {_known(fields)}"
                self.add(UnknownSettingsKey, here, "there is no such key", position, remedy)
            elif field.value is None:
                message = "is not supported yet"
                self.add(SettingsKeyNotSupported, here, message, position, field.instead)
            else:
                found = self.read(value, field.value, here, position)
                if found is not None:
                    said[name] = found
        return said

    def _named(self, node: Node, named: Named, path: Path, key: Position | None) -> Said | None:
        said: dict[str, Said] = {}
        entries = self._entries(node, path, key)
        if entries is None:
            return None
        for name, value in entries.entries.items():
            here, position = (*path, name), entries.key_position(name)
            if not _allows(name, named.names):
                message = f"the name must be {named.names.description}"
                remedy = f'as in "{named.names.example}"'
                self.add(InvalidSettingsValue, here, message, position, remedy)
            self.names[here] = position
            found = self.read(value, named.value, here, position)
            if found is not None:
                said[name] = found
        return said

    def _by_environment(
        self, node: Node, value: Value, path: Path, key: Position | None
    ) -> Said | None:
        """Return what is said by environment; what is said once, for `EVERYWHERE`."""
        keys = set(node.entries) if isinstance(node, Mapping) else set()
        if keys and not (isinstance(value, Record) and keys & value.fields.keys()):
            return self._named(node, Named(names=LABEL, value=value), path, key)
        said = self.read(node, value, path, key)
        return None if said is None else {EVERYWHERE: said}

    def _entries(self, node: Node, path: Path, key: Position | None) -> Mapping | None:
        if isinstance(node, Mapping):
            return node
        if isinstance(node, Scalar) and node.value is None:
            return Mapping({}, node.position)
        remedy = "write keys with values, indented below"
        self._wrong_type(node, "a mapping", path, key, remedy)
        return None

    def _list(
        self, node: Node, item: Text | OneOf | Record, path: Path, key: Position | None
    ) -> Said | None:
        if not isinstance(node, Sequence):
            remedy = 'write it as a list: put "- " before it on a line of its own'
            self._wrong_type(node, "a list", path, key, remedy)
            return None
        said: list[Said] = []
        for index, each in enumerate(node.items):
            found = self.read(each, item, (*path, index), key)
            if found is not None:
                said.append(found)
        return said

    def _text(
        self, node: Node, wanted: Text | OneOf, path: Path, key: Position | None
    ) -> str | None:
        text = node.value if isinstance(node, Scalar) else None
        if isinstance(wanted, Text) and (
            (wanted.from_number and type(text) is int)
            or (wanted.from_fraction and type(text) is float)
        ):
            text = str(text)
        if not isinstance(text, str):
            fits_in_quotes = text is not None and _allows(str(text), wanted)
            remedy = "put it in quotes" if fits_in_quotes else f"write {_example(wanted)}"
            self._wrong_type(node, _description(wanted), path, key, remedy)
            return None
        if _allows(text, wanted):
            return text
        if isinstance(wanted, OneOf):
            meant = suggest.did_you_mean(text, wanted.words)
        else:
            meant = f'as in "{wanted.example}"'
        message = f'must be {_description(wanted)}, not "{text}"'
        self.add(InvalidSettingsValue, path, message, node.position or key, meant)
        return None

    def _count(self, node: Node, wanted: Count, path: Path, key: Position | None) -> int | None:
        number = node.value if isinstance(node, Scalar) else None
        if type(number) is int and number >= wanted.least:
            return number
        self._wrong_type(node, wanted.description, path, key, "write 1")
        return None

    def _truth(self, node: Node, path: Path, key: Position | None) -> bool | None:
        if isinstance(node, Scalar) and isinstance(node.value, bool):
            return node.value
        self._wrong_type(node, Truth.description, path, key, "write true or false")
        return None

    def _wrong_type(
        self, node: Node, wanted: str, path: Path, key: Position | None, remedy: str
    ) -> None:
        if isinstance(node, Scalar) and node.value is None:
            # Where nothing stands has no good place; its key has.
            message, position = f"has no value; it must be {wanted}", key or node.position
        else:
            message, position = f"must be {wanted}, not {kind_of(node)}", node.position or key
        self.add(InvalidSettingsValue, path, message, position, remedy)


def _known(fields: dict[str, Field]) -> str:
    return ", ".join(name for name, field in fields.items() if field.value is not None)


def _allows(text: str, wanted: Text | OneOf) -> bool:
    if isinstance(wanted, OneOf):
        return text in wanted.words
    fits = wanted.longest is None or len(text) <= wanted.longest
    return fits and re.fullmatch(wanted.pattern, text) is not None


def _description(wanted: Text | OneOf) -> str:
    return suggest.one_of(wanted.words) if isinstance(wanted, OneOf) else wanted.description


def _example(wanted: Text | OneOf) -> str:
    return f'"{wanted.words[0] if isinstance(wanted, OneOf) else wanted.example}"'
