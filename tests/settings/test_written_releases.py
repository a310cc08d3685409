"""`releases` of mooring.yaml: what is deployed together, in which order, in which environment."""

import pytest

from mooring.errors import InputErrors
from mooring.settings.reader import read
from mooring.settings.releases import Release


def _read(text: str, *, directory: str = "") -> tuple[Release, ...]:
    return read(text.encode(), "mooring.yaml", directory=directory).releases


THREE = """\
releases:
  application: {needs: [monitoring, infrastructure]}
  monitoring: {path: mon, namespace: watch, needs: [infrastructure], environments: [staging]}
  infrastructure: {path: ../infra, environment: {staging: test, production: live}}
"""


def test_each_stands_behind_what_it_needs() -> None:
    assert [one.name for one in _read(THREE)] == ["infrastructure", "monitoring", "application"]


def test_those_without_relation_stay_as_they_are_written() -> None:
    text = "releases: {c: {path: c}, b: {path: b}, a: {path: a}}\n"
    assert [one.name for one in _read(text)] == ["c", "b", "a"]


def test_paths_begin_at_the_folder_of_the_file() -> None:
    infrastructure, monitoring, application = _read(THREE, directory="/stack")
    assert (infrastructure.path, monitoring.path) == ("/stack/../infra", "/stack/mon")
    assert application.path == ""


@pytest.mark.parametrize(
    ("said", "environment", "own"),
    [
        pytest.param("{path: a}", "staging", "staging", id="the-same-where-nothing-is-said"),
        pytest.param("{path: a, environment: shared}", "staging", "shared", id="one-for-all"),
        pytest.param("{path: a, environment: {dev: test}}", "dev", "test", id="another-name"),
        pytest.param("{path: a, environment: {dev: test}}", "qa", "qa", id="not-named"),
    ],
)
def test_a_release_has_an_environment_of_its_own(said: str, environment: str, own: str) -> None:
    (release,) = _read(f"releases: {{a: {said}}}\n")
    assert release.own_environment(environment) == own


def test_a_release_may_be_part_of_some_environments_alone() -> None:
    _, monitoring, application = _read(THREE)
    assert [monitoring.is_in(one) for one in ("staging", "production")] == [True, False]
    assert application.is_in("production")


@pytest.mark.parametrize(
    ("text", "place", "message", "remedy"),
    [
        pytest.param(
            "releases: {a: {path: a, needs: [monitor]}, monitors: {path: b}}\n",
            (1, 32),
            'releases.a.needs[0]: there is no release "monitor"',
            'did you mean "monitors"?',
            id="an-unknown-need",
        ),
        pytest.param(
            "releases: {a: {path: a, needs: [b]}, b: {path: b, needs: [a]}}\n",
            (1, 32),
            "releases.a.needs: releases need one another in a circle: a -> b -> a",
            "take one of them out of the needs of another",
            id="a-circle",
        ),
        pytest.param(
            "releases:\n  a:\n  b: {needs: [a]}\n",
            (3, 3),
            "releases.b: has no path, as a: both would be the objects of this stack",
            "add path: with the folder of its manifests",
            id="the-stack-twice",
        ),
    ],
)
def test_faults(text: str, place: tuple[int, int], message: str, remedy: str) -> None:
    with pytest.raises(InputErrors) as caught:
        _read(text)
    (fault,) = caught.value.errors
    assert fault.position is not None
    assert (fault.position.line, fault.position.column) == place
    assert str(fault).partition(": ")[2].startswith(message)
    assert fault.remedy == remedy
