"""What is done with each object, why, and what is refused."""

from typing import Any

import pytest
from tests.deploy.objects import (
    Manifest,
    config,
    edited,
    live,
    made,
    namespace,
    ref,
    secret,
    wanted,
    workload,
)

from mooring.deploy import dry_runs
from mooring.deploy import plan as planning
from mooring.deploy.desired import Desired
from mooring.deploy.immutable import Way
from mooring.deploy.inventory import Entry, Inventory
from mooring.deploy.observed import Observed, observed
from mooring.deploy.order import order
from mooring.deploy.plan import Action, Certainty, Options, Plan, Step
from mooring.kube.labels import OWNER
from mooring.refs import ObjectRef
from mooring.report import plan_text
from mooring.semantics.kinds import GroupKind

APPS, BATCH = "apps/v1", "batch/v1"


def plan(
    desired: Desired,
    seen: list[Manifest] | Observed,
    inventory: Inventory | None = None,
    options: Options = planning.DEFAULTS,
) -> Plan:
    """Return the plan for ``desired`` where ``seen`` is there."""
    there = observed(seen) if isinstance(seen, list) else seen
    return planning.plan(desired, order(desired.objects), there, inventory or Inventory(), options)


def there(*manifests: Manifest) -> list[Manifest]:
    """Return the objects as they are after they were deployed."""
    return [live(item.manifest, uid=f"uid-{item.ref.name}") for item in wanted(*manifests).objects]


def remembered(*manifests: Manifest) -> Inventory:
    """Return the inventory after ``manifests`` were deployed."""
    return Inventory().with_applied(
        Entry(item.ref, f"uid-{item.ref.name}", planning.fingerprint(item.manifest, item.ref))
        for item in wanted(*manifests).objects
    )


def only(found: Plan) -> Step:
    """Return the one step of a plan."""
    (step,) = found.steps
    return step


def _job(**more: Any) -> Manifest:
    return workload("migrate", "Job", **more)


FAILED_JOB = {
    **there(_job())[0],
    "status": {"conditions": [{"type": "Failed", "status": "True"}]},
}


@pytest.mark.parametrize(
    ("before", "after", "action", "cause"),
    [
        pytest.param([], config(), Action.CREATE, "new", id="what-is-not-there-is-made"),
        pytest.param(there(config()), config(), Action.UNCHANGED, "", id="nothing-to-do"),
        pytest.param(
            there(workload("web")),
            workload("web", image="w:2", annotations={"mooring.dev/origin": "compose.yaml:41"}),
            Action.CHANGE, "compose.yaml:41 changed annotations and the image",
            id="a-change-names-the-line-that-made-it",
        ),
        pytest.param(
            [live(wanted(config()).objects.get(ref("ConfigMap", "settings")).manifest,
                  manager="kubectl")],
            config(), Action.CHANGE, "it is there as it should be, and is taken over",
            id="what-somebody-else-applied-is-taken-over",
        ),
        pytest.param(
            there(workload("web")), workload("web", selector={"matchLabels": {"a": "b"}}),
            Action.RECREATE, "the manifest changed the selector", id="a-selector-cannot-change",
        ),
        pytest.param(
            there(_job()), _job(image="m:2"), Action.RECREATE, "the manifest changed the image",
            id="a-job-cannot-change",
        ),
        pytest.param(
            [FAILED_JOB], _job(), Action.RECREATE, "it failed before and runs again",
            id="a-job-that-failed-runs-again",
        ),
        pytest.param(
            [{**there(config())[0], "metadata": {**there(config())[0]["metadata"],
              "deletionTimestamp": "2026-01-01T00:00:00Z"}}],
            config(), Action.RECREATE, "it is being deleted, and made anew once it is gone",
            id="what-is-being-deleted-is-made-anew",
        ),
    ],
)  # fmt: skip
def test_actions(before: list[Manifest], after: Manifest, action: Action, cause: str) -> None:
    step = only(plan(wanted(after), before))
    assert (step.action, step.cause) == (action, cause)


