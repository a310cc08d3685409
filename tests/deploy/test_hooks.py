"""Hooks of a rendered chart run when they are meant to: never at the wrong end of a release."""

from tests.deploy.deploying import down, up
from tests.deploy.objects import NAMESPACE, Manifest, namespace, workload
from tests.fake_api import FakeApi


def _chart(image: str = "shop/web:1") -> list[Manifest]:
    hooks = {
        "first-data": "post-install",
        "migrate": "pre-install,pre-upgrade",
        "backup": "pre-upgrade",
        "wipe": "pre-delete",
        "try": "test",
    }
    return [
        namespace(),
        workload("web", image=image),
        *(
            workload(name, "Job", image=image, annotations={"helm.sh/hook": events})
            for name, events in hooks.items()
        ),
    ]


def _runs(fake: FakeApi) -> dict[str, int]:
    return {name.removeprefix(f"{NAMESPACE}/"): count for name, count in fake.runs.items()}


def test_an_installation_and_an_upgrade_run_their_own_hooks() -> None:
    fake = FakeApi(tick_seconds=None)
    assert up(fake, _chart()) == 0
    assert _runs(fake) == {"migrate": 1, "first-data": 1}
    assert up(fake, _chart("shop/web:2")) == 0
    assert _runs(fake) == {"migrate": 2, "first-data": 1, "backup": 1}
    assert up(fake, _chart("shop/web:2")) == 0
    assert _runs(fake) == {"migrate": 2, "first-data": 1, "backup": 1}


def test_what_was_taken_down_is_installed_again() -> None:
    fake = FakeApi(tick_seconds=None)
    up(fake, _chart())
    down(fake, _chart())
    assert up(fake, _chart()) == 0
    assert _runs(fake) == {"migrate": 2, "first-data": 2}
