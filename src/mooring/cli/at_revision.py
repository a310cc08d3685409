"""
What there was at a revision of git: the same question, asked of the files as they were then.

The files of the revision are laid out in a folder of their own and judged there by this very
program, so that what a newer rule finds in old files is no news.  Nothing of the repository is
touched.  Files of variables that git does not hold, such as `.env`, are taken as they are now.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from typing import NamedTuple

from mooring.check import baseline
from mooring.check.baseline import Baseline
from mooring.check.engine import Input
from mooring.cli import check_before, terminal
from mooring.errors import UsageError

_VARIABLES = (":(top,glob)**/.env*", ":(top,glob)**/*.env")

_DROPPED = {
    "--since": 1,
    "--new-only": 0,
    "--to": 1,
    "--fix": 0,
    "--diff": 0,
    "--baseline": 1,
    "--write-baseline": 1,
    "--format": 1,
}
"""What is not asked again, with the number of words that follow each."""


class Then(NamedTuple):
    """What was found at a revision, and in what."""

    known: Baseline = Baseline()
    inputs: tuple[Input, ...] = ()


def then(revision: str, arguments: Sequence[str], paths: Sequence[str]) -> Then:
    """
    Return what `mooring check` with ``arguments`` found at ``revision``, and in what.

    ``paths`` are the files and folders among the arguments; those that were not there yet are left
    out.  Where nothing can be judged at the revision, nothing is known, and the user is told.

    Raises:
        UsageError: this is no repository of git, or it has no such revision.
    """
    top = _git("rev-parse", "--show-toplevel").strip()
    place = _git("rev-parse", "--show-prefix").strip()
    commit = _git("rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}").strip()
    with tempfile.TemporaryDirectory(prefix="mooring-") as folder:
        # A project may be called like its folder, and its namespace like the project.
        tree = os.path.join(folder, "tree", os.path.basename(top), "")
        _lay_out(commit, tree, index=os.path.join(folder, "index"))
        _take_variables(top, tree)
        here = os.path.join(tree, place)
        there = [_moved(path, top, tree) for path in paths]
        gone = [
            path
            for path, moved in zip(paths, there, strict=True)
            if not os.path.exists(os.path.join(here, moved))
        ]
        if not os.path.isdir(here) or (paths and len(gone) == len(paths)):
            return Then()
        moved = dict(zip(paths, there, strict=True))
        words = [moved.get(word, word) for word in _asked(arguments) if word not in gone]
        return _judged(words, here, revision, folder)


def _judged(words: list[str], here: str, revision: str, folder: str) -> Then:
    file, inputs = (os.path.join(folder, name) for name in ("known.json", "inputs.json"))
    run = subprocess.run(  # noqa: S603 - this program, with the user's own words
        [sys.executable, "-m", "mooring", *words, "--write-baseline", file],
        cwd=here,
        env={**os.environ, check_before.WRITTEN_TO: inputs},
        capture_output=True,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    if not os.path.exists(file):
        told = run.stderr.decode("utf-8", "replace").strip().splitlines()
        reason = f": {told[0]}" if told else ""
        terminal.say(f"nothing could be judged at {revision}{reason}; everything counts as new")
        return Then()
    with open(file, "rb") as stream:
        return Then(baseline.read(stream.read(), file), check_before.read(inputs))


def _asked(arguments: Sequence[str]) -> list[str]:
    words: list[str] = []
    skipped = 0
    for word in arguments:
        name, separator, _ = word.partition("=")
        if skipped:
            skipped -= 1
        elif name in _DROPPED:
            skipped = 0 if separator else _DROPPED[name]
        else:
            words.append(word)
    return words


def _lay_out(commit: str, tree: str, *, index: str) -> None:
    """Write the files of ``commit`` below ``tree``; an index apart leaves the user's alone."""
    environment = {**os.environ, "GIT_INDEX_FILE": index}
    _git("read-tree", commit, environment=environment)
    _git("checkout-index", "--all", f"--prefix={tree}", environment=environment)


def _take_variables(top: str, tree: str) -> None:
    listed = _git("ls-files", "--others", "-z", "--full-name", "--", *_VARIABLES)
    for name in filter(None, listed.split("\0")):
        target = os.path.join(tree, name)
        source = os.path.join(top, name)
        if os.path.isfile(source) and os.path.isdir(os.path.dirname(target)):
            shutil.copyfile(source, target)


def _moved(path: str, top: str, tree: str) -> str:
    """Return where ``path`` is in the tree: a relative one is the same there."""
    return os.path.join(tree, os.path.relpath(path, top)) if os.path.isabs(path) else path


def _git(*words: str, environment: dict[str, str] | None = None) -> str:
    program = shutil.which("git")
    if program is None:
        raise UsageError("git is not here, and it knows the revisions", remedy="use --baseline")
    run = subprocess.run(  # noqa: S603 - the user asked for a revision of git
        [program, *words], capture_output=True, env=environment, check=False
    )
    if run.returncode:
        told = run.stderr.decode("utf-8", "replace").strip().splitlines()
        asked = words[-1].removesuffix("^{commit}")
        raise UsageError(
            told[-1].removeprefix("fatal: ") if told else f'git has no revision "{asked}"',
            remedy="name a commit, a branch or a tag of this repository",
        )
    return run.stdout.decode("utf-8", "surrogateescape")
