"""`mooring check` as it is called: what is judged, what is printed, and the exit status."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from tests.cli import called
from tests.cli.called import Called

from mooring.check import besides

BAD = """\
apiVersion: v1
kind: Pod
metadata: {name: tool}
spec:
  containers:
  - {name: tool, image: busybox}
"""
GOOD = BAD.replace("busybox", "busybox:1.37.0")


def _check(*arguments: str, at: Path, stdin: str = "") -> Called:
    return called.mooring("check", *arguments, at=at, stdin=stdin)


def _process(*arguments: str, at: Path, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """Call it as a shell does, with real streams."""
    return subprocess.run(
        [sys.executable, "-m", "mooring", "check", *arguments],
        cwd=at,
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_finding_has_place_remedy_and_rule_and_status_1(tmp_path: Path) -> None:
    (tmp_path / "pod.yaml").write_text(BAD)
    done = _process("pod.yaml", "--select", "image-without-version", at=tmp_path)
    assert done.returncode == 1
    assert "at pod.yaml:6:18" in done.stdout
    assert "[image-without-version]" in done.stdout
    assert "help: name the version" in done.stdout
    assert "1 warning (1 object, 1 rule)" in done.stdout


def test_nothing_found_is_said_and_is_status_0(tmp_path: Path) -> None:
    (tmp_path / "pod.yaml").write_text(GOOD)
    done = _process("pod.yaml", "--select", "image-without-version", at=tmp_path)
    assert (done.returncode, done.stdout) == (0, "nothing found (1 object, 1 rule)\n")


def test_standard_input_is_read(tmp_path: Path) -> None:
    done = _process("-", "--select", "images", "--format", "json", at=tmp_path, stdin=BAD)
    (found,) = json.loads(done.stdout)["findings"]
    assert found["rule"] == "image-without-version"
    assert found["position"]["file"] == "<stdin>"
    assert done.returncode == 1


def test_an_unreadable_document_is_a_finding_beside_the_others(tmp_path: Path) -> None:
    (tmp_path / "all.yaml").write_text(f"{BAD}---\napiVersion: v1\nkind: [\n")
    done = _check("all.yaml", "--format", "json", at=tmp_path)
    rules = {one["rule"] for one in json.loads(done.stdout)["findings"]}
    assert {"unreadable-document", "image-without-version"} <= rules


def test_an_ignored_rule_does_not_look(tmp_path: Path) -> None:
    (tmp_path / "pod.yaml").write_text(BAD)
    done = _check("pod.yaml", "--ignore", "image-without-version", "--format", "json", at=tmp_path)
    rules = {one["rule"] for one in json.loads(done.stdout)["findings"]}
    assert "image-without-version" not in rules


def test_an_unknown_rule_is_a_fault_of_the_command_line(tmp_path: Path) -> None:
    done = _process("--select", "image-without-versoin", at=tmp_path)
    assert done.returncode == 2
    assert 'did you mean "image-without-version"' in done.stderr


@pytest.mark.parametrize("environment", ["dev", "production"])
def test_a_project_is_judged_by_what_is_made_of_it(tmp_path: Path, environment: str) -> None:
    (tmp_path / "compose.yaml").write_text(
        "services:\n  web:\n    image: nginx\n    environment: {DB_PASSWORD: changeme}\n"
    )
    done = _check("-e", environment, "--level", "all", "--format", "json", at=tmp_path)
    found = {one["rule"]: one for one in json.loads(done.stdout)["findings"]}
    assert ("image-without-version" in found) == (environment == "dev")  # else it is asked for
    files = {one["position"]["file"] for one in found.values() if one["position"]}
    assert files == {"compose.yaml"}
    assert found["open-question"]["severity"] == ("info" if environment == "dev" else "error")


def test_what_is_asked_is_not_told_of_the_objects_again(tmp_path: Path) -> None:
    compose = tmp_path / "compose.yaml"
    compose.write_text("services: {web: {image: shop, build: ., runtime: runsc}}\n")
    (tmp_path / "Dockerfile").write_text("FROM alpine:3.22\nUSER 1000\n")

    def found() -> list[str]:
        done = _check("-e", "production", "--level", "errors", "--format", "json", at=tmp_path)
        every = json.loads(done.stdout)["findings"]
        return sorted(one["rule"] for one in every if one["severity"] == "error")

    assert found() == ["open-question", "open-question"]
    (tmp_path / "mooring.yaml").write_text(
        "environments: {production: {registry: registry.example.com, pull_secret: none, tag: '1', "
        "runtimes: {runsc: {class: gvisor}}}}\n"
    )
    assert found() == []


def test_an_address_that_nothing_answers_is_asked_and_not_told_again(tmp_path: Path) -> None:
    (tmp_path / "compose.yaml").write_text(
        "services:\n"
        '  web: {image: "nginx:1.29.0", ports: ["8080:3000"]}\n'
        '  api: {image: "nginx:1.29.0", environment: {MAIL_HOST: relay, WEB_URL: "http://web"}}\n'
    )
    done = _check("-e", "production", "--level", "all", "--format", "json", at=tmp_path)
    found = [one for one in json.loads(done.stdout)["findings"] if one["severity"] == "error"]
    assert {one["rule"] for one in found} == {"open-question"}
    assert sum("relay" in one["message"] for one in found) == 1
    assert sum("WEB_URL" in one["message"] for one in found) == 1


TWICE = GOOD.replace(
    "image: busybox:1.37.0}",
    "image: busybox:1.37.0, env: [{name: A, value: x}, {name: A, value: x}]}",
)


def test_a_fix_is_shown_first_and_written_when_asked_for(tmp_path: Path) -> None:
    file = tmp_path / "pod.yaml"
    file.write_text(TWICE)
    only = ("pod.yaml", "--select", "environment-variable-repeated")
    shown = _check(*only, "--diff", at=tmp_path)
    assert "+  - {name: tool, image: busybox:1.37.0, env: [{name: A, value: x}]}" in shown.stdout
    assert file.read_text() == TWICE
    done = _check(*only, "--fix", at=tmp_path)
    assert done.returncode == 0
    assert "mended 1 in 1 files" in done.stderr
    assert file.read_text() == TWICE.replace(", {name: A, value: x}]", "]")


def test_reports_go_to_files_beside_the_text(tmp_path: Path) -> None:
    (tmp_path / "pod.yaml").write_text(BAD)
    done = _check("pod.yaml", "--to", "sarif=a.sarif", "--to", "junit=b.xml", at=tmp_path)
    assert "[image-without-version]" in done.stdout
    assert json.loads((tmp_path / "a.sarif").read_text())["version"] == "2.1.0"
    assert (tmp_path / "b.xml").read_text().startswith("<?xml")


def test_a_baseline_leaves_what_is_new(tmp_path: Path) -> None:
    (tmp_path / "pod.yaml").write_text(BAD)
    only = ("pod.yaml", "--select", "image-without-version")
    assert _check(*only, "--write-baseline", "known.json", at=tmp_path).returncode == 0
    done = _check(*only, "--baseline", "known.json", at=tmp_path)
    assert done.returncode == 0
    assert "1 known" in done.stdout
    (tmp_path / "pod.yaml").write_text(BAD + "---\n" + BAD.replace("name: tool}", "name: more}"))
    assert _check(*only, "--baseline", "known.json", at=tmp_path).returncode == 1


def test_a_report_of_an_unknown_form_is_refused(tmp_path: Path) -> None:
    done = _check("--to", "pdf=x", at=tmp_path)
    assert done.returncode == 2
    assert "FORM is one of" in done.stderr


def test_each_environment_of_a_tree_is_judged_with_its_base(tmp_path: Path) -> None:
    (tmp_path / "base").mkdir()
    (tmp_path / "base" / "pod.yaml").write_text(BAD)
    (tmp_path / "base" / "kustomization.yaml").write_text("resources: [pod.yaml]\n")
    for name in ("dev", "prod"):
        folder = tmp_path / "environments" / name
        folder.mkdir(parents=True)
        (folder / "kustomization.yaml").write_text(f"resources: [../../base]\nnamespace: {name}\n")
    done = _check(".", "--select", "image-without-version", "--format", "json", at=tmp_path)
    said = json.loads(done.stdout)
    found = [(one["subject"]["namespace"], one["position"]) for one in said["findings"]]
    place = {"file": "base/pod.yaml", "line": 6, "column": 18}
    assert found == [("dev", place), ("prod", place)]


def test_a_chart_without_helm_is_told_and_hides_nothing(tmp_path: Path) -> None:
    (tmp_path / "pod.yaml").write_text(BAD)
    (tmp_path / "chart").mkdir()
    (tmp_path / "chart" / "Chart.yaml").write_text("name: x\n")
    done = subprocess.run(
        [sys.executable, "-m", "mooring", "check", ".", "--format", "json"],
        cwd=tmp_path,
        env={"PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    rules = {one["rule"]: one["message"] for one in json.loads(done.stdout)["findings"]}
    assert "helm, which renders it, is not here" in rules["unreadable-document"]
    assert "image-without-version" in rules


SETTLED = """\
checks:
  allow:
  - {rule: image-without-version, reason: built here, object: Pod/tool}
