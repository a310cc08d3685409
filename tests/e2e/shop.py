"""The running coffee example, seen as its customers and its operators see it."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any, TypeVar

_CALL = """
import json, sys, urllib.error, urllib.request
url, body = sys.argv[1], sys.argv[2].encode() if len(sys.argv) > 2 else None
request = urllib.request.Request(url, body, {"Content-Type": "application/json"})
try:
    with urllib.request.urlopen(request, timeout=10) as response:
        print(response.read().decode())
except OSError as error:
    sys.exit(f"{url}: {error}")
"""

T = TypeVar("T")


class Shop:
    """The shop in ``namespace`` of the cluster that ``kubeconfig`` names."""

    def __init__(self, kubectl: Path, kubeconfig: Path, namespace: str) -> None:
        self._kubectl = kubectl
        self.kubeconfig = kubeconfig
        self.namespace = namespace

    def kubectl(self, *words: str | Path, check: bool = True) -> str:
        """Return what kubectl prints; raise AssertionError with its words when it fails."""
        command = [self._kubectl, "--kubeconfig", self.kubeconfig, "-n", self.namespace, *words]
        done = subprocess.run(command, capture_output=True, text=True)
        assert not (check and done.returncode), f"{words}: {done.stderr}"
        return done.stdout

    def pods(self) -> dict[str, dict[str, Any]]:
        """Return the pods by name, those that are being deleted left out."""
        items = json.loads(self.kubectl("get", "pods", "-o", "json"))["items"]
        return {
            each["metadata"]["name"]: each
            for each in items
            if "deletionTimestamp" not in each["metadata"]
        }

    def not_ready(self) -> list[str]:
        """Return the pods that neither are ready nor have succeeded, and what they are at."""
        waiting = []
        for name, pod in self.pods().items():
            conditions = {
                each["type"]: each["status"] for each in pod["status"].get("conditions", [])
            }
            if pod["status"]["phase"] != "Succeeded" and conditions.get("Ready") != "True":
                waiting.append(f"{name}: {pod['status']['phase']}")
        return waiting

    def call(self, url: str, body: object = None) -> Any:
        """Return the JSON that ``url`` answers a request from within the cluster."""
        words = [url] if body is None else [url, json.dumps(body)]
        return json.loads(
            self.kubectl("exec", "deploy/web", "-c", "web", "--", "python3", "-c", _CALL, *words)
        )

    def order(self, customer: str) -> int:
        """Order an espresso through the web server's Service; return the order's number."""
        wanted = {"customer": customer, "email": "c@example.com", "items": {"espresso": 1}}
        number: int = self.call("http://web:8080/api/orders", wanted)["number"]
        return number

    def orders(self) -> dict[str, str]:
        """Return the states of the orders by their customers, as the database has them."""
        return {
            each["customer"]: each["status"] for each in self.call("http://web:8080/api/orders")
        }


def mooring(folder: Path, *words: str, kubeconfig: Path | None = None) -> CompletedProcess[str]:
    """Run the program in ``folder``, as its user would."""
    program = Path(sys.executable).with_name("mooring")
    environment = {**os.environ, **({"KUBECONFIG": str(kubeconfig)} if kubeconfig else {})}
    return subprocess.run(
        [program, *words],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )


def wait_for(ask: Callable[[], T], what: str, *, seconds: float = 180) -> T:
    """Return the first answer of ``ask`` that is true; an AssertionError says what was not so."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            answer, text = ask(), ""
        except AssertionError as error:
            answer, text = None, str(error)
        if answer:
            return answer
        assert time.monotonic() < deadline, f"not within {seconds} s: {what} ({text})"
        time.sleep(0.5)
