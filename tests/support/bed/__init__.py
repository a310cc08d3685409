"""The test bed: a real control plane, and nodes whose pods live as their labels say."""

from tests.support.bed.client import BedClient, behaving
from tests.support.bed.cluster import Bed
from tests.support.bed.stages import LABEL, Note, Stage

__all__ = ["LABEL", "Bed", "BedClient", "Note", "Stage", "behaving"]
