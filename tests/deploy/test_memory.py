"""Journal, inventory and records: what is remembered, and in which pieces."""

import random

import pytest
from tests.deploy.deploying import run
from tests.deploy.in_process import InProcess
from tests.deploy.objects import NAMESPACE, config, namespace, ref, secret, wanted, workload
from tests.fake_api import FakeApi

from mooring.cluster.changes import KindName
from mooring.deploy import inventory, journal, masking, records
from mooring.deploy import plan as planning
from mooring.deploy.inventory import Entry, Inventory
from mooring.deploy.journal import KEPT, MOST_BYTES, Journal, Revision, State
from mooring.deploy.memory import Memory
from mooring.deploy.observed import observed
from mooring.deploy.order import order
from mooring.deploy.redaction import Redactor
from mooring.refs import ObjectRef

A, B = ref("ConfigMap", "a"), ref("ConfigMap", "b")


def revision(number: int, state: State = State.VERIFIED, **more: object) -> Revision:
    """Return a revision."""
    return Revision(
        number=number, digest=f"d{number}", state=state, started="t", by="ann", pieces=1, **more
    )  # type: ignore[arg-type]


def test_the_inventory_grows_before_and_shrinks_after() -> None:
    one = Inventory().with_applied([Entry(A, "uid-a", "da")])
    wider = one.with_planned([A, B])
    assert wider.get(A) == Entry(A, "uid-a", "da")
    assert wider.get(B) == Entry(B)
    assert [entry.ref for entry in wider.beyond([A])] == [B]
    assert wider.without([B]).get(B) is None


def test_versions_of_a_kind_are_the_same_object() -> None:
    old, new = (
        ObjectRef(f"autoscaling/{v}", "HorizontalPodAutoscaler", "x", "n") for v in ("v1", "v2")
    )
    one = Inventory().with_applied([Entry(old, "uid", "d")])
    assert one.beyond([new]) == ()
    assert one.with_planned([new]).get(old) == Entry(new, "uid", "d")


def test_completed_jobs_are_remembered_by_what_they_ran() -> None:
    job = ref("Job", "migrate", "batch/v1")
    one = Inventory().with_done(job, "d1").with_done(job, "d2")
    assert one.has_done(job, "d1")
    assert not one.has_done(job, "d3")
    assert inventory.decoded(one.encoded()) == one
    assert one.without([job]).has_done(job, "d1"), "also when the Job itself is gone"


def test_an_interrupted_revision_goes_on_and_another_ends_it() -> None:
    one = Journal().begun(revision(1)).begun(revision(2, State.DEPLOYING))
    assert one.interrupted is not None
    goes_on = one.begun(revision(2, State.DEPLOYING))
    assert [each.number for each in goes_on.revisions] == [1, 2]
    other = one.begun(revision(3, State.DEPLOYING))
    assert [each.state for each in other.revisions] == [
        State.VERIFIED, State.FAILED, State.DEPLOYING,
    ]  # fmt: skip
    assert other.revisions[1].reason == "interrupted"


def test_the_last_verified_revision_is_never_forgotten() -> None:
    one = Journal().begun(revision(1))
    for number in range(2, KEPT + 5):
        one = one.begun(revision(number, State.FAILED))
    kept, gone = one.bounded()
    assert kept.verified is not None
    assert kept.verified.number == 1
    assert len(kept.revisions) == KEPT + 1
    assert [each.number for each in gone] == list(range(2, 5))
    assert journal.decoded(kept.encoded()) == kept