def test_drift_names_who_changed_what() -> None:
    (now,) = there(workload("web", replicas=2))
    drifted = edited(now, lambda item: item["spec"].update(replicas=7))
    step = only(
        plan(
            wanted(workload("web", replicas=2)), [drifted], remembered(workload("web", replicas=2))
        )
    )
    assert step.is_drift
    assert step.cause == "drift: kubectl-edit changed the number of replicas"
    assert [(one.field, one.before, one.after) for one in step.fields] == [("spec.replicas", 7, 2)]


def test_what_was_deleted_behind_our_back_is_drift() -> None:
    step = only(plan(wanted(config()), [], remembered(config())))
    assert (step.action, step.is_drift) == (Action.CREATE, True)


def test_a_job_that_completed_and_removed_itself_is_not_run_again() -> None:
    desired = wanted(_job())
    item = desired.objects.get(ref("Job", "migrate", BATCH))
    assert item is not None
    digest = planning.fingerprint(item.manifest, item.ref)
    done = Inventory().with_done(item.ref, digest)
    assert only(plan(desired, [], done)).action is Action.UNCHANGED
    assert only(plan(wanted(_job(image="m:2")), [], done)).action is Action.CREATE


def test_the_number_that_an_autoscaler_chose_is_kept() -> None:
    scaler = made(
        "HorizontalPodAutoscaler",
        "web",
        "autoscaling/v2",
        spec={"scaleTargetRef": {"apiVersion": APPS, "kind": "Deployment", "name": "web"}},
    )
    desired = wanted(workload("web", replicas=2), scaler)
    item = desired.objects.get(ref("Deployment", "web", APPS))
    assert item is not None
    scaled = {**item.manifest, "spec": {**item.spec, "replicas": 6}}
    assert desired.is_scaled(item.ref)
    sent = planning.wanted(item, scaled, is_scaled=True)
    assert sent["spec"]["replicas"] == 6  # type: ignore[index]
    assert planning.wanted(item, None, is_scaled=True) is item.manifest
    (now, *_) = there(workload("web", replicas=2))
    grown = edited(now, lambda one: one["spec"].update(replicas=6), manager="autoscaler")
    assert plan(desired, [grown]).steps[0].action is Action.UNCHANGED
    unwritten = wanted(workload("web"), scaler)
    ours = live({**now, "spec": {**now["spec"], "replicas": 6}}, uid="uid-web")
    (step, _) = plan(unwritten, [ours]).steps
    assert step.action is Action.UNCHANGED, "giving the number up would set it to 1"


def test_a_stateful_set_is_made_anew_around_its_pods() -> None:
    claims = [
        {"metadata": {"name": "data"}, "spec": {"resources": {"requests": {"storage": "1Gi"}}}}
    ]
    more = [{"metadata": {"name": "data"}, "spec": {"accessModes": ["ReadWriteMany"]}}]
    step = only(
        plan(
            wanted(workload("db", "StatefulSet", volumeClaimTemplates=more)),
            there(workload("db", "StatefulSet", volumeClaimTemplates=claims)),
        )
    )
    assert (step.action, step.way) == (Action.RECREATE, Way.ORPHAN)
    assert "claims that exist stay as they are" in step.dangers[0].message


def _claim(size: str, **spec: Any) -> Manifest:
    resources = {"requests": {"storage": size}}
    return made("PersistentVolumeClaim", "data", spec={"resources": resources, **spec})


@pytest.mark.parametrize(
    ("after", "refused"),
    [
        pytest.param(_claim("2Gi"), False, id="a-claim-may-grow"),
        pytest.param(_claim("512Mi"), True, id="a-claim-cannot-shrink"),
        pytest.param(_claim("1Gi", storageClassName="fast"), True, id="nor-change-its-class"),
    ],
)
def test_data_is_lost_only_when_that_is_allowed(after: Manifest, refused: bool) -> None:
    seen = there(_claim("1Gi"))
    found = plan(wanted(after), seen)
    assert bool(found.blocked) is refused
    assert not plan(wanted(after), seen, options=Options(allow_data_loss=True)).blocked


