"""Kubernetes objects that we make, how they are named, and how they become manifests."""
