"""x-mooring means what mooring.yaml means, and the nearer one counts."""

import pytest

from mooring.compose.nodes import Mapping
from mooring.compose.yaml_reader import read_documents
from mooring.errors import InputErrors
from mooring.settings.choices import (
    Choices,
    Kind,
    MountChoice,
    Secrecy,
    ServiceChoices,
    VolumeChoices,
)
from mooring.settings.extensions import with_extensions
from mooring.settings.reader import read
from mooring.settings.settled import Settings


def _compose(text: str) -> Mapping:
    (document,) = read_documents(text.encode(), "compose.yaml")
    assert isinstance(document.root, Mapping)
    return document.root


@pytest.mark.parametrize(
    ("settings", "compose", "choices"),
    [
        pytest.param(
            "services: {web: {kind: task}}",
            "services: {web: {image: web}}",
            Choices(services={"web": ServiceChoices(kind=Kind.TASK)}),
            id="without-extensions-the-file-counts",
        ),
        pytest.param(
            "",
            "services: {web: {x-mooring: {kind: task, settings: {A: plain}}}}\n"
            "volumes: {data: {x-mooring: {size: 10Gi}}, none: }",
            Choices(
                services={"web": ServiceChoices(kind=Kind.TASK, settings={"A": Secrecy.PLAIN})},
                volumes={"data": VolumeChoices(size="10Gi")},
            ),
            id="extensions-count-without-a-file",
        ),
        pytest.param(
            "services: {web: {kind: task, image: a}}\nvolumes: {data: {size: 1Gi}}",
            "services: {web: {x-mooring: {kind: workload}}}\n"
            "volumes: {data: {x-mooring: {size: 2Gi, storage_class: fast}}}",
            Choices(
                services={"web": ServiceChoices(kind=Kind.WORKLOAD, image="a")},
                volumes={"data": VolumeChoices(size="2Gi", storage_class="fast")},
            ),
            id="the-nearer-counts-key-by-key",
        ),
        pytest.param(
            "services: {web: {settings: {A: plain, B: plain}, mounts: {/a: drop}}}",
            "services: {web: {x-mooring: {settings: {B: secret}, mounts: {/b: scratch}}}}",
            Choices(
                services={
                    "web": ServiceChoices(
                        settings={"A": Secrecy.PLAIN, "B": Secrecy.SECRET},
                        mounts={"/a": MountChoice.DROP, "/b": MountChoice.SCRATCH},
                    )
                }
            ),
            id="the-nearer-counts-name-by-name",
        ),
        pytest.param(
            "",
            "services: {web: {x-mooring: , x-other: {kind: what}}}",
            Choices(services={"web": ServiceChoices()}),
            id="an-empty-extension-and-those-of-others-settle-nothing",
        ),
    ],
)
def test_choices(settings: str, compose: str, choices: Choices) -> None:
    said = read(settings.encode(), "mooring.yaml")
    assert with_extensions(said, _compose(compose)).choices == choices


@pytest.mark.parametrize(
    ("compose", "errors"),
    [
        pytest.param(
            "services: {web: {x-mooring: {knd: task}}, db: {x-mooring: {kind: job}}}",
            [
                "compose.yaml:1:30: services.web.x-mooring.knd: there is no such key\n"
                '  help: did you mean "kind"?',
                "compose.yaml:1:66: services.db.x-mooring.kind: "
                'must be "workload", "task" or "agent", not "job"',
            ],
            id="all-faults-at-once",
        ),
        pytest.param(
            "services: {web: {x-mooring: {mode: outside}}}",
            [
                "compose.yaml:1:36: services.web.x-mooring.mode: "
                'must be "deployed", "external" or "none", not "outside"'
            ],
            id="a-word-for-all-environments",
        ),
        pytest.param(
            "x-mooring: {services: {}}\nnetworks: {back: {x-mooring: {size: 1Gi}}}",
            [
                "compose.yaml:1:1: x-mooring: has a meaning only below a service or a volume\n"
                "  help: move it there, or into mooring.yaml",
                "compose.yaml:2:19: networks.back.x-mooring: "
                "has a meaning only below a service or a volume\n"
                "  help: move it there, or into mooring.yaml",
            ],
            id="at-a-place-without-choices",
        ),
    ],
)
def test_faults(compose: str, errors: list[str]) -> None:
    with pytest.raises(InputErrors) as caught:
        with_extensions(Settings(), _compose(compose))
    assert [str(error) for error in caught.value.errors] == errors
