"""What is kept of a failure: complete enough to tell why, small, and without a secret."""

import tarfile
from pathlib import Path
from typing import Any

import pytest
from tests.deploy.deploying import QUICK, given, holder, run
from tests.deploy.in_process import InProcess
from tests.deploy.objects import NAMESPACE, secret
from tests.deploy.test_deployments import stack
from tests.fake_api import Behaviour, FakeApi, Outcome

from mooring.cli.deploying import bundles, session
from mooring.cli.deploying.deployment import Deployment
from mooring.cli.invocation import Invocation
from mooring.deploy import bundle
from mooring.deploy.plan import DEFAULTS
from mooring.deploy.redaction import Redactor
from mooring.sensitive import MASK

CANARY = "canary-b41d9e7f2c"


class Logging(InProcess):
    """A cluster in which every container has told a secret."""

    async def logs(self, *_: Any, **more: Any) -> str:
        which = "before" if more.get("previous") else "now"
        return f"{which}: login with {CANARY}\npostgres://app:not-of-ours@db:5432/app\n"


def failed(fake: FakeApi, place: Path, **more: Any) -> int:
    """Deploy a stack whose api crashes, and keep the evidence."""
    objects = stack()
    objects[2] = secret(PASSWORD=CANARY)
    container = objects[7]["spec"]["template"]["spec"]["containers"][0]
    container["env"] = [{"name": "LEVEL", "value": "of-the-environment"}]

    async def work() -> int:
        client = Logging(fake)
        one = await session.session(client, given(objects), namespace=NAMESPACE)
        return await Deployment(
            Invocation(["up"]),
            one,
            DEFAULTS,
            QUICK,
            restarts=3,
            lease_seconds=5,
            form="json",
            is_agreed=True,
            what="a test",
            identity=(holder(), lambda _: False),
            evidence=str(place),
        ).whole()

    status: int = run(fake, work)
    return status


@pytest.fixture
def fake() -> FakeApi:
    """A cluster in which the api crashes."""
    made = FakeApi(tick_seconds=None)
    made.behave("api", Behaviour(outcome=Outcome.CRASHES))
    return made


def test_a_failure_leaves_what_tells_why(fake: FakeApi, tmp_path: Path, capsys: Any) -> None:
    place = tmp_path / "evidence"
    assert failed(fake, place) == 1
    base = place / "shop.dev.r1"
    found = {path.relative_to(base).as_posix() for path in base.rglob("*") if path.is_file()}
    pod = next(path for path in found if path.startswith("pods/"))
    name = pod.removeprefix(f"pods/{NAMESPACE}/").removesuffix(".json")
    assert name.startswith("api-")
    assert found >= {
        "summary.txt", "plan.json", "journal.json", "happenings.jsonl", "verdicts.txt",
        f"logs/{NAMESPACE}/{name}.api.log", f"logs/{NAMESPACE}/{name}.api.previous.log",
    }  # fmt: skip
    summary = (base / "summary.txt").read_text()
    assert "Deployment/shop-dev/api" in summary
    assert "kubectl logs" in summary
    assert "evidence: " in capsys.readouterr().err


def test_no_secret_is_in_it(fake: FakeApi, tmp_path: Path) -> None:
    place = tmp_path / "evidence"
    failed(fake, place)
    every = "".join(path.read_text() for path in place.rglob("*") if path.is_file())
    for value in (CANARY, "Y2FuYXJ5LWI0MWQ5ZTdmMmM", "not-of-ours", "of-the-environment"):
        assert value not in every
    assert f"login with {MASK}" in every
    assert f"postgres://app:{MASK}@db" in every


def test_an_archive_holds_the_same_files_and_is_for_its_owner(
    fake: FakeApi, tmp_path: Path
) -> None:
    place = tmp_path / "evidence.tar.gz"
    failed(fake, place)
    assert place.stat().st_mode & 0o777 == 0o600
    with tarfile.open(place) as archive:
        names = archive.getnames()
    assert names == sorted(names)
    assert "shop.dev.r1/summary.txt" in names


def test_the_same_files_make_the_same_archive(tmp_path: Path) -> None:
    files = {"b/x": b"1", "a": b"2"}
    for name in ("one.tgz", "two.tgz"):
        bundles.write(str(tmp_path / name), files)
    assert (tmp_path / "one.tgz").read_bytes() == (tmp_path / "two.tgz").read_bytes()


def test_a_place_that_cannot_be_written_hides_no_failure(
    fake: FakeApi, tmp_path: Path, capsys: Any
) -> None:
    (tmp_path / "file").write_text("")
    assert failed(fake, tmp_path / "file" / "evidence") == 1
    assert "warning: the evidence cannot be written" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("password=s3cr3t ok", f"password={MASK} ok", id="an-assignment"),
        pytest.param('"token": "abc.def"', f'"token": "{MASK}"', id="in-json"),
        pytest.param("Authorization: Bearer abc", f"Authorization: Bearer {MASK}", id="a-header"),
        pytest.param("redis://:pw@cache:6379", f"redis://:{MASK}@cache:6379", id="an-address"),
        pytest.param("http://host:8080/path", "http://host:8080/path", id="no-credentials"),
        pytest.param("image shop/web:1", "image shop/web:1", id="nothing"),
    ],
)
def test_what_looks_like_a_secret_is_masked(text: str, shown: str) -> None:
    assert bundle.redacted(text, Redactor([])) == shown