"""


@pytest.mark.parametrize(
    ("settings", "status", "told"),
    [
        pytest.param(SETTLED, 0, "; 1 allowed", id="allowed"),
        pytest.param(
            SETTLED.replace("Pod/tool", "Pod/other"), 1, "at pod.yaml:6:18", id="allowed-elsewhere"
        ),
        pytest.param(
            SETTLED.replace("built here", "built here, until: 2020-01-01"),
            1,
            "it allowed image-without-version until 2020-01-01, which is over",
            id="allowed-long-ago",
        ),
        pytest.param(
            SETTLED.replace("{rule: image-w", "{rule: image-v"),
            1,
            "it allows image-vithout-version, and there is no such rule",
            id="an-unknown-rule",
        ),
        pytest.param("checks: {ignore: [images]}\n", 0, "nothing found", id="a-group-ignored"),
        pytest.param("checks: {select: [storage]}\n", 0, "nothing found", id="others-selected"),
        pytest.param(
            "checks: {ignore: [imges]}\n",
            2,
            'there is no rule or group of rules "imges"',
            id="an-unknown-group",
        ),
    ],
)
def test_mooring_yaml_settles_what_counts(
    settings: str, status: int, told: str, tmp_path: Path
) -> None:
    (tmp_path / "pod.yaml").write_text(BAD)
    (tmp_path / "mooring.yaml").write_text(settings)
    choice = ["--select", "image-without-version"] if "allow" in settings else []
    done = _check("pod.yaml", *choice, at=tmp_path)
    assert told in done.stdout + done.stderr
    assert done.returncode == status


OF_A_CLUSTER = """\
environments:
  production: {tier: production, cluster: home}
