"""Judges objects: rule by rule, each object against all others and what Kubernetes will do."""
