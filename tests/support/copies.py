"""Copies of manifests and other plain values, much faster than those of `copy.deepcopy`."""

import pickle
from typing import TypeVar

Value = TypeVar("Value")


def copied(value: Value) -> Value:
    """Return a copy of ``value`` that shares nothing with it that can be changed."""
    copy: Value = pickle.loads(pickle.dumps(value, pickle.HIGHEST_PROTOCOL))
    return copy