clusters:
  home: {nodes: [{count: 2, cpu: "4", memory: 906Mi, arch: arm64}]}
checks:
  registries: [registry.example.com]
"""


def test_manifests_are_held_against_the_cluster_and_registries_of_mooring_yaml(
    tmp_path: Path,
) -> None:
    (tmp_path / "pod.yaml").write_text(
        BAD.replace("busybox", "busybox, resources: {requests: {memory: 1Gi}}")
    )
    (tmp_path / "mooring.yaml").write_text(OF_A_CLUSTER)
    done = _check("pod.yaml", "--format", "json", at=tmp_path)
    found = {one["rule"]: one["message"] for one in json.loads(done.stdout)["findings"]}
    assert "a pod asks for 1Gi of memory" in found["pods-do-not-fit"]
    assert "images may come from " in found["image-of-other-registry"]


def test_a_rule_is_explained(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "mooring", "explain", "image-without-version"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0
    assert done.stdout.startswith("image-without-version (warning, ")
    assert "## Why" in done.stdout


STACK = """\
services:
  store:
    image: minio/minio
    command: server /data
    environment: {MINIO_ROOT_PASSWORD: minioadmin, REGION: "${REGION}"}
    ports: ["9000:9000"]
    volumes: ["data:/data"]
  web:
    image: nginx:1.29.3
    environment: {PASSWORD: changeme-web-but-known}
    ports: ["80:80"]
