"""Kustomizations, built as `kustomize build` builds them, without the program."""
