"""A command that is told names the same things as the one that was typed."""

import pytest

from mooring.cli.deploying import naming


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        pytest.param(["up", "dev", "--yes"], "dev", id="the-environment-alone"),
        pytest.param(
            ["up", "dev", "--yes", "--manifests", "k8s dir/", "--manifests=more.yaml", "-q"],
            "dev --manifests 'k8s dir/' --manifests=more.yaml", id="files",
        ),
        pytest.param(
            ["-p", "shop", "up", "dev", "-k", "overlays/dev", "-nweb", "--timeout", "5m"],
            "dev -p shop -k overlays/dev -nweb", id="a-folder-a-namespace-and-a-project",
        ),
        pytest.param(
            ["up", "dev", "--context", "kind", "--no-prune", "-y"], "dev --context kind",
            id="and-nothing-that-only-looks-alike",
        ),
    ],
)  # fmt: skip
def test_what_names_a_deployment(arguments: list[str], words: str) -> None:
    assert naming.words("dev", arguments) == words
