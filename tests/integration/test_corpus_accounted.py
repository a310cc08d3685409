"""
Nothing is lost in silence: each leaf of a loaded project has an entry that says what became of it.

0 bare leaves, 0 doubled entries, and a reason for all that is not simply carried.
"""

from collections import Counter
from pathlib import Path

import pytest
from tests.compose import conformance
from tests.integration import stacks
from tests.integration.stacks import Stack

from mooring import pipeline
from mooring.accounting import Outcome
from mooring.compose.discovery import LoadRequest
from mooring.compose.nodes import leaves, path_text


def _faults(request: LoadRequest) -> list[str]:
    """Return what is wrong with the accounts of the stack in each of its environments."""
    made = pipeline.stack(pipeline.Request(load=request))
    faults = []
    for each in made.environments:
        where = each.environment.name
        ledger = each.translation.ledger
        entries = Counter(path_text(entry.path) for entry in ledger.entries)
        doubled = [path for path, count in entries.items() if count > 1]
        faults += [f"{where}: two entries: {path}" for path in doubled]
        faults += [
            f"{where}: {entry.outcome} without a reason: {path_text(entry.path)}"
            for entry in ledger.entries
            if entry.outcome is not Outcome.CARRIED and not entry.reason.strip()
        ]
        if doubled:
            continue
        positioned = [(path, node.position) for path, node in leaves(each.project.root)]
        accounts = list(ledger.accounts(positioned))
        bare = [account for account in accounts if isinstance(account, tuple)]
        faults += [f"{where}: {path_text(path)} at {position}" for path, position in bare]
        if len(accounts) != len(positioned) or not positioned:
            faults.append(f"{where}: {len(accounts)} accounts of {len(positioned)} leaves")
    return faults


@pytest.mark.corpus
@pytest.mark.parametrize("stack", stacks.parameters(stacks.corpus()))
def test_stack_of_the_corpus(stack: Stack, tmp_path: Path) -> None:
    faults = _faults(stack.copied(tmp_path))
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("stack", stacks.parameters(stacks.examples()))
def test_example(stack: Stack, tmp_path: Path) -> None:
    faults = _faults(stack.copied(tmp_path))
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("path", stacks.accepted_cases(), ids=conformance.case_id)
def test_conformance_case(path: Path, tmp_path: Path) -> None:
    case = conformance.read(path)
    root = conformance.lay_out(case, tmp_path)
    faults = _faults(conformance.load_request(case, root))
    assert not faults, "\n".join(faults)
