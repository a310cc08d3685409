"""What the catalogue says of the settings and options by which members of a cluster differ."""

from collections.abc import Iterator, Sequence

import msgspec

from mooring.images.facts import Cluster, ImageFamily
from mooring.translate.clusters.texts import Slot

NO_SLOT = Slot()


class Knowledge(msgspec.Struct, frozen=True, kw_only=True):
    """``facts`` of clusters of the family, if it has any, and what bounds its memory."""

    facts: Cluster | None = None
    memory: frozenset[str] = frozenset()

    def slot(self, name: str) -> Slot:
        """Return what is known of the setting, or the option of a command, called ``name``."""
        facts = self.facts
        if facts is None or not name:
            return NO_SLOT
        return Slot(
            holds_name=name in facts.name_settings,
            lists_names=name in facts.names_settings,
            lists_peers=name == facts.peers_setting,
            holds_number=name in facts.number_settings,
            binds=name in facts.bind_settings,
        )


def knowledge_of(family: ImageFamily | None) -> Knowledge:
    """Return what is known of clusters of ``family``."""
    if family is None:
        return Knowledge()
    return Knowledge(
        facts=family.cluster[0] if family.cluster else None,
        memory=frozenset(one.setting for one in family.memory if one.setting is not None),
    )


def options(words: Sequence[str]) -> Iterator[tuple[str, str]]:
    """
    Yield the words of a command, each behind the option to which it belongs, or nothing.

    `--port=1` belongs to `--port`, and so does the word after a lone `--port`.
    """
    before = ""
    for word in words:
        is_option = word.startswith("-") and len(word) > 1
        option, equals, _ = word.partition("=")
        if is_option and equals:
            yield option, word
            before = ""
        elif is_option:
            yield "", word
            before = word
        else:
            yield before, word
            before = ""
