"""Who may take a lease, and when."""

import pytest

from mooring.deploy import lease
from mooring.deploy.lease import Held, Holder
from mooring.refs import ObjectRef

ME = Holder(shown="ann@here (process 7)", place="boot/ns", process="7-100", nonce="n1")
OTHER = Holder(shown="bob@there (process 9)", place="other/ns", process="9-5", nonce="n2")
REF = ObjectRef("coordination.k8s.io/v1", "Lease", "mooring.shop.dev", "shop-dev")


def held_by(holder: Holder) -> Held:
    """Return the lease as ``holder`` has written it."""
    made = lease.taken(REF, holder, now="2026-01-01T00:00:00Z", acquired="x", before=None)
    made["metadata"]["resourceVersion"] = "5"
    return lease.read(made)


@pytest.mark.parametrize(
    ("held", "unchanged", "alive", "may"),
    [
        pytest.param(Held(version="1"), 0.0, True, True, id="nobody-has-it"),
        pytest.param(held_by(ME), 0.0, True, True, id="it-is-ours"),
        pytest.param(held_by(OTHER), 0.0, True, False, id="somebody-has-it"),
        pytest.param(held_by(OTHER), 29.0, True, False, id="it-may-yet-be-renewed"),
        pytest.param(held_by(OTHER), 31.0, True, True, id="it-was-not-renewed"),
        pytest.param(held_by(OTHER), 0.0, False, False, id="we-cannot-know-of-other-machines"),
        pytest.param(
            held_by(Holder(shown="x", place="boot/ns", process="8-1", nonce="z")), 0.0, False, True,
            id="its-process-on-this-machine-is-gone",
        ),
        pytest.param(
            held_by(Holder(shown="x", place="boot/ns", process="8-1", nonce="z")), 0.0, True, False,
            id="its-process-on-this-machine-lives",
        ),
        pytest.param(
            held_by(Holder(shown="x", place="", process="8-1", nonce="z")), 0.0, False, False,
            id="a-machine-that-cannot-be-told-from-others",
        ),
    ],
)  # fmt: skip
def test_who_may_take_it(held: Held, unchanged: float, alive: bool, may: bool) -> None:
    found = lease.may_take(held, ME, unchanged_seconds=unchanged, is_alive=lambda _: alive)
    assert found is may


def test_a_lease_says_who_holds_it_and_how_often_it_changed_hands() -> None:
    before = held_by(OTHER)
    made = lease.taken(REF, ME, now="t", acquired="t", before=before)
    assert made["metadata"]["resourceVersion"] == "5"
    assert made["spec"]["leaseTransitions"] == 1
    read = lease.read(made)
    assert (read.shown, read.place, read.process) == (ME.shown, ME.place, ME.process)
    again = lease.taken(REF, ME, now="t2", acquired="t", before=read)
    assert again["spec"]["leaseTransitions"] == 1


def test_a_lease_that_was_given_back_is_free() -> None:
    assert lease.read(lease.released(REF, held_by(ME))).is_free
