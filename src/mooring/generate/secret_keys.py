"""
Under which keys of the application's Secret its secrets stand.

A key is called like the setting.  What is one secret under several names, or stands in an address,
has one key, and questions about it name that key: what is set there counts everywhere.
"""

import msgspec

from mooring.app.application import Application
from mooring.app.configuration import NOBODY, Setting
from mooring.app.workloads import all_containers
from mooring.decisions import SECRETS, OpenQuestion
from mooring.kube.names import config_key
from mooring.sensitive import Sensitive


def with_keys(
    questions: tuple[OpenQuestion, ...], application: Application
) -> tuple[OpenQuestion, ...]:
    """Return ``questions`` with answers that name the key under which each secret stands."""
    values: dict[str, Sensitive[str | bytes]] = {}
    keys = secret_settings(application, values)
    embedded = embedded_secrets(application, keys, values)
    subjects: dict[str, tuple[str, str]] = {}
    settled: set[str] = set()
    of_others: set[str] = set()
    for part in application.parts:
        for container in all_containers(part):
            for setting in container.settings:
                place = container.name, setting.name
                key = embedded[place][0] if place in embedded else keys.get(place)
                if key is None and not setting.source and not setting.embedded:
                    continue  # most settings are no secrets
                wanted = config_key(setting.key or setting.name)
                subject = f"services.{container.source_name}.environment.{setting.name}"
                if key is not None and key != wanted:
                    subjects[subject] = wanted, key
                if setting.source or setting.embedded:
                    of_others.add(subject)
                    # It was a placeholder, and is the secret of another, which is none.
                    if not setting.is_placeholder:
                        settled.add(subject)
    for document in application.documents:
        line = document.single_line
        key = keys.get((NOBODY, document.name), "")
        if line is not None and key not in ("", wanted := config_key(line[0])):
            subjects.update(
                (question.subject, (wanted, key))
                for question in questions
                if question.subject.endswith(f".volumes.{document.name}")
            )
    if not subjects and not settled:
        return questions
    open_still = [one for one in questions if one.several != SECRETS or one.subject not in settled]
    told = [_with_key(one, subjects) for one in open_still]
    # First who has the key under its own name: the answer speaks of that one.
    told.sort(key=lambda one: one.subject in of_others)
    # Who has to give a whole new value need not be told as well what is wrong with the old one.
    asked = {one.answer for one in told if one.several == SECRETS}
    return tuple(one for one in told if one.several == SECRETS or one.answer not in asked)


def _with_key(question: OpenQuestion, subjects: dict[str, tuple[str, str]]) -> OpenQuestion:
    wanted, key = subjects.get(question.subject, ("", ""))
    if not wanted or not question.answer.startswith(f"{wanted}="):
        return question
    return msgspec.structs.replace(question, answer=key + question.answer.removeprefix(wanted))


def secret_settings(
    application: Application, values: dict[str, Sensitive[str | bytes]]
) -> dict[tuple[str, str], str]:
    """
    Fill ``values`` with a key for each secret setting; return the key by container and name.

    The key is the setting's name.  Where containers disagree on its value, those that differ from
    the first get keys that name the container as well, and so does the line of a document.  What is
    the secret of another container or of a document has that one's key, as long as that is there.
    """
    keys: dict[tuple[str, str], str] = {}
    borrowed: list[tuple[str, Setting, Sensitive[str | bytes]]] = []
    for part in application.parts:
        for container in all_containers(part):
            for setting in container.settings:
                if isinstance(setting.value, Sensitive) and not setting.embedded:
                    value = Sensitive[str | bytes](setting.value.reveal())
                    if setting.source is not None:
                        borrowed.append((container.name, setting, value))
                        continue
                    wanted = config_key(setting.key or setting.name)
                    key = free_key(wanted, container.name, value, values)
                    values[key] = value
                    keys[container.name, setting.name] = key
    for document in application.documents:
        line = document.single_line
        if line is not None and document.external_name is None:
            text = Sensitive[str | bytes](line[1])
            key = free_key(config_key(line[0]), document.name, text, values)
            values[key] = text
            keys[NOBODY, document.name] = key
    sources = {(owner, one.name): one.source for owner, one, _ in borrowed if one.source}
    for name, setting, value in borrowed:
        source = _origin((name, setting.name), sources)
        of_source = keys.get(source)
        if of_source is None or values[of_source] != value:
            wanted = config_key(setting.key or _own_name(source))
            of_source = free_key(wanted, name, value, values)
            values[of_source] = value
        keys[name, setting.name] = of_source
    return keys


def embedded_secrets(
    application: Application,
    keys: dict[tuple[str, str], str],
    values: dict[str, Sensitive[str | bytes]],
) -> dict[tuple[str, str], tuple[str, ...]]:
    """
    Return the keys of the secrets that stand in settings, by container and name.

    ``values`` gets those whose own container is not there: a database that is outside.
    """
    embedded: dict[tuple[str, str], tuple[str, ...]] = {}
    for part in application.parts:
        for container in all_containers(part):
            for setting in container.settings:
                if not setting.embedded:
                    continue

                from mooring.generate.composition import secrets_in

                found: list[str] = []
                for source, value in secrets_in(setting):
                    key = keys.get(source)
                    if key is None:
                        key = free_key(config_key(_own_name(source)), container.name, value, values)
                        values[key] = value
                    found.append(key)
                embedded[container.name, setting.name] = tuple(found)
    return embedded


def _origin(
    place: tuple[str, str], sources: dict[tuple[str, str], tuple[str, str]]
) -> tuple[str, str]:
    """Return the container and setting from which a secret comes in the end."""
    passed = {place}
    while (source := sources.get(place)) is not None and source not in passed:
        passed.add(source)
        place = source
    return place


def _own_name(source: tuple[str, str]) -> str:
    """Return what the secret of a container that is not there is called."""
    return source[1].removeprefix("MOORING_")


def free_key(
    key: str,
    owner: str,
    value: Sensitive[str | bytes],
    values: dict[str, Sensitive[str | bytes]],
) -> str:
    """Return ``key``, or one with the name of its ``owner`` where another value has that one."""
    if values.get(key, value) == value:
        return key
    prefixed = config_key(f"{owner.replace('-', '_').upper()}_{key}")
    number = 2
    while values.get(prefixed, value) != value:
        prefixed = config_key(f"{owner.replace('-', '_').upper()}_{key}_{number}")
        number += 1
    return prefixed
