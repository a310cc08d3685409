"""Migrations and metadata of Hasura that are not whole, or that nothing applies."""

from tests.check.mutations import additions
from tests.check.mutations.harness import Absent, Stack, mutation

_VERSION = "v2.40.2"
_TABLES = """\
- table: {schema: public, name: branches}
  array_relationships:
  - name: versions
    using: {foreign_key_constraint_on: {column: branch_id, table: {schema: public, name: versions}}}
"""


def _engine(stack: Stack, files: dict[str, str], *, at: str = "/hasura-metadata") -> None:
    """Add an engine with ``files`` as its metadata."""
    data = stack.one("ConfigMap", "postgres-env")["data"]
    if "POSTGRES_USER" not in data:
        raise Absent("postgres")
    service = stack.one("Service", "postgres")
    port = service["spec"]["ports"][0]["port"]
    host = service["metadata"]["name"]
    user, database = data["POSTGRES_USER"], data["POSTGRES_DB"]
    container = additions.program(stack, "graphql", f"hasura/graphql-engine:{_VERSION}")
    additions.let_in(stack, "graphql", "postgres")
    name = stack.secret_variable()["valueFrom"]["secretKeyRef"]
    container["securityContext"]["readOnlyRootFilesystem"] = False
    container["resources"] = {
        "requests": {"cpu": "100m", "memory": "512Mi"},
        "limits": {"memory": "1Gi"},
    }
    url = f"postgres://{user}@{host}:{port}/{database}"
    container["env"] = [
        {"name": "HASURA_GRAPHQL_DATABASE_URL", "value": url},
        {"name": "HASURA_GRAPHQL_ADMIN_SECRET", "valueFrom": {"secretKeyRef": name}},
    ]
    additions.config(stack, "tables", files)
    pod = stack.pod("graphql")
    pod["volumes"].append({"name": "tables", "configMap": {"name": "tables"}})
    container["volumeMounts"].append({"name": "tables", "mountPath": at})


def _applied(stack: Stack, *commands: str) -> None:
    """Let a task apply what the engine has."""
    container = additions.cron_job(stack, "apply", "0 3 * * *")
    container["image"] = f"hasura/graphql-engine:{_VERSION}.cli-migrations-v3"
    container["command"] = ["sh", "-c", " && ".join(f"hasura-cli {one}" for one in commands)]
    container["securityContext"]["readOnlyRootFilesystem"] = False
    container["resources"] = {
        "requests": {"cpu": "100m", "memory": "512Mi"},
        "limits": {"memory": "1Gi"},
    }


@mutation("hasura-metadata-incomplete", "a relationship to a table that is not tracked")
def _incomplete(stack: Stack) -> None:
    _engine(stack, {"version.yaml": "version: 3\n", "tables.yaml": _TABLES})
    _applied(stack, "metadata apply")


@mutation("hasura-variable-missing", "a handler at an address that the engine is not given")
def _variable(stack: Stack) -> None:
    actions = (
        "actions:\n- name: check\n"
        '  definition: {kind: synchronous, handler: "{{ACTIONS_URL}}/rpc/check"}\n'
    )
    _engine(stack, {"version.yaml": "version: 3\n", "actions.yaml": actions})
    _applied(stack, "metadata apply")


@mutation("hasura-without-migrations", "metadata that nothing applies")
def _unapplied(stack: Stack) -> None:
    _engine(stack, {"version.yaml": "version: 3\n"})


@mutation("hasura-metadata-not-applied", "migrations without their metadata")
def _half(stack: Stack) -> None:
    _engine(stack, {"0001_init.sql": "select 1;\n"}, at="/hasura-migrations")
    _applied(stack, "migrate apply")
