"""Kinds as a person says them: "2 NetworkPolicies", "1 Ingress"."""


def plural(kind: str) -> str:
    """Return the word for several objects of ``kind``."""
    if kind.endswith("y"):
        return f"{kind[:-1]}ies"
    return f"{kind}es" if kind.endswith("s") else f"{kind}s"


def counted(count: int, kind: str) -> str:
    """Return how many objects of ``kind`` there are."""
    return f"{count} {kind if count == 1 else plural(kind)}"
