"""
A scripted Kubernetes API server: fast, in this process, and as faulty as a test asks.

    with FakeApi() as fake:
        fake.behave("web", Behaviour(ready_after=3))
        fake.fail(On(verb="apply", kind="Job"), Fault.status(500))
        ...  # a client that reads fake.kubeconfig(folder), or a process of its own

It says what it does not know how to do (`server.py` lists what it serves), and it is held to the
same table of cases as the real API server (`tests/integration/test_cluster_conformance.py`).
"""

from tests.fake_api.behaviour import Behaviour, Outcome
from tests.fake_api.faults import Fault, On
from tests.fake_api.seen import Seen
from tests.fake_api.server import FakeApi

__all__ = ["Behaviour", "FakeApi", "Fault", "On", "Outcome", "Seen"]