volumes: {data: }
"""


def test_one_defect_of_a_project_is_told_once_and_where_it_is_mended(tmp_path: Path) -> None:
    (tmp_path / "docker").mkdir()
    (tmp_path / "docker" / "compose.yaml").write_text(STACK)
    done = _check("-f", "docker/compose.yaml", "--level", "all", "--format", "json", at=tmp_path)
    found = json.loads(done.stdout)["findings"]
    rules = [one["rule"] for one in found]
    assert rules.count("image-moved") == 1
    assert not {"unset-variable", "image-without-version", "default-password"} & set(rules)
    asked = " ".join(one["message"] for one in found if one["rule"] == "open-question")
    for subject in ("variables.REGION", "store.image", "MINIO_ROOT_PASSWORD"):
        assert subject in asked
    files = {one["position"]["file"] for one in found if one.get("position")}
    assert files == {"docker/compose.yaml"}


def test_in_development_nothing_is_asked_and_the_findings_stay(tmp_path: Path) -> None:
    (tmp_path / "compose.yaml").write_text(STACK)
    done = _check("--environment", "dev", "--level", "all", "--format", "json", at=tmp_path)
    rules = [one["rule"] for one in json.loads(done.stdout)["findings"]]
    assert "image-without-version" in rules
    assert "unset-variable" in rules


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(("--cluster", "eks"), id="a-built-in-profile"),
        pytest.param(("-e", "production"), id="the-cluster-of-an-environment"),
    ],
)
def test_manifests_are_judged_for_a_cluster(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    (tmp_path / "claim.yaml").write_text(
        "apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: data}\n"
        "spec: {storageClassName: fast, accessModes: [ReadWriteOnce],"
        " resources: {requests: {storage: 1Gi}}}\n"
    )
    assert _check("claim.yaml", at=tmp_path).returncode == 0
    (tmp_path / "mooring.yaml").write_text("environments: {production: {cluster: eks}}\n")
    done = _check("claim.yaml", *arguments, at=tmp_path)
    assert "[storage-class-unknown]" in done.stdout
    assert done.returncode == 1


def test_a_project_is_made_for_the_cluster_of_its_settings(tmp_path: Path) -> None:
    (tmp_path / "compose.yaml").write_text("services: {web: {image: nginx:1.27.3}}\n")
    done = _check("--cluster", "eks", at=tmp_path)
    assert done.returncode == 2
    assert "environments.<name>.cluster: eks" in done.stderr


def _commit(folder: Path) -> None:
    author = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com"]
    for words in (["init", "-q"], ["add", "."], [*author, "commit", "-q", "-m", "As it was"]):
        subprocess.run(["git", *words], cwd=folder, check=True)


SELECTED = ("--select", "image-without-version", "--format", "json")


def _new(*arguments: str, at: Path) -> list[str]:
    done = _check(*arguments, *SELECTED, at=at)
    assert done.returncode in (0, 1), done.stderr
    return [one["subject"]["name"] for one in json.loads(done.stdout)["findings"]]


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Return a repository with one finding that was committed and one that was not."""
    (tmp_path / "k8s").mkdir()
    (tmp_path / "k8s" / "old.yaml").write_text(BAD)
    _commit(tmp_path)
    (tmp_path / "k8s" / "old.yaml").write_text(f"# a line more\n{BAD}")
    (tmp_path / "k8s" / "new.yaml").write_text(BAD.replace("tool", "fresh"))
    return tmp_path


def test_new_only_leaves_out_what_the_last_commit_had(repository: Path) -> None:
    assert _new("k8s", at=repository) == ["fresh", "tool"]
    assert _new("k8s", "--new-only", at=repository) == ["fresh"]
    assert _new("k8s", "--since", "HEAD", at=repository) == ["fresh"]
    assert _new(".", "--new-only", at=repository / "k8s") == ["fresh"]
    assert _new(str(repository / "k8s"), "--new-only", at=repository) == ["fresh"]


