"""
Dockerfile facts: the evidence that a service's build gives about its container.

``read`` turns the text of a Dockerfile into facts and never fails: what the builder would refuse,
and what only the base image knows, are findings.  ``locate`` finds the Dockerfile that Compose
would build from, and says why where there is none to read.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mooring.compose.dockerfile.build import read
    from mooring.compose.dockerfile.facts import (
        Argument,
        CommandLine,
        Copy,
        DockerfileFacts,
        ExposedPort,
        Form,
        HealthCheck,
        ImageFacts,
        Stage,
        Text,
    )
    from mooring.compose.dockerfile.location import NoDockerfile, Reason, is_remote, locate

__all__ = [
    "Argument",
    "CommandLine",
    "Copy",
    "DockerfileFacts",
    "ExposedPort",
    "Form",
    "HealthCheck",
    "ImageFacts",
    "NoDockerfile",
    "Reason",
    "Stage",
    "Text",
    "is_remote",
    "locate",
    "read",
]


def __getattr__(name: str) -> object:
    """Import what is asked for first: many stacks build nothing, and need no reader (PEP 562)."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from mooring.compose.dockerfile import build, facts, location

    for home in (facts, location, build):
        if hasattr(home, name):
            return globals().setdefault(name, getattr(home, name))
    raise AssertionError(name)
