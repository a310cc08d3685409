"""The README.md of a tree."""

import msgspec
import pytest

from mooring.decisions import OpenQuestion
from mooring.report import markdown
from mooring.report.explanation import Explanation, Part

EXPECTED = """\
# shop in Kubernetes

Made by `mooring convert`; run it again after a change of the compose files.

| environment | namespace | objects | open questions | apply |
|---|---|---|---|---|
| production | shop-production | 3 | 1 | `kubectl apply -k environments/production` |

Secret values are in `environments/<environment>/secrets.env`, which git ignores; the example file
beside it lists their names.  On a fresh clone, fill them in before you apply.

## Open questions

Only you can answer these, and production needs the answers.

- [ ] services.db.environment.PASSWORD: the secret is a placeholder (compose.yaml:7): \
`PASSWORD=<value> in environments/<environment>/secrets.env`

## What each service becomes

### db

Becomes StatefulSet/db, Service/db.

- Decided: kind: workload, because restart is "always" (compose.yaml:4); nobody waits for its \
end.  Otherwise: `services.db.kind: task`
- Dropped: `ulimits`: a cluster has no such limit
- Approximated: `healthcheck.interval`: whole seconds

### Beside the services

Becomes PersistentVolumeClaim/data.

- Unaccounted: `volumes.data.driver`

Left out, because no active profile selects them: debug.
"""


def test_the_whole_page(explained: Explanation) -> None:
    assert markdown.readme([explained], form="kustomize") == EXPECTED


def test_a_question_of_several_environments_is_asked_once(explained: Explanation) -> None:
    dev = msgspec.structs.replace(explained, environment="dev", namespace="shop-dev")
    page = markdown.readme([dev, explained], form="plain")
    assert page.count("- [ ]") == 1
    assert "| dev | shop-dev | 3 | 1 | `kubectl apply -f dev/` |" in page


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        pytest.param("a *b* _c_", r"a \*b\* \_c\_", id="emphasis"),
        pytest.param("<script>", r"\<script\>", id="html"),
        pytest.param("[a](b)", r"\[a\](b)", id="links"),
        pytest.param("a\n# b", r"a\\x0a# b", id="headings"),
    ],
)
def test_what_comes_from_the_input_is_no_markup(said: str, shown: str) -> None:
    question = OpenQuestion(subject="services.web", question=said, answer="x")
    explained = Explanation(
        project="shop",
        environment="dev",
        namespace="shop-dev",
        services=(Part(name="web", questions=(question,)),),
        beside=Part(),
    )
    assert f"- [ ] services.web: {shown}: `x`" in markdown.readme([explained], form="plain")
