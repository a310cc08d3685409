"""
Settings that are composed of secrets: an address with the password of the server in it.

Kubernetes puts the value of a variable into another one, so the password has one key in the Secret
and the address stands in the pod, with `$(NAME)` in place of the password.  What is referred to has
to stand above; a container that is not given the password under a name of its own gets one that
means nothing to its program.

Source: https://kubernetes.io/docs/tasks/inject-data-application/define-interdependent-environment-variables/
"""

import re
from collections.abc import Iterable, Iterator
from collections.abc import Mapping as ReadOnly

from mooring.app.configuration import Setting
from mooring.credentials import around, passwords_in
from mooring.generate.expansion import literal
from mooring.kube.objects.containers import EnvVar, EnvVarSource, KeySelector
from mooring.sensitive import Sensitive


def secrets_in(setting: Setting) -> Iterator[tuple[tuple[str, str], Sensitive[str | bytes]]]:
    """Yield of each secret in ``setting`` the container and setting it is of, and its value."""
    text = _text(setting)
    for source, one in zip(setting.embedded, passwords_in(text), strict=True):
        yield source, Sensitive[str | bytes](text[one.start : one.end])


def with_composed(
    variables: Iterable[EnvVar],
    composed: Iterable[Setting],
    keys: ReadOnly[str, tuple[str, ...]],
    *,
    secret_name: str,
) -> list[EnvVar]:
    """
    Return ``variables`` of a container with the ``composed`` ones below them.

    ``keys`` are those of the secrets in each, in the Secret ``secret_name``.
    """
    made = list(variables)
    names: dict[str, str] = {}
    for one in made:
        selector = one.value_from.secret_key_ref if one.value_from is not None else None
        if selector is not None and selector.name == secret_name:
            names.setdefault(selector.key, one.name)
    addresses: list[EnvVar] = []
    taken = {one.name for one in made} | keys.keys()
    for setting in composed:
        references: list[str] = []
        for key in keys[setting.name]:
            if key not in names:
                name = "MOORING_" + re.sub(r"\W", "_", key)
                while name in taken:
                    name += "_"
                names[key] = name
                taken.add(name)
                selector = KeySelector(name=secret_name, key=key)
                source = EnvVarSource(secret_key_ref=selector)
                made.append(EnvVar(name=name, value_from=source))
            references.append(f"$({names[key]})")
        addresses.append(EnvVar(name=setting.name, value=_with(setting, references)))
    return [*made, *addresses]


def _with(setting: Setting, references: list[str]) -> str:
    text = _text(setting)
    first, *others = (literal(one) for one in around(text, passwords_in(text)))
    pairs = zip(references, others, strict=True)
    return first + "".join(reference + other for reference, other in pairs)


def _text(setting: Setting) -> str:
    return setting.value.reveal() if isinstance(setting.value, Sensitive) else setting.value