def test_a_file_that_was_not_there_is_new_as_a_whole(repository: Path) -> None:
    assert _new("k8s/new.yaml", "--new-only", at=repository) == ["fresh"]
    assert _new("k8s/new.yaml", "k8s/old.yaml", "--new-only", at=repository) == ["fresh"]


def test_nothing_in_the_repository_is_touched(repository: Path) -> None:
    def told() -> str:
        words = ["git", "status", "--porcelain=v2", "--branch"]
        return subprocess.run(words, cwd=repository, capture_output=True, text=True).stdout

    before = told()
    _new("k8s", "--new-only", at=repository)
    assert told() == before


def test_a_revision_that_is_not_there_is_a_usage_fault(repository: Path, tmp_path: Path) -> None:
    done = _check("k8s", "--since", "no-such-branch", at=repository)
    assert done.returncode == 2
    assert 'git has no revision "no-such-branch"' in done.stderr


def test_new_only_needs_a_repository_or_a_baseline(tmp_path: Path) -> None:
    (tmp_path / "pod.yaml").write_text(BAD)
    assert _check("pod.yaml", "--new-only", at=tmp_path).returncode == 2
    written = _check("pod.yaml", *SELECTED, "--write-baseline", "known.json", at=tmp_path)
    assert written.returncode == 0
    assert not _new("pod.yaml", "--new-only", "--baseline", "known.json", at=tmp_path)


def test_a_project_is_compared_with_its_last_commit_and_its_variables_of_today(
    tmp_path: Path,
) -> None:
    compose = "services:\n  web:\n    image: ${IMAGE}\n    environment: [API_URL=http://api:80]\n"
    (tmp_path / "compose.yaml").write_text(compose)
    (tmp_path / ".gitignore").write_text(".env\n")
    _commit(tmp_path)
    (tmp_path / ".env").write_text("IMAGE=registry.example.com/web:1.4.2\n")

    def told(*arguments: str) -> list[str]:
        wanted = ("--select", "host-unknown", "--format", "json")
        done = _check(*arguments, *wanted, at=tmp_path)
        return [one["message"] for one in json.loads(done.stdout)["findings"]]

    assert len(told()) == 1
    assert not told("--new-only")
    (tmp_path / "compose.yaml").write_text(compose.replace("]", ", DB_URL=http://db:80]"))
    (new,) = told("--new-only")
    assert new.startswith("DB_URL names the host db")


@pytest.mark.parametrize(
    ("place", "told"),
    [
        pytest.param("", ["host-unknown"], id="nothing-allowed"),
        pytest.param("  # mooring: allow host-unknown -- it is a neighbour", [], id="beside"),
        pytest.param(
            "  # mooring: allow host-unknown", ["allowance-without-effect", "host-unknown"],
            id="without-a-reason",
        ),
    ],
)  # fmt: skip
def test_a_comment_in_a_compose_file_allows_what_is_found_there(
    place: str, told: list[str], tmp_path: Path
) -> None:
    (tmp_path / "compose.yaml").write_text(
        "services:\n  web:\n    image: registry.example.com/web:1.4.2\n    environment:\n"
        f"    - API_URL=http://api:80{place}\n"
    )
    wanted = ("--select", "host-unknown,allowance-without-effect", "--format", "json")
    done = _check(*wanted, at=tmp_path)
    assert sorted(one["rule"] for one in json.loads(done.stdout)["findings"]) == told


CLAIM = """\
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: uploads}
spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 20Gi}}}
"""
SMALLER = CLAIM.replace("20Gi", "5Gi")


def _changes(*arguments: str, at: Path) -> list[str]:
    done = _check(*arguments, "--select", "claim-shrinks", "--format", "json", at=at)
    assert done.returncode in (0, 1), done.stderr
    return [str(one["subject"]["namespace"]) for one in json.loads(done.stdout)["findings"]]