def test_what_belongs_to_another_deployment_is_taken_over_only_when_that_is_allowed() -> None:
    theirs = [
        live(item.manifest) for item in wanted(config(), environment="infrastructure").objects
    ]
    found = plan(wanted(config()), theirs)
    assert [one.needs for one in found.blocked] == ["--take-over"]
    assert "shop.infrastructure" in found.blocked[0].message
    assert not plan(wanted(config()), theirs, options=Options(take_over=True)).blocked


def test_who_means_the_same_deployment_is_told_how_to_name_it() -> None:
    (now,) = there(config())
    now["metadata"]["annotations"][OWNER] = "all-yaml.dev"  # type: ignore[index]
    (danger,) = plan(wanted(config()), [now]).blocked
    assert (danger.needs, danger.instead) == ("--take-over", "-p all-yaml")


def test_a_namespace_that_we_may_not_see_is_left_alone() -> None:
    seen = Observed({}, forbidden=frozenset({GroupKind("", "Namespace")}))
    assert only(plan(wanted(namespace()), seen)).action is Action.UNCHANGED


def test_a_kind_that_is_not_defined_yet_is_unknown() -> None:
    seen = Observed({}, unserved=frozenset({GroupKind("x.io", "Widget")}))
    step = only(plan(wanted(made("Widget", "one", "x.io/v1")), seen))
    assert step.certainty is Certainty.UNKNOWN


# Deleting what is no longer wanted.

OLD = config("old")


def _seen(change: Any = None) -> Manifest:
    (found,) = there(OLD)
    if change:
        change(found["metadata"])
    return found


@pytest.mark.parametrize(
    ("seen", "action", "words"),
    [
        pytest.param(_seen(), Action.PRUNE, "in our inventory with the uid", id="it-is-ours"),
        pytest.param(
            _seen(lambda one: one.update(uid="another")), Action.KEEP, "made it anew",
            id="somebody-made-it-anew",
        ),
        pytest.param(
            _seen(lambda one: one.update(managedFields=[])), Action.KEEP, "field managers",
            id="we-did-not-apply-it",
        ),
        pytest.param(
            _seen(lambda one: one.update(ownerReferences=[{"uid": "x"}])), Action.KEEP,
            "another object owns it", id="somebody-owns-it",
        ),
        pytest.param(
            _seen(lambda one: one["annotations"].update({"mooring.dev/keep": "true"})),
            Action.KEEP, "annotation", id="somebody-asked-to-keep-it",
        ),
        pytest.param(
            _seen(lambda one: one["annotations"].update({OWNER: "shop.staging"})), Action.KEEP,
            "belongs to shop.staging", id="another-environment-has-it-now",
        ),
    ],
)  # fmt: skip
def test_what_is_deleted(seen: Manifest, action: Action, words: str) -> None:
    found = plan(wanted(config()), [*there(config()), seen], remembered(config(), OLD))
    step = found.steps[-1]
    assert (step.ref.name, step.action) == ("old", action)
    assert words in step.cause


@pytest.mark.parametrize("kind", ["PersistentVolumeClaim", "Namespace"])
def test_protected_kinds_stay_unless_they_are_asked_for(kind: str) -> None:
    held = made(kind, "held")
    inventory = remembered(config(), held)
    seen = there(config(), held)
    assert plan(wanted(config()), seen, inventory).steps[-1].action is Action.KEEP
    allowed = Options(prune_protected=True)
    assert plan(wanted(config()), seen, inventory, allowed).steps[-1].action is Action.PRUNE


