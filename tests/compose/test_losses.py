"""What stands in a file and has no effect."""

import pytest
from tests.compose.documents import service

from mooring.compose import losses


@pytest.mark.parametrize(
    ("attributes", "rule", "message"),
    [
        pytest.param(
            "command: sleep 5 && serve",
            "command-cut-short",
            'services.web.command: Compose drops "&& serve", since it runs no shell',
            id="a-second-command",
        ),
        pytest.param(
            "post_start: [{command: 'a > b'}]",
            "command-cut-short",
            'services.web.post_start[0].command: Compose drops "> b", since it runs no shell',
            id="a-redirection-in-a-hook",
        ),
        pytest.param(
            "volumes: ['data:/b:readonly']",
            "volume-option-ignored",
            'services.web.volumes[0]: Compose ignores the unknown option "readonly"',
            id="a-misspelt-option",
        ),
        pytest.param(
            "mem_limit: 1.5",
            "size-ignored",
            "services.web.mem_limit: 1.5 is no whole number of bytes, so Compose sets no limit",
            id="a-fraction-of-a-byte",
        ),
    ],
)
def test_a_loss(attributes: str, rule: str, message: str) -> None:
    (finding,) = losses.findings(service(attributes))
    assert (finding.rule, finding.message) == (rule, message)
    assert finding.position is not None
    assert finding.remedy


@pytest.mark.parametrize(
    "attributes",
    [
        pytest.param("command: [sh, -c, 'a && b']", id="a-shell-runs-it"),
        pytest.param("command: sh -c 'a && b'", id="a-shell-in-a-text"),
        pytest.param(
            "volumes: ['data:/b:ro,z', /c, {type: volume, target: /d}]", id="known-options"
        ),
        pytest.param(
            "volumes: ['data:/b:ro:more']\ncommand: \"echo 'a\"", id="what-is-refused-later"
        ),
        pytest.param("mem_limit: 1.5g\nshm_size: 64", id="sizes"),
    ],
)
def test_no_loss(attributes: str) -> None:
    assert losses.findings(service(attributes)) == ()
