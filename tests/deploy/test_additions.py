"""What people add by hand beside our fields is told, and stays."""

from typing import Any

import pytest
from tests.deploy.objects import Manifest, config, live, wanted, workload
from tests.deploy.test_plan import only, plan, remembered, there

from mooring.deploy import additions
from mooring.deploy.plan import Action
from mooring.report import plan_text

CONTAINER = 'k:{"name":"web"}'


def _of_pod(inner: Any) -> Any:
    return {"f:spec": {"f:template": {"f:spec": {"f:containers": {CONTAINER: inner}}}}}


VARIABLE = _of_pod(
    {"f:env": {".": {}, 'k:{"name":"DEBUG"}': {".": {}, "f:name": {}, "f:value": {}}}}
)


def _added(holder: str, owned: Any, change: Any, of: Manifest | None = None) -> Any:
    (found,) = there(of or workload("web"))
    made: Any = {**found}
    change(made)
    made["metadata"]["managedFields"].append(
        {"manager": holder, "operation": "Update", "fieldsV1": owned}
    )
    return made


def _debug(item: Any) -> None:
    (container,) = item["spec"]["template"]["spec"]["containers"]
    container["env"] = [{"name": "DEBUG", "value": "1"}]


def test_a_variable_that_was_set_by_hand() -> None:
    edited = _added("kubectl-set", VARIABLE, _debug)
    found = plan(wanted(workload("web")), [edited], remembered(workload("web")))
    step = only(found)
    assert step.action is Action.UNCHANGED
    assert step.cause == "kubectl-set added the variable DEBUG, which stays"
    field = "spec.template.spec.containers[web].env[DEBUG]"
    assert [one.field for one in step.additions] == [field]
    assert plan_text.text(found).splitlines()[1:] == [
        "  = Deployment/web  kubectl-set added the variable DEBUG, which stays",
        f'      {field}: {{"name":"DEBUG","value":"1"}}  added by kubectl-set, stays',
        "",
        "nothing to change: 1 object is as it should be, 1 with additions by hand",
    ]


def test_a_key_that_was_added_by_hand() -> None:
    owned: Any = {"f:data": {"f:MORE": {}}}
    edited = _added(
        "kubectl-edit", owned, lambda item: item["data"].update(MORE="x"), config(MODE="fast")
    )
    assert [one.field for one in additions.by_hand(edited)] == ["data.MORE"]


@pytest.mark.parametrize(
    ("holder", "owned", "change"),
    [
        pytest.param("sidecar-injector", VARIABLE, _debug, id="what-a-webhook-adds"),
        pytest.param(
            "kubectl-label", {"f:metadata": {"f:labels": {"f:team": {}}}},
            lambda item: item["metadata"].update(labels={"team": "a"}), id="labels-of-the-object",
        ),
        pytest.param(
            "kubectl-rollout",
            {"f:spec": {"f:template": {"f:metadata": {"f:annotations": {
                ".": {}, "f:kubectl.kubernetes.io/restartedAt": {}}}}}},
            lambda item: item["spec"]["template"]["metadata"].update(
                annotations={"kubectl.kubernetes.io/restartedAt": "now"}),
            id="a-restart",
        ),
        pytest.param("kubectl-edit", VARIABLE, lambda item: None, id="what-is-gone-again"),
        pytest.param(
            "kubectl-edit", _of_pod({"f:image": {}}), lambda item: None, id="what-is-ours-as-well"
        ),
    ],
)  # fmt: skip
def test_is_no_addition_by_hand(holder: str, owned: Any, change: Any) -> None:
    assert additions.by_hand(_added(holder, owned, change)) == ()


def test_what_is_not_ours_is_nobodys_addition() -> None:
    (item,) = wanted(workload("web")).objects
    assert additions.by_hand(live(item.manifest, manager="helm")) == ()
