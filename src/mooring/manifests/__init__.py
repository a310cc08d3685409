"""Anybody's manifests, read from files: documents with their places, kustomizations, faults."""
