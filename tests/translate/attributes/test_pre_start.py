"""Steps before a service starts, each seen as a container of its own."""

from tests.translate.support import complaints, fates, rules, service, unaccounted

from mooring.compose.environment import EnvValue, Origin
from mooring.compose.nodes import Plain, plain
from mooring.settings.choices import Choices
from mooring.translate.attributes import image, pre_start, process
from mooring.translate.unsupported import account
from mooring.translate.view import ServiceView

NO_CHOICES = Choices()
MOUNT: Plain = {"type": "volume", "source": "data", "target": "/data"}
OTHER: Plain = {"type": "bind", "source": "/x", "target": "/data/"}


def test_a_step_is_seen_as_a_service() -> None:
    view = service({"pre_start": [{"image": "migrate:1", "command": ["up"]}], "image": "web"})
    (step,) = pre_start.translate(view).value
    assert process.translate(step.view).value.arguments == ("up",)
    found = image.translate(step.view, NO_CHOICES).value
    assert found is not None
    assert found.reference == "migrate:1"


def test_what_is_said_of_a_step_stands_at_the_step() -> None:
    view = service({"pre_start": [{"image": "a"}, {"image": "b", "command": ["up"]}]})
    step = pre_start.translate(view).value[1]
    assert process.translate(step.view).notes[0] == process.carried(
        ("services", "web", "pre_start", 1, "command"), "container.args"
    )


def test_the_notes_of_steps_and_of_the_service_stand_side_by_side() -> None:
    hook: Plain = {"image": "a", "command": ["x"], "ulimits": {"nofile": 1}, "per_replica": True}
    view = service({"command": ["y"], "ulimits": {"nofile": 2}, "pre_start": [hook]})
    translated = pre_start.translate(view)
    notes = [*translated.notes, *process.translate(view).notes, *account(view)]
    for step in translated.value:
        notes += process.translate(step.view).notes
    assert fates(view, notes) == {
        "command[0]": "carried",
        "ulimits.nofile": "dropped",
        "pre_start[0].image": "carried",
        "pre_start[0].command[0]": "carried",
        "pre_start[0].ulimits.nofile": "dropped",
        "pre_start[0].per_replica": "carried",
    }


def test_a_step_without_an_image_runs_in_the_built_one() -> None:
    build: Plain = {"context": "/app"}
    view = service({"build": build, "pre_start": [{"command": ["up"]}]}, dockerfile="FROM a\n")
    (step,) = pre_start.translate(view).value
    translated = image.translate(step.view, NO_CHOICES)
    assert translated.value is not None
    assert (translated.value.reference, translated.value.built) == ("shop-web", True)
    assert translated.notes == ()
    assert step.view.image_facts is view.image_facts


def test_a_step_in_another_image_knows_nothing_of_the_dockerfile() -> None:
    view = service({"image": "web", "pre_start": [{"image": "b"}]}, dockerfile="FROM a\n")
    (step,) = pre_start.translate(view).value
    assert step.view.image_facts is None


def test_a_step_has_the_mounts_of_its_service_after_its_own() -> None:
    cache: Plain = {"type": "volume", "source": "cache", "target": "/cache"}
    view = service({"volumes": [MOUNT, cache], "pre_start": [{"image": "a", "volumes": [OTHER]}]})
    (step,) = pre_start.translate(view).value
    mounts = step.view.get("volumes")
    assert mounts is not None
    assert plain(mounts) == [OTHER, cache]


def test_a_step_without_mounts_has_those_of_its_service() -> None:
    view = service({"volumes": [MOUNT], "pre_start": [{"image": "a"}]})
    (step,) = pre_start.translate(view).value
    mounts = step.view.get("volumes")
    assert mounts is not None
    assert plain(mounts) == [MOUNT]


def test_what_a_pod_has_once_is_the_service_s() -> None:
    hook: Plain = {"image": "a", "hostname": "h", "dns": ["10.0.0.1"], "use_api_socket": True}
    view = service({"hostname": "h", "use_api_socket": True, "pre_start": [hook]})
    translated = pre_start.translate(view)
    told = fates(view, translated.notes)
    assert told["pre_start[0].hostname"] == "carried"
    assert told["pre_start[0].dns[0]"] == "dropped"
    assert told["pre_start[0].use_api_socket"] == "refused"
    assert rules(translated.notes) == ["step-repeated"]
    assert complaints(translated.notes) == []


def test_what_only_a_step_says_is_found_at_the_step() -> None:
    view = service({"pre_start": [{"image": "a", "use_api_socket": True, "per_replica": True}]})
    translated = pre_start.translate(view)
    assert rules(translated.notes) == ["container-engine-api"]


def test_once_for_the_service_is_not_what_a_pod_does() -> None:
    view = service({"pre_start": [{"image": "a"}, {"image": "a", "per_replica": True}]})
    translated = pre_start.translate(view)
    assert fates(view, translated.notes) == {
        "pre_start[0].image": "approximated",
        "pre_start[1].image": "carried",
        "pre_start[1].per_replica": "carried",
    }
    assert rules(translated.notes) == ["step-repeated"]
    assert complaints(translated.notes) == []


def test_each_step_has_its_own_environment() -> None:
    view = service({"pre_start": [{"image": "a", "environment": {"A": "1", "B": None}}]})
    (step,) = pre_start.translate(view).value
    found = {name: one.value for name, one in step.view.environment.items()}
    assert found == {"A": "1", "B": None}


def test_a_variable_that_a_step_inherits_keeps_its_origin() -> None:
    hook: Plain = {"image": "a", "environment": {"A": "1", "B": "2"}}
    inherited = EnvValue(value="1", origin=Origin.ENV_FILE)
    plain_view = service({"pre_start": [hook]})
    view = ServiceView(plain_view.name, plain_view.attributes, {"A": inherited, "B": inherited})
    (step,) = pre_start.translate(view).value
    assert step.view.environment["A"] is inherited
    assert step.view.environment["B"].value == "2"


def test_no_steps() -> None:
    assert pre_start.translate(service({})).value == ()
    view = service({"pre_start": []})
    assert unaccounted(view, pre_start.translate(view).notes) == []