@pytest.mark.parametrize(
    ("count", "total", "limit", "refused"),
    [
        pytest.param(2, 4, None, False, id="two-are-never-many"),
        pytest.param(4, 10, None, True, id="more-than-30-percent"),
        pytest.param(10, 100, None, False, id="ten-of-many"),
        pytest.param(11, 100, None, True, id="more-than-ten"),
        pytest.param(11, 100, 11, False, id="as-many-as-were-allowed"),
        pytest.param(2, 100, 1, True, id="more-than-were-allowed"),
    ],
)
def test_many_deletions_are_asked_about(
    count: int, total: int, limit: int | None, refused: bool
) -> None:
    every = [config(f"map{letter}") for letter in range(total)]
    found = plan(
        wanted(*every[count:]),
        there(*every),
        remembered(*every),
        Options(prune_limit=limit),
    )
    assert bool(found.blocked) is refused


def test_old_versions_of_what_is_still_wanted_do_not_count() -> None:
    old = [config(f"map{number}-{number:07d}a") for number in range(12)]
    new = [config(f"map{number}-{number:07d}b") for number in range(12)]
    found = plan(wanted(*new), there(*old), remembered(*old))
    assert found.count(Action.PRUNE) == 12
    assert not found.blocked


def test_nothing_is_deleted_without_being_asked_for() -> None:
    found = plan(wanted(config()), there(config(), OLD), remembered(config(), OLD),
                 Options(prune=False))  # fmt: skip
    assert found.count(Action.PRUNE) == 0


# What is shown and saved.


def test_secret_values_are_hashes_in_plans() -> None:
    found = plan(wanted(secret(PASSWORD="canary-7f3a")), there(secret(PASSWORD="before-1b2c")))
    for text in (found.encoded().decode(), plan_text.text(found), repr(found)):
        assert "canary-7f3a" not in text
        assert "Y2FuYXJ5LTdmM2E" not in text
        assert "before-1b2c" not in text
    assert "<secret " in plan_text.text(found)


def test_the_same_plan_is_the_same_bytes() -> None:
    objects = (namespace(), secret(), workload("web"))
    assert plan(wanted(*objects), []).encoded() == plan(wanted(*objects), []).encoded()
    other = (namespace(), secret(PASSWORD="another-value"), workload("web"))
    assert plan(wanted(*objects), []).encoded() != plan(wanted(*other), []).encoded()


def test_the_server_has_the_last_word() -> None:
    desired = wanted(workload("web", image="w:2"))
    found = plan(desired, there(workload("web")))
    web = ref("Deployment", "web", APPS)
    same = dry_runs.refined(found, {web: dry_runs.Asked(is_same=True)})
    assert only(same).action is Action.UNCHANGED
    refused = dry_runs.refined(found, {web: dry_runs.Asked("image: Required value")})
    assert only(refused).refused
    assert refused.blocked
    accepted = dry_runs.refined(found, {web: dry_runs.Asked()})
    assert only(accepted).certainty is Certainty.EXACT


def test_a_plan_reads_as_text() -> None:
    desired = wanted(
        namespace(),
        workload("web", image="w:2", annotations={"mooring.dev/origin": "compose.yaml:41"}),
        config(),
    )
    before = workload("web", annotations={"mooring.dev/origin": "compose.yaml:41"})
    seen = there(namespace(), before, OLD)
    told = plan_text.text(plan(desired, seen, remembered(namespace(), before, OLD)))
    assert told == (
        "shop in dev, namespace shop-dev\n"
        "  ~ Deployment/web      compose.yaml:41 changed the image\n"
        "      spec.template.spec.containers[web].image: shop/web:1 -> w:2\n"
        "  + ConfigMap/settings  new\n"
        "  - ConfigMap/old       no longer wanted (in our inventory with the uid uid-old, applied "
        "by mooring)\n"
        "\n"
        "1 to create, 1 to change, 1 to delete, 1 unchanged"
    )


def _hook(events: str, *, image: str = "shop/web:1", name: str = "migrate") -> Manifest:
    return workload(name, "Job", image=image, annotations={"helm.sh/hook": events})


