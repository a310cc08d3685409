"""
The environment of a container: `environment` and `env_file`.

## What it means
Compose merges the env files in their order (a later one wins), lets `environment` win over all
of them, takes a name without a value from the shell or `.env`, and removes it where neither has
it.  The process sees the result, not the files.

## What it becomes
The final value of each name, literally: plain values in a ConfigMap that the container imports,
secret ones as keys of the environment's Secret.  Nothing is left to be interpolated in the
cluster.

## What is lost
A name that holds anything but printable ASCII, or `=`: the API refuses it.  Other unusual names (a
digit first, a space inside) are taken from Kubernetes 1.32 on.

## What is judged
A value is secret by its name, by its content or because a secret variable was interpolated into
it.  Each judgement is a decision that `services.<name>.settings.<NAME>: secret|plain` overrules.
A secret that is empty or a placeholder is an open question, and so is a key that is too short for
the algorithm that it names.  An empty key of what watches from outside, as SENTRY_DSN, is none: it
switches that off.

One password has one key in the Secret, whatever it is called in which service, and an address in
which it stands is composed of it: `postgres://app:$(MOORING_POSTGRES_PASSWORD)@db/`.  Each bond is
a decision as well; `services.<name>.settings.<NAME>: own` gives the setting a key of its own.
Where two copies of one password differ in the input, which of them holds is an open question, and
`shared` at the server makes all of them its own.

## Example
    environment:
      LOG_LEVEL: debug                        # ConfigMap
      DB_PASSWORD: ${PW}                      # Secret
      DATABASE_URL: postgres://app:${PW}@db/  # put together of the key DB_PASSWORD

## References
- https://docs.docker.com/compose/how-tos/environment-variables/envvars-precedence/
- https://kubernetes.io/docs/tasks/configure-pod-container/configure-pod-configmap/
"""

from mooring.accounting import Entry, Outcome
from mooring.app.configuration import Setting
from mooring.credentials import passwords_in
from mooring.decisions import SECRETS, OpenQuestion
from mooring.findings import Finding, Rule, Severity
from mooring.kube.names import is_env_name, is_relaxed_env_name
from mooring.sensitive import Sensitive
from mooring.settings.choices import Choices
from mooring.sources import Position
from mooring.translate import token_keys
from mooring.translate.notes import Note, Translated, carried, dropped
from mooring.translate.secrecy import (
    is_name_of_its_user,
    is_placeholder,
    is_secret_setting,
    is_switched_off,
)
from mooring.translate.view import ServiceView, entries

ATTRIBUTES = ("environment", "env_file")

NAME_LEFT_OUT = Rule(id="setting-left-out", severity=Severity.ERROR, since="0.1")
NAME_NEEDS_NEW_CLUSTER = Rule(id="setting-name-new", severity=Severity.WARNING, since="0.1")

_TO_CONFIG_MAP = "ConfigMap.data via container.envFrom"
_TO_SECRET = "Secret.data via container.env.valueFrom"  # noqa: S105 - a field, no password


def translate(
    service: ServiceView,
    choices: Choices,
    known_secrets: frozenset[str] = frozenset(),
    unset: frozenset[str] = frozenset(),
) -> Translated[tuple[Setting, ...]]:
    """
    Return the settings of the service's container, sorted by name.

    ``known_secrets`` are values that are secret elsewhere in the stack: a copy of one under an
    innocent name is as secret.  A secret that is empty because a variable of ``unset`` has no
    value is no question of its own: the project asks for the variable.
    """
    settings: list[Setting] = []
    notes: list[Note] = []
    declared = dict(entries(service.get("environment")))
    for name in sorted(service.environment):
        entry = service.environment[name]
        path = service.path("environment", name)
        if entry.value is None:
            if name in declared:
                notes.append(dropped(path, "nothing gives it a value, and Compose omits it then"))
            continue
        if not is_env_name(name):
            notes.append(_unusual_name(service, name, entry.position))
            if not is_relaxed_env_name(name):
                notes.append(dropped(path, "no cluster takes a variable of this name"))
                continue
        chosen = choices.secrecy(service.name, name)
        secret = (
            chosen
            if chosen is not None
            else entry.value in known_secrets
            or is_secret_setting(name, entry.value, entry.variables)
        )
        if secret and chosen is None and is_switched_off(name, entry.value):
            secret = False
        placeholder = secret and (
            is_placeholder(entry.value)
            or is_name_of_its_user(name, entry.value, service.environment)
        )
        settings.append(
            Setting(
                name=name,
                value=Sensitive(entry.value) if secret else entry.value,
                position=entry.position,
                is_placeholder=placeholder,
            )
        )
        if name in declared:
            notes.append(carried(path, _TO_SECRET if secret else _TO_CONFIG_MAP))
        weak = token_keys.fault(entry.value) if secret and not placeholder else None
        if weak is not None:
            notes.append(_too_short(service, name, weak, entry.position))
        if placeholder and not (entry.value == "" and unset.intersection(entry.variables)):
            notes.append(
                OpenQuestion(
                    subject=f"services.{service.name}.environment.{name}",
                    question="the secret is empty"
                    if not entry.value.strip()
                    else "the secret is a placeholder or a default that everybody knows",
                    answer=f"{name}=<value> in environments/<environment>/secrets.env",
                    position=entry.position,
                    several=SECRETS,
                )
            )
    notes.extend(
        dropped(service.path("environment", name), "Compose omits a name without a value")
        for name in declared
        if name not in service.environment
    )
    if service.get("env_file") is not None:
        notes.append(
            Entry(
                service.path("env_file"),
                Outcome.CARRIED,
                "the files are resolved here; their values, not their paths, go into the cluster",
                f"{_TO_CONFIG_MAP}; {_TO_SECRET}",
            )
        )
    return Translated(tuple(settings), tuple(notes))


def _too_short(
    service: ServiceView, name: str, fault: str, position: Position | None
) -> OpenQuestion:
    value = service.environment[name].value or ""
    same = [
        other
        for one in passwords_in(value)
        for other, entry in service.environment.items()
        if entry.value == value[one.start : one.end]
    ]
    hint = f" ({' and '.join(same)}: the same key)" if same else ""
    return OpenQuestion(
        subject=f"services.{service.name}.environment.{name}",
        question=f"{fault}: the program will not start with it{hint}",
        answer=f"{name}=<value> in environments/<environment>/secrets.env",
        position=position,
    )


def _unusual_name(service: ServiceView, name: str, position: Position | None) -> Finding:
    where = position or service.position("environment")
    if is_relaxed_env_name(name):
        return NAME_NEEDS_NEW_CLUSTER.finding(
            where,
            f'service "{service.name}" has the variable "{name}", which clusters before '
            "Kubernetes 1.32 refuse",
            remedy="give it a name of letters, digits and underscores, or use a newer cluster",
        )
    return NAME_LEFT_OUT.finding(
        where,
        f'service "{service.name}" does not get the variable "{name}": no cluster takes the name',
        remedy="give it a name of letters, digits and underscores",
    )
