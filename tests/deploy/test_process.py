"""The program itself: killed by the system, interrupted, and never telling a secret."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.deploy.deploying import state
from tests.deploy.objects import NAMESPACE, Manifest, secret
from tests.deploy.test_deployments import stack
from tests.fake_api import Behaviour, FakeApi, Outcome

pytestmark = pytest.mark.long

CANARY = "canary-b41d9e7f2c"


def _write(folder: Path, objects: list[Manifest]) -> None:
    (folder / "shop.yaml").write_text(yaml.safe_dump_all(objects), encoding="utf-8")


def _start(folder: Path, *words: str) -> "subprocess.Popen[str]":
    environment = {
        **os.environ,
        "KUBECONFIG": str(folder / "kubeconfig"),
        "HOME": str(folder),
        "MOORING_DEBUG": "1",
    }
    program = Path(sys.executable).with_name("mooring")
    command = [program, *words, "-k", folder / "manifests", "-n", NAMESPACE, "-p", "shop"]
    return subprocess.Popen(
        command,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # Who runs tests in the background of a shell ignores Ctrl-C, and so would the program.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )


def _run(folder: Path, *words: str) -> tuple[int, str]:
    process = _start(folder, *words)
    out, err = process.communicate(timeout=120)
    return process.returncode, out + err


def _folder(tmp_path: Path, fake: FakeApi, objects: list[Manifest]) -> Path:
    (tmp_path / "manifests").mkdir(exist_ok=True)
    fake.kubeconfig(tmp_path)
    _write(tmp_path / "manifests", objects)
    return tmp_path


@pytest.mark.parametrize("writes", [3, 8, 14])
def test_a_process_that_is_killed_is_taken_up_at_once(tmp_path: Path, writes: int) -> None:
    with FakeApi(tick_seconds=0.02) as fake:
        fake.behave("db", Behaviour(ready_after=20))
        folder = _folder(tmp_path, fake, stack())
        process = _start(folder, "up", "dev", "--yes", "--hold", "0")
        deadline = time.monotonic() + 60
        while len(fake.requests("write")) < writes and time.monotonic() < deadline:
            time.sleep(0.002)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        began = time.monotonic()
        status, told = _run(folder, "up", "dev", "--yes", "--hold", "0")
        assert status == 0, told
        assert time.monotonic() - began < 25, "the lease of a dead process is not waited for"
        assert fake.runs == {f"{NAMESPACE}/migrate": 1}
        status, told = _run(folder, "up", "dev", "--yes")
        assert "nothing to do" in told


def test_an_interrupt_leaves_what_the_next_run_goes_on_with(tmp_path: Path) -> None:
    with FakeApi(tick_seconds=0.02) as fake:
        fake.behave("db", Behaviour(outcome=Outcome.NEVER_READY))
        folder = _folder(tmp_path, fake, stack())
        process = _start(folder, "up", "dev", "--yes", "--hold", "0")
        deadline = time.monotonic() + 60
        while fake.get("StatefulSet", NAMESPACE, "db") is None and time.monotonic() < deadline:
            time.sleep(0.01)
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
        assert process.returncode == 130, out + err
        assert "run the same command again" in err
        lease = fake.get("Lease", NAMESPACE, "mooring.shop.dev")
        assert lease is not None
        assert "holderIdentity" not in lease["spec"], "it is given back"
        fake.behave("db", Behaviour())
        fake.recreate("StatefulSet", NAMESPACE, "db")
        status, told = _run(folder, "up", "dev", "--yes", "--hold", "0")
        assert status == 0, told
        assert "goes on with revision 1" in told


def test_a_secret_is_nowhere_to_be_seen(tmp_path: Path) -> None:
    printed: list[str] = []
    with FakeApi(tick_seconds=0.01) as fake:
        objects = stack()
        objects[2] = secret(PASSWORD=CANARY)
        folder = _folder(tmp_path, fake, objects)
        plan = tmp_path / "plan.json"

        def run(*words: str) -> int:
            status, told = _run(folder, *words)
            printed.append(told)
            return status

        assert run("diff", "dev", "-v", "--save", str(plan)) == 1
        assert run("up", "dev", "--plan", str(plan), "-v", "--hold", "0") == 0
        _write(folder / "manifests", [*objects[:2], secret(PASSWORD=f"{CANARY}-new"), *objects[3:]])
        for form in ("text", "json"):
            run("diff", "dev", "--format", form)
            run("status", "dev", "--format", form)
            run("history", "dev", "--format", form)
        fake.behave("api", Behaviour(outcome=Outcome.CRASHES, log=f"login failed: {CANARY}-new"))
        objects[7]["spec"]["template"]["spec"]["containers"][0]["image"] = "shop/web:2"
        _write(folder / "manifests", [*objects[:2], secret(PASSWORD=f"{CANARY}-new"), *objects[3:]])
        assert run("up", "dev", "--yes", "--hold", "0") == 1
        assert "login failed" in printed[-1]
        run("verify", "dev", "--hold", "0", "-v")
        fake.behave("api", Behaviour())
        assert run("rollback", "dev", "--yes", "--hold", "0") == 0
        objects[2]["type"] = "kubernetes.io/tls"
        _write(folder / "manifests", objects)
        run("up", "dev", "--yes", "--hold", "0")
        kept = [plan.read_text(encoding="utf-8")]
        for kind in ("ConfigMap", "Lease"):
            kept += [_plain(item) for item in fake.all(kind)]
        kept += [path.read_text(encoding="utf-8", errors="replace")
                 for path in tmp_path.rglob("*") if path.is_file()
                 and path.suffix not in (".yaml",)]  # fmt: skip
    for text in (*printed, *kept):
        assert CANARY not in text
        assert "Y2FuYXJ5LWI0MWQ5ZTdmMmM" not in text


def _plain(item: Manifest) -> str:
    """Return an object as text, what is compressed in it unpacked."""
    from mooring.deploy import records

    content = records.content_of(item)
    return repr(item) + (records.joined([content]).decode() if content else "")


def test_a_saved_plan_is_done_or_refused(tmp_path: Path) -> None:
    with FakeApi(tick_seconds=0.01) as fake:
        folder = _folder(tmp_path, fake, stack())
        plan = tmp_path / "plan.json"
        assert _run(folder, "diff", "dev", "--save", str(plan))[0] == 1
        assert _run(folder, "up", "dev", "--plan", str(plan), "--hold", "0")[0] == 0
        before: Any = state(fake)
        status, told = _run(folder, "up", "dev", "--plan", str(plan), "--hold", "0")
        assert status == 1
        assert "is not what would be done now" in told
        assert state(fake) == before


def test_status_tells_what_is_wrong_on_one_screen(tmp_path: Path) -> None:
    with FakeApi(tick_seconds=0.01) as fake:
        folder = _folder(tmp_path, fake, stack(replicas=1))
        status, told = _run(folder, "status", "dev")
        assert status == 1
        assert "nothing was deployed here" in told
        assert _run(folder, "up", "dev", "--yes", "--hold", "0")[0] == 0
        status, told = _run(folder, "status", "dev")
        assert status == 0, told
        assert "revision 1, verified" in told
        fake.edit("Deployment", NAMESPACE, "web", lambda item: item["spec"].update(replicas=3))
        status, told = _run(folder, "status", "dev")
        assert status == 1
        assert "drift: kubectl-edit changed the number of replicas" in told
        assert len(told.splitlines()) < 15
        assert _run(folder, "wait", "dev", "--timeout", "30")[0] == 0
        status, told = _run(folder, "verify", "dev", "--hold", "0")
        assert status == 1, "nobody listens behind the Services"
        assert "failed     Service/web listens at port 80: Pod/web-" in told
        fake.forwards[80] = int(fake.url.rpartition(":")[2])
        status, told = _run(folder, "verify", "dev", "--hold", "0")
        assert status == 0, told
        assert _run(folder, "down", "dev", "--yes")[0] == 0
        assert "taken down by " in _run(folder, "status", "dev")[1]
        for command in ("verify", "wait"):
            status, told = _run(folder, command, "dev")
            assert status == 1
            assert "shop in dev was taken down" in told
