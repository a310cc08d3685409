"""Whom the services of a stack dial, where they listen, and whether the one meets the other."""
