"""Mooring brings a Docker Compose stack into Kubernetes and keeps it standing there."""

__version__ = "0.1.0"
