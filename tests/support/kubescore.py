"""kube-score, offline: what it finds critical in a file of manifests."""

import json
import subprocess
from pathlib import Path
from typing import NamedTuple

from tests.support import gotools

_CRITICAL = 1


class Critical(NamedTuple):
    """One critical comment: the check, its words, the object as `Kind/name`, the container."""

    check: str
    summary: str
    subject: str
    path: str


def criticals(manifests: Path) -> list[Critical]:
    """
    Return what kube-score finds critical in ``manifests``, for the control plane's version.

    Raises:
        GoToolUnavailable: kube-score is not built and cannot be.
        GoToolBroken: it does not understand the file.
    """
    major, minor, _ = gotools.kubernetes_version()
    run = subprocess.run(
        [
            gotools.tool("kube-score"),
            "score",
            "--output-format=json",
            f"--kubernetes-version=v{major}.{minor}",
            manifests,
        ],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    try:
        report = json.loads(run.stdout)
    except ValueError:
        raise gotools.GoToolBroken(f"kube-score: {run.stderr.strip()[-2000:]}") from None
    return [
        Critical(
            check=check["check"]["id"],
            summary=comment.get("summary", ""),
            subject=f"{scored['type_meta']['kind']}/{scored['object_meta']['name']}",
            path=comment.get("path", ""),
        )
        for scored in report or ()
        for check in scored["checks"]
        if check["grade"] == _CRITICAL and not check["skipped"]
        for comment in check["comments"] or ({},)
    ]
