"""Fixes as JSON Patches of an object, made from the field paths that findings carry."""

from mooring.findings import Fix, Safety
from mooring.manifests.places import Step, steps
from mooring.semantics.fields import Manifest


def put(manifest: Manifest, field: str, value: object, *, description: str, safety: Safety) -> Fix:
    """Return the fix that gives ``field`` of ``manifest`` the ``value``, making what it lies in."""
    path = steps(field, manifest)
    depth, held = _depth(manifest, path)
    for step in reversed(path[depth + 1 :]):
        value = {step: value} if isinstance(step, str) else [value]
    operation = "replace" if depth + 1 == len(path) and _has(held, path[-1]) else "add"
    return Fix(
        description=description,
        safety=safety,
        patch=({"op": operation, "path": pointer(path[: depth + 1]), "value": value},),
    )


def take(manifest: Manifest, field: str, *, description: str, safety: Safety) -> Fix:
    """Return the fix that takes ``field`` away from ``manifest``."""
    path = pointer(steps(field, manifest))
    return Fix(description=description, safety=safety, patch=({"op": "remove", "path": path},))


def pointer(path: tuple[Step, ...]) -> str:
    """Return ``path`` as a JSON Pointer (RFC 6901)."""
    return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in path)


def _depth(manifest: Manifest, path: tuple[Step, ...]) -> tuple[int, object]:
    """Return how many steps of ``path``, but for the last, are there, and what the last is in."""
    held: object = manifest
    for depth, step in enumerate(path[:-1]):
        if not _has(held, step):
            return depth, held
        held = held[step]  # type: ignore[index]
    return len(path) - 1, held


def _has(held: object, step: Step) -> bool:
    if isinstance(held, dict):
        return step in held
    return isinstance(held, list) and isinstance(step, int) and 0 <= step < len(held)
