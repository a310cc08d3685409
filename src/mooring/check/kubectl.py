"""
What calls of kubectl in a script ask of the API server: the rights that they need.

Only what a line says plainly is read: a verb, a kind, a name and a namespace.  What stands in a
variable or a file is not guessed.

Source: https://kubernetes.io/docs/reference/kubectl/generated/
"""

from collections.abc import Iterator

import msgspec

from mooring.patterns import LazyPattern


class Need(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """
    A right that a call needs.

    ``name`` is empty where the call is about all objects or makes one, and None where the script
    computes it; ``namespace`` is None for that of the pod.  ``call`` is what asks for it, in two
    words: what else stands in the line may be a secret.
    """

    verb: str
    resource: str
    group: str
    name: str | None
    namespace: str | None
    call: str


def needs(script: str) -> Iterator[Need]:
    """Yield the rights that the calls in ``script`` need, in order."""
    if "kubectl" not in script:
        return
    for statement in _STATEMENTS.split(script.replace("\\\n", " ")):
        calls = [_words(part) for part in statement.split("|") if "kubectl" in part]
        made: tuple[str, str, str | None] | None = None
        for words in calls:
            if words is None:
                continue
            call = _Call(words)
            if call.is_dry:
                # "create --dry-run -o yaml" asks nothing, and tells what is applied after it.
                made = call.target
                continue
            yield from call.needs(made)


_STATEMENTS = LazyPattern(r"\n|;|&&|\|\||\bthen\b|\bdo\b|\$\(|`|\)")


def _words(part: str) -> list[str] | None:
    """Return the words after ``kubectl``; None where it is not what is started."""
    words = part.split()
    index = next((i for i, word in enumerate(words) if word.rpartition("/")[2] == "kubectl"), None)
    if index is None or any(word.startswith("#") or word == "echo" for word in words[:index]):
        return None
    return [word.strip("\"'") for word in words[index + 1 :]]


class _Call:
    def __init__(self, words: list[str]) -> None:
        self._plain: list[str] = []
        self.namespace: str | None = None
        self.is_dry = False
        self.is_unknown = False
        rest = iter(words)
        for word in rest:
            if word in ("--", ">", ">>", "<", "2>&1", "&") or word.startswith(("2>", ">", "<")):
                break
            if word.startswith("-"):
                self._option(word, rest)
            else:
                self._plain.append(word)

    def _option(self, word: str, rest: Iterator[str]) -> None:
        name, _, value = word.partition("=")
        if name in ("-n", "--namespace"):
            self.namespace = value or next(rest, "")
        elif name == "--dry-run":
            self.is_dry = True
        elif name in _ELSEWHERE:
            self.is_unknown = True
        elif name in _WITH_VALUE and not value:
            next(rest, "")

    @property
    def target(self) -> tuple[str, str, str | None] | None:
        """Resource, group and name; None where they are not said."""
        plain = self._plain[1:]
        if self._plain[:1] == ["rollout"] or self._plain[:1] == ["set"]:
            plain = plain[1:]
        if not plain:
            return None
        kind, slash, name = plain[0].partition("/")
        known = _KINDS.get(kind.lower().partition(".")[0])
        if known is None:
            return None
        after = plain[1:]
        if (
            known[0] == "secrets"
            and after[:1]
            and after[0] in ("generic", "tls", "docker-registry")
        ):
            after = after[1:]
        named = name if slash else (after[0] if after else "")
        return known[0], known[1], None if "$" in named else named

    def needs(self, made: tuple[str, str, str | None] | None) -> Iterator[Need]:
        if self.is_unknown or not self._plain or "$" in (self.namespace or ""):
            return
        verb = self._plain[0]
        if verb == "logs" or verb == "exec":
            # Their first word is a pod, or a kind and a name.
            kind = self._plain[1].partition("/") if len(self._plain) > 1 else ("", "", "")
            if kind[1] and kind[0] not in ("pod", "pods", "po"):
                return
            name = kind[2] if kind[1] else kind[0]
            part, wanted = ("pods/log", "get") if verb == "logs" else ("pods/exec", "create")
            yield self._need(wanted, (part, "", None if "$" in name else name))
            return
        target = made if verb == "apply" and made is not None else self.target
        if target is None:
            return
        for wanted in self._verbs(verb, target):
            about = target if wanted not in ("create", "list", "watch") else (*target[:2], "")
            yield self._need(wanted, about)

    def _verbs(self, verb: str, target: tuple[str, str, str | None]) -> tuple[str, ...]:
        if verb == "get":
            return ("get",) if target[2] != "" else ("list",)
        if verb == "rollout":
            action = self._plain[1] if len(self._plain) > 1 else ""
            return {"restart": ("get", "patch"), "status": ("get",)}.get(action, ())
        return _VERBS.get(verb, ())

    def _need(self, verb: str, target: tuple[str, str, str | None]) -> Need:
        return Need(
            verb=verb,
            resource=target[0],
            group=target[1],
            name=target[2],
            namespace=self.namespace,
            call=f"kubectl {self._plain[0]}",
        )


_VERBS = {
    "create": ("create",),
    "apply": ("get", "create", "patch"),
    "delete": ("delete",),
    "patch": ("get", "patch"),
    "label": ("get", "patch"),
    "annotate": ("get", "patch"),
    "edit": ("get", "patch"),
    "replace": ("update",),
    "set": ("get", "patch"),
    "wait": ("get",),
    "describe": ("get",),
}
_ELSEWHERE = frozenset(
    {"-A", "--all-namespaces", "--kubeconfig", "--context", "-s", "--server", "--as", "--token"}
)
"""Options with which somebody else is asked, or everybody."""
_WITH_VALUE = frozenset(
    {
        *("-o", "--output", "-l", "--selector", "-f", "--filename", "--timeout", "--for", "-c"),
        *("--container", "-p", "--patch", "--type", "--from-literal", "--from-file", "-k"),
        *("--field-selector", "--replicas", "--docker-server", "--docker-username", "--tail"),
        *("--docker-password", "--docker-email", "--image", "--since", "--sort-by", "--template"),
    }
)


def _kinds() -> dict[str, tuple[str, str]]:
    """Return the kinds as people write them, each with its plural and group."""
    found: dict[str, tuple[str, str]] = {}
    for group, names in {
        "": "pods:po secrets configmaps:cm services:svc serviceaccounts:sa nodes:no "
        "namespaces:ns persistentvolumeclaims:pvc events:ev endpoints:ep",
        "apps": "deployments:deploy statefulsets:sts daemonsets:ds replicasets:rs",
        "batch": "jobs cronjobs:cj",
        "networking.k8s.io": "networkpolicies:netpol",
    }.items():
        for entry in names.split():
            plural, _, short = entry.partition(":")
            single = plural[:-3] + "y" if plural.endswith("ies") else plural.removesuffix("s")
            for word in (plural, single, short):
                if word:
                    found[word] = (plural, group)
    found["ingress"] = found["ingresses"] = found["ing"] = ("ingresses", "networking.k8s.io")
    return found


_KINDS = _kinds()
