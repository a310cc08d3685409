"""Label and name selectors of lists and watches."""

import re
from typing import Any


def matches(item: dict[str, Any], query: dict[str, str]) -> bool:
    """Return whether ``item`` is asked for by ``query``."""
    labels = item["metadata"].get("labels") or {}
    for part in _parts(query.get("fieldSelector", "")):
        path, _, value = part.partition("=")
        if str(_at(item, path.split("."))) != value.lstrip("="):
            return False
    return all(_holds(one, labels) for one in _parts(query.get("labelSelector", "")))


def _at(value: Any, path: list[str]) -> Any:
    for step in path:
        value = value.get(step, "") if isinstance(value, dict) else ""
    return value


def _parts(selector: str) -> list[str]:
    return [one.strip() for one in re.split(r",(?![^(]*\))", selector) if one.strip()]


def _holds(part: str, labels: dict[str, str]) -> bool:
    if found := re.fullmatch(r"(\S+)\s+(in|notin)\s+\((.*)\)", part):
        values = {one.strip() for one in found[3].split(",")}
        return (labels.get(found[1]) in values) == (found[2] == "in")
    if "!=" in part:
        key, _, value = part.partition("!=")
        return labels.get(key.strip()) != value.strip()
    if "=" in part:
        key, _, value = part.partition("=")
        return labels.get(key.strip()) == value.lstrip("=").strip()
    return part[1:] not in labels if part.startswith("!") else part in labels
