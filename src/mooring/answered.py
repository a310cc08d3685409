"""
Which open questions the user has answered in the files of secret values that were written before.

A secret's value belongs in no Compose file: the question says in which file of the output it goes.
What stands there and can be meant is an answer, so the same is not asked again.
"""

import os
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import msgspec

from mooring.decisions import OpenQuestion
from mooring.kube.object_set import ObjectSet

if TYPE_CHECKING:
    from mooring.kube.composed import Composed

_FILE = "put the file at environments/<environment>/secrets/"
_PLACE = "=<value> in environments/<environment>/secrets.env"


def still_open(
    questions: tuple[OpenQuestion, ...], objects: ObjectSet, *, environment: str, output: str
) -> tuple[OpenQuestion, ...]:
    """
    Return ``questions`` but those that the files of ``environment`` below ``output`` answer.

    A value that is the one in ``objects``, a placeholder or too short is no answer.  One that
    cannot stand in an address which is composed of it is asked for, also where nothing was open.
    """
    held = _held(output, environment)
    questions = _without_files(questions, objects, environment=environment, output=output)
    if not held:
        return questions
    composed = _composed(objects)
    if not composed and not any(one.answer.endswith(_PLACE) for one in questions):
        return questions

    from mooring.kube.objects.configuration import Secret
    from mooring.translate.secrecy import is_placeholder

    computed = {
        key: value.reveal() for secret in objects.of(Secret) for key, value in secret.values.items()
    }
    unfit = {
        key: why
        for key, value in held.items()
        if value != computed.get(key) and (why := _unfit(key, value, composed))
    }

    def answers(key: str) -> bool:
        value = held.get(key, "")
        return value != computed.get(key) and not is_placeholder(value) and key not in unfit

    left = tuple(
        one
        for one in questions
        if not one.answer.endswith(_PLACE) or not answers(one.answer.removesuffix(_PLACE))
    )
    asked = {one.answer for one in left}
    return (
        *(_asking_again(one, unfit) for one in left),
        *(
            OpenQuestion(subject=f"secrets.{key}", question=why, answer=f"{key}{_PLACE}")
            for key, why in unfit.items()
            if f"{key}{_PLACE}" not in asked
        ),
    )


def _without_files(
    questions: tuple[OpenQuestion, ...], objects: ObjectSet, *, environment: str, output: str
) -> tuple[OpenQuestion, ...]:
    """Return ``questions`` but those that ask for a file which is there by now."""
    if not any(one.answer.startswith(_FILE) for one in questions):
        return questions

    from mooring.kube.objects.configuration import Secret
    from mooring.translate.secrecy import is_placeholder_file

    files = _held_files(output, environment)
    given = {
        f"{_FILE}{name}/{key}"
        for (name, key), content in files.items()
        if content.strip() and not is_placeholder_file(content)
    }
    computed = {
        f"{_FILE}{secret.metadata.name}/{key}": value.reveal()
        for secret in objects.of(Secret)
        for key, value in secret.values.items()
    }
    manifests = _manifest_values(output, environment)
    given.update(
        answer
        for answer, before in computed.items()
        if (now := manifests.get(answer.rpartition("/")[2]))
        and now.encode() != _bytes(before)
        and not is_placeholder_file(now.encode())
    )
    return tuple(one for one in questions if one.answer not in given)


def _asking_again(question: OpenQuestion, unfit: Mapping[str, str]) -> OpenQuestion:
    why = unfit.get(question.answer.removesuffix(_PLACE))
    return msgspec.structs.replace(question, question=why, several="") if why else question


def _composed(objects: ObjectSet) -> "tuple[Composed, ...]":
    from mooring.kube.composed import composed_variables

    return tuple(composed_variables(objects))


def _unfit(key: str, value: str, composed: "Iterable[Composed]") -> str:
    """Return why ``value`` cannot be that of ``key``; nothing where it can."""
    from mooring.translate import token_keys

    fault = token_keys.fault(value)
    for one in composed:
        if key not in one.keys.values():
            continue
        if not one.can_hold(key, value):
            return (
                f"the value that it was given cannot stand in {one.name} of {one.owner}, which is "
                "composed of it: take letters, digits and - . _ ~"
            )
        fault = fault or token_keys.fault(one.with_values({key: value}))
    return f"{fault}: the program will not start with it" if fault is not None else ""


def with_values(objects: ObjectSet, *, environment: str, output: str) -> ObjectSet:
    """Return ``objects`` with Secrets that hold what the files of ``environment`` say."""
    held = _held(output, environment) if os.path.isdir(output) else {}
    files = _held_files(output, environment)
    if not held and not files:
        return objects

    from mooring.kube.objects.configuration import Secret
    from mooring.sensitive import Sensitive

    return ObjectSet(
        msgspec.structs.replace(
            item,
            values={
                key: Sensitive[str | bytes](held[key])
                if held.get(key)
                else Sensitive[str | bytes](_as(value.reveal(), files[item.metadata.name, key]))
                if files.get((item.metadata.name, key))
                else value
                for key, value in item.values.items()
            },
        )
        if isinstance(item, Secret)
        else item
        for item in objects
    )


def _held(output: str, environment: str) -> dict[str, str]:
    """Return the values that the files of either form hold for ``environment``, by key."""
    from mooring.render import secret_values

    held: dict[str, str] = {}
    folder = os.path.join(output, "environments", environment)
    for name in _names(folder):
        if name.startswith("secrets.") and name.endswith(".env"):
            found = secret_values.env_values(_content(os.path.join(folder, name)))
            held.update({key: value.decode("utf-8", "replace") for key, value in found.items()})
    held.update(_manifest_values(output, environment))
    return held


def _manifest_values(output: str, environment: str) -> dict[str, str]:
    from mooring.render import secret_values

    manifests = os.path.join(output, environment, "01-secrets.yaml")
    if not os.path.isfile(manifests):
        return {}
    return secret_values.manifest_values(_content(manifests))


def _held_files(output: str, environment: str) -> dict[tuple[str, str], bytes]:
    """Return the files that stand for keys of Secrets, by the Secret's name and the key."""
    folder = os.path.join(output, "environments", environment, "secrets")
    return {
        (name, key): _content(os.path.join(folder, name, key))
        for name in _names(folder)
        for key in _names(os.path.join(folder, name))
    }


def _as(before: str | bytes, content: bytes) -> str | bytes:
    """Return ``content`` as text where what it takes the place of is one."""
    if isinstance(before, bytes):
        return content
    return content.decode("utf-8", "replace")


def _bytes(content: str | bytes) -> bytes:
    return content.encode() if isinstance(content, str) else content


def _names(folder: str) -> list[str]:
    try:
        return sorted(os.listdir(folder))
    except OSError:
        return []


def _content(path: str) -> bytes:
    try:
        with open(path, "rb") as stream:
            return stream.read()
    except OSError:
        return b""
