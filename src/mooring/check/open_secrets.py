"""Secrets that stand in the environment of containers, where anybody reads them."""

from collections.abc import Callable, Iterator

import msgspec

from mooring.check.bundle import Bundle
from mooring.refs import ObjectRef
from mooring.translate import secrecy


class OpenSecret(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A secret ``value``; ``named`` says what has it, and it stands at ``field`` of ``holder``."""

    value: str
    named: str
    holder: ObjectRef
    field: str


def open_secrets(bundle: Bundle, is_meant: Callable[[str], bool]) -> Iterator[OpenSecret]:
    """
    Yield the variables that are secret by their names and whose values are as is meant.

    What a Secret holds is none of them.  A value that many containers import comes once.
    """
    told: set[tuple[ObjectRef, str]] = set()
    for container in bundle.containers:
        for one in container.variables:
            is_held = one.source is not None and one.source.kind == "Secret"
            if not one.value or is_held or not secrecy.is_secret_name(one.name):
                continue
            place = one.place(container.owner)
            if not is_meant(one.value) or place in told:
                continue
            told.add(place)
            named = (
                f"the variable {one.name} of the container {container.name}"
                if one.source is None
                else f'the value of "{one.key}"'
            )
            yield OpenSecret(value=one.value, named=named, holder=place[0], field=place[1])
