"""Compose files as Docker Compose understands them: from text to a `Project`, with positions."""
