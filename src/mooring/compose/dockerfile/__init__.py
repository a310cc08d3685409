"""
Dockerfile facts: the evidence that a service's build gives about its container.

``read`` turns the text of a Dockerfile into facts and never fails: what the builder would refuse,
and what only the base image knows, are findings.  ``locate`` finds the Dockerfile that Compose
would build from, and says why where there is none to read.
"""

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
