"""
A secret is nowhere to be seen, whatever goes wrong: not in what is printed, kept or written.

The program is run as a process with `--debug` through every kind of fault of the schedules, through
every way in which a pod fails, and through refusals of a server that quotes what it refuses.
"""

import base64
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import yaml
from tests.deploy import schedules
from tests.deploy.forking import Forks
from tests.deploy.objects import NAMESPACE, Manifest, made, secret
from tests.deploy.test_deployments import stack
from tests.fake_api import Behaviour, FakeApi, Fault, On, Outcome

from mooring.deploy import records

pytestmark = pytest.mark.long

CANARY = "canary/b41d9e7f2c+x"
TOKEN = "token-of-canary-5f1e"
LINES = f"-----BEGIN-----\n{CANARY}\nsecond-canary-line-77aa\n-----END-----\n"
FORMS = tuple(
    dict.fromkeys(
        form
        for text in (CANARY, LINES, "second-canary-line-77aa", TOKEN)
        for form in (
            text,
            base64.b64encode(text.encode()).decode(),
            base64.urlsafe_b64encode(text.encode()).decode().rstrip("="),
            quote(text, safe=""),
            json.dumps(text)[1:-1],
        )
    )
)
"""The secret values as they are, and as others write them."""

FOREVER = [name for name in schedules.KINDS if name.endswith("hangs")]
"""A process waits a minute for an answer, and prints no more for it than for one cut off."""


def objects() -> list[Manifest]:
    """Return the stack with secret values of several kinds."""
    found = stack()
    found[2] = secret(PASSWORD=CANARY, KEY=LINES)
    encoded = base64.b64encode(CANARY.encode()).decode()
    return [*found, made("Secret", "encoded", data={"PASSWORD": encoded})]


class Bench:
    """A server, the loaded program, and a home in which everything is looked through."""

    def __init__(self, fake: FakeApi, forks: Forks, folder: Path) -> None:
        self.fake, self._forks = fake, forks
        self.home = folder / "home"
        self._manifests = folder / "manifests"
        for one in (self.home, self._manifests, folder / "access"):
            one.mkdir()
        fake.tokens.add(TOKEN)
        self._access = fake.kubeconfig(folder / "access", token=TOKEN)
        self._printed: list[str] = []

    def run(self, *words: str, manifests: list[Manifest] | None = None) -> int:
        """Run a command, keep what it prints, and return its status."""
        text = yaml.safe_dump_all(objects() if manifests is None else manifests)
        (self._manifests / "shop.yaml").write_text(text, encoding="utf-8")
        environment = {
            "KUBECONFIG": str(self._access),
            "HOME": str(self.home),
            "MOORING_DEBUG": "1",
        }
        where = ["-k", self._manifests, "-n", NAMESPACE, "-p", "shop", "--debug"]
        process = self._forks.start([words[0], "dev", *words[1:], *where], environment)
        status = process.end(90)
        self._printed.append(process.told)
        return status

    def up(self, *words: str, **more: Any) -> int:
        """Deploy with little patience."""
        return self.run("up", "--yes", "--hold", "0", "--quiet-timeout", "4", "--timeout", "20",
                        "--restarts", "1", *words, **more)  # fmt: skip

    @property
    def last(self) -> str:
        """What was printed last."""
        return self._printed[-1]

    def texts(self) -> Iterator[tuple[str, str]]:
        """Yield all that may be read by others, each with where it was found."""
        for number, text in enumerate(self._printed):
            yield f"what run {number + 1} printed", text
        for path in self.home.rglob("*"):
            if path.is_file():
                yield str(path), path.read_bytes().decode(errors="replace")
        for kind in ("ConfigMap", "Lease", "Event", "Namespace", "Deployment", "Job"):
            for item in self.fake.all(kind):
                content = records.content_of(item) if kind == "ConfigMap" else b""
                packed = records.joined([content]).decode() if content else ""
                yield f"{kind}/{item['metadata']['name']}", f"{json.dumps(item)}{packed}"


@pytest.fixture
def bench(tmp_path: Path, forks: Forks) -> Iterator[Bench]:
    with FakeApi(tick_seconds=0.01) as fake:
        made_here = Bench(fake, forks, tmp_path)
        yield made_here
        seen = [
            (where, form) for where, text in made_here.texts() for form in FORMS if form in text
        ]
        assert seen == []


@pytest.fixture(scope="module")
def forks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forks]:
    """The loaded program."""
    folder = tmp_path_factory.mktemp("canary")
    with FakeApi(tick_seconds=0.01) as fake, Forks(folder) as loaded:
        (folder / "shop.yaml").write_text(yaml.safe_dump_all(stack()), encoding="utf-8")
        environment = {"KUBECONFIG": str(fake.kubeconfig(folder)), "HOME": str(folder)}
        loaded.learn(
            ["up", "dev", "--yes", "--hold", "0", "-k", folder, "-n", NAMESPACE], environment
        )
        yield loaded


@pytest.mark.parametrize("kind", [name for name in schedules.KINDS if name not in FOREVER])
def test_a_secret_is_told_by_no_fault(bench: Bench, kind: str) -> None:
    dice = random.Random(kind)
    form = dice.choice(["text", "json"])
    for _ in range(2):
        schedules.KINDS[kind](dice, bench.fake)
    bench.up("-v", "--format", form)
    bench.run("status", "-v", "--format", form)
    bench.fake.script.clear()
    assert bench.up("-v") == 0, bench.last


@pytest.mark.parametrize("outcome", [one for one in Outcome if one is not Outcome.READY])
def test_a_secret_is_told_by_no_pod_that_fails(bench: Bench, outcome: Outcome) -> None:
    log = f"cannot log in with {CANARY}\nat postgres://app:{quote(CANARY, safe='')}@db/app\n"
    bench.fake.behave("api", Behaviour(outcome=outcome, log=log))
    assert bench.up("-v") == (0 if outcome is Outcome.FAILS else 1) or bench.last
    for words in (("status",), ("history",), ("verify", "--hold", "0"), ("diff",)):
        bench.run(*words, "-v")
    bench.run("diff", "--format", "json", "--save", str(bench.home / "plan.json"))


@pytest.mark.parametrize("name", ["passwords", "encoded"])
@pytest.mark.parametrize("code", [400, 403, 422, 500])
def test_a_secret_is_told_by_no_server_that_quotes_it(bench: Bench, name: str, code: int) -> None:
    """A server quotes what it refuses, and a webhook what it was shown."""
    encoded = base64.b64encode(CANARY.encode()).decode()
    message = f'Secret "{name}" is invalid: data: Invalid value: "{CANARY}", "{encoded}": no'
    on = On(verb="apply", kind="Secret", name=name, times=4)
    bench.fake.fail(on, Fault.status(code, message=message))
    bench.up("-v")
    assert "Invalid value" in bench.last or code == 500


def test_a_secret_is_in_no_plan_and_no_history(bench: Bench) -> None:
    plan = bench.home / "plan.json"
    assert bench.run("diff", "-v", "--save", str(plan)) == 1
    assert plan.is_file()
    assert bench.run("up", "--plan", str(plan), "-v", "--hold", "0") == 0
    changed = objects()
    changed[2] = secret(PASSWORD=CANARY, KEY=f"{LINES}more")
    assert bench.run("diff", "-v", manifests=changed) == 1
    assert bench.up("-v", manifests=changed) == 0
    for form in ("text", "json"):
        for command in ("diff", "status", "history"):
            bench.run(command, "-v", "--format", form, manifests=changed)
    assert bench.run("rollback", "--yes", "--hold", "0", "-v") == 0
    assert bench.run("down", "--yes") == 0