def test_manifests_are_compared_with_those_of_a_folder(tmp_path: Path) -> None:
    for name, text in (("k8s", SMALLER), ("before", CLAIM)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "claim.yaml").write_text(text + BAD.replace("apiV", "---\napiV"))
    assert _changes("k8s", at=tmp_path) == []
    assert _changes("k8s", "--baseline", "before", at=tmp_path) == ["None"]
    assert _changes("k8s", "--baseline", "before/claim.yaml", at=tmp_path) == ["None"]
    assert _new("k8s", at=tmp_path) == ["tool"]
    assert _new("k8s", "--baseline", "before", at=tmp_path) == []


def test_overlays_are_compared_each_with_its_own(tmp_path: Path) -> None:
    for name in ("staging", "production"):
        (tmp_path / "k8s" / name).mkdir(parents=True)
        (tmp_path / "k8s" / name / "claim.yaml").write_text(CLAIM)
        (tmp_path / "k8s" / name / "kustomization.yaml").write_text(
            f"namespace: {name}\nresources: [claim.yaml]\n"
        )
    _commit(tmp_path)
    (tmp_path / "k8s" / "production" / "claim.yaml").write_text(SMALLER)
    assert _changes("k8s", at=tmp_path) == []
    assert _changes("k8s", "--since", "HEAD", at=tmp_path) == ["production"]
    assert _changes(str(tmp_path / "k8s"), "--new-only", at=tmp_path) == ["production"]


def test_a_project_is_compared_with_what_it_was_and_with_its_tree(tmp_path: Path) -> None:
    compose = (
        "services:\n  db:\n    image: postgres:16.4\n    volumes: [data:/var/lib/postgresql/data]\n"
        "    environment: [POSTGRES_PASSWORD]\nvolumes: {data: {}}\n"
    )
    (tmp_path / "compose.yaml").write_text(compose)
    _commit(tmp_path)
    words = [sys.executable, "-m", "mooring", "convert", "-o", "deploy"]
    subprocess.run(words, cwd=tmp_path, check=True, capture_output=True)
    (tmp_path / "compose.yaml").write_text(compose.replace("16.4", "17.4"))
    for against in (("--baseline", "deploy"), ("--new-only",)):
        wanted = ("--select", "database-version-jumps", "--format", "json")
        done = _check(*against, *wanted, at=tmp_path)
        (found,) = json.loads(done.stdout)["findings"]
        assert found["subject"]["name"] == "db"


JOB = """\
# of the team
apiVersion: batch/v1
kind: Job
metadata: {name: fill}
spec:
  template:
    spec:
      containers: [{name: fill, image: "registry.example.com/fill:1.0.0"}]
"""


def test_a_fix_in_sarif_is_what_fix_does(tmp_path: Path) -> None:
    file = tmp_path / "job.yaml"
    file.write_text(JOB)
    chosen = ("job.yaml", "--select", "job-restart-policy")
    log = json.loads(_check(*chosen, "--format", "sarif", at=tmp_path).stdout)
    (result,) = log["runs"][0]["results"]
    (change,) = result["fixes"][0]["artifactChanges"]
    (replacement,) = change["replacements"]
    region = replacement["deletedRegion"]
    assert change["artifactLocation"]["uri"] == "job.yaml"
    assert (region["startColumn"], region["endColumn"]) == (1, 1)
    lines = JOB.splitlines(keepends=True)
    lines[region["startLine"] - 1 : region["endLine"] - 1] = [
        replacement["insertedContent"]["text"]
    ]
    assert _check(*chosen, "--fix", at=tmp_path).returncode == 0
    assert file.read_text() == "".join(lines)


@pytest.mark.parametrize("name", besides.names())
def test_what_is_told_besides_the_rules_has_a_page_too(name: str, tmp_path: Path) -> None:
    done = called.mooring("explain", name, at=tmp_path)
    assert done.returncode == 0
    for section in ("## What it does", "## Why it matters", "## Example", "## References"):
        assert section in done.stdout