def test_history_is_bounded_by_bytes_as_well() -> None:
    one = Journal()
    for number in range(1, 8):
        one = one.begun(revision(number, size=MOST_BYTES // 3))
    kept, gone = one.bounded()
    assert [each.number for each in kept.revisions] == [5, 6, 7]
    assert [each.number for each in gone] == [1, 2, 3, 4]
    huge = Journal().begun(revision(1, size=MOST_BYTES)).begun(revision(2, size=MOST_BYTES))
    assert huge.bounded()[1] == (), "one can always go back"


def test_failures_push_nothing_out_that_one_goes_back_to() -> None:
    one = Journal().begun(revision(1, size=10))
    for number in range(2, 6):
        one = one.begun(revision(number, State.FAILED, size=MOST_BYTES // 2))
    kept, _ = one.bounded()
    assert [each.number for each in kept.revisions] == [1, 5]


def test_the_changes_of_a_revision_are_one_line() -> None:
    names = [f"settings-{number}" for number in range(100)]
    desired = wanted(*(config(name) for name in names))
    plan = planning.plan(desired, order(desired.objects), observed([]), Inventory())
    assert journal.changes(plan) == "100 new"
    live_ones = [{**item.manifest, "metadata": {**item.manifest["metadata"], "uid": "u"}}
                 for item in desired.objects]  # fmt: skip
    plan = planning.plan(desired, order(desired.objects), observed(live_ones), Inventory())
    told = journal.changes(plan)
    assert told.startswith("~ ConfigMap/settings-0, ~ ConfigMap/settings-1, ")
    assert len(told) == 300


def test_one_goes_back_to_what_was_verified() -> None:
    one = Journal().begun(revision(1)).begun(revision(2, State.FAILED)).begun(revision(3))
    found = one.before(3)
    assert found is not None
    assert found.number == 1


@pytest.mark.parametrize("size", [10, 3 * records.PIECE_BYTES])
def test_content_of_any_size_is_kept_in_pieces(size: int) -> None:
    content = random.Random(7).randbytes(size)
    packed = records.pieces(content)
    assert all(len(piece) <= records.PIECE_BYTES for piece in packed)
    made = [
        records.content_of(records.secret(ObjectRef("v1", "Secret", f"s{n}", "n"), piece))
        for n, piece in enumerate(packed)
    ]
    assert records.joined(made) == content
    assert records.pieces(content) == packed, "the same bytes for the same content"


def test_a_mask_tells_a_change_and_nothing_else() -> None:
    assert masking.masked("one", "a") == masking.masked("one", "a")
    assert masking.masked("one", "a") != masking.masked("two", "a")
    assert masking.masked("one", "a") != masking.masked("one", "b"), "nor who has the same"
    ref_ = ref("Secret", "s")
    assert masking.shown(ref_, ("metadata", "name"), "s") == "s"
    assert str(masking.shown(ref_, ("data",), {"A": "eA=="})).startswith("{'A': '<secret ")


def test_values_of_secrets_are_masked_in_what_others_write() -> None:
    redact = Redactor(wanted(secret(KEY="canary-7f3a", SHORT="on"), config()).objects)
    assert redact("login with canary-7f3a failed, on 1") == "login with ******** failed, on 1"
    assert redact("Y2FuYXJ5LTdmM2E=") == "********"
    assert "canary" not in repr(redact)


def test_a_secret_in_the_environment_of_a_workload_is_no_secret_of_ours() -> None:
    assert Redactor(wanted(workload("web")).objects)("shop/web:1") == "shop/web:1"


def test_what_no_longer_holds_a_piece_of_the_inventory_is_deleted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(records, "PIECE_BYTES", 200)
    noise = random.Random(3)
    large = Inventory().with_applied(
        [
            Entry(ref("ConfigMap", f"c{n}"), f"{noise.random()}", f"{noise.random()}")
            for n in range(40)
        ]
    )
    changed = large.without([ref("ConfigMap", "c0")])
    fake = FakeApi()

    async def work() -> list[set[str]]:
        client = InProcess(fake)
        await client.apply(namespace(), force=True)
        memory = Memory(client, NAMESPACE, "shop", "dev")
        await memory.read()
        found = []
        for one in (large, changed, Inventory()):
            await memory.save_inventory(one)
            memory = Memory(client, NAMESPACE, "shop", "dev")
            await memory.read()
            assert memory.inventory == one
            listing = await client.list(KindName("v1", "ConfigMap"), namespace=NAMESPACE)
            found.append({item["metadata"]["name"] for item in listing.items})
        return found

    first, second, last = run(fake, work)
    assert len(first) > 5
    assert first & second == last, "none of the former pieces is left"
    assert len(last) == 1