@pytest.mark.parametrize(
    "events", ["pre-delete", "post-delete", "pre-rollback", "test", "test-success,post-rollback"]
)
def test_hooks_for_something_else_are_left_out_and_told(events: str) -> None:
    found = plan(wanted(config(), _hook(events, name="wipe")), [])
    assert [step.ref.name for step in found.steps] == ["settings"]
    told = plan_text.text(found).splitlines()
    why = f"a hook for {', '.join(sorted(events.split(',')))}"
    assert f"  · Job/wipe            left out: {why}" in told


@pytest.mark.parametrize("events", ["pre-install", "post-install,pre-delete", "pre-upgrade", ""])
def test_what_is_meant_for_going_up_is_not(events: str) -> None:
    assert only(plan(wanted(_hook(events)), [])).action is Action.CREATE


COMPLETE = {"status": {"conditions": [{"type": "Complete", "status": "True"}]}}


@pytest.mark.parametrize(
    ("events", "action"),
    [
        pytest.param("post-install", Action.UNCHANGED, id="first-data-are-not-put-in-twice"),
        pytest.param("post-install,post-upgrade", Action.RECREATE, id="upgrades-are-served"),
        pytest.param("", Action.RECREATE, id="a-job-of-ones-own-runs-with-each-change"),
    ],
)
def test_a_hook_of_the_installation_runs_once(events: str, action: Action) -> None:
    before = _hook(events)
    done = {**there(before)[0], **COMPLETE}
    after = wanted(_hook(events, image="shop/web:2"))
    assert only(plan(after, [done], remembered(before))).action is action


def test_a_hook_of_the_installation_that_failed_runs_again() -> None:
    before = _hook("pre-install")
    failed = {**there(before)[0], "status": FAILED_JOB["status"]}
    step = only(plan(wanted(_hook("pre-install", image="m:2")), [failed], remembered(before)))
    assert step.action is Action.RECREATE


def test_a_password_of_the_installation_is_kept() -> None:
    notes = {"helm.sh/hook": "pre-install"}
    before = made("Secret", "made", annotations=notes, stringData={"PASSWORD": "first"})
    after = made("Secret", "made", annotations=notes, stringData={"PASSWORD": "second"})
    assert only(plan(wanted(after), there(before), remembered(before))).action is Action.UNCHANGED


def test_a_claim_that_asks_for_more_is_told_by_its_size() -> None:
    def store(size: str) -> Manifest:
        claim = {
            "metadata": {"name": "data"},
            "spec": {"resources": {"requests": {"storage": size}}},
        }
        return workload("db", "StatefulSet", volumeClaimTemplates=[claim])

    step = only(plan(wanted(store("2Gi")), there(store("1Gi"))))
    field = "spec.volumeClaimTemplates[data].spec.resources.requests.storage"
    assert [(one.field, one.before, one.after) for one in step.fields] == [(field, "1Gi", "2Gi")]
    assert (step.action, step.way) == (Action.RECREATE, Way.ORPHAN)


def test_the_same_refusal_of_many_objects_is_one_line() -> None:
    mine = [config(name) for name in ("a", "b", "c")]
    seen = there(*mine)
    for one in seen:
        one["metadata"]["annotations"][OWNER] = "other.dev"  # type: ignore[index]
    told = plan_text.text(plan(wanted(*mine), seen)).splitlines()
    assert told[-1] == (
        "refused: ConfigMap/shop-dev/a and 2 others: it belongs to the deployment other.dev "
        "(allowed by --take-over)"
    )


def test_the_home_is_the_namespace_that_the_project_makes() -> None:
    assert wanted(namespace(), config()).home == "shop-dev"
    elsewhere = made("ConfigMap", "far", namespace="elsewhere")
    assert wanted(elsewhere).home == "elsewhere"
    assert ObjectRef("v1", "ConfigMap", "far", "elsewhere") in wanted(elsewhere).refs
