"""
Secret values that stand in the project's own files, where whoever reads the project reads them.

A password in a Compose file, in an env file or in a file beside them goes wherever the project
goes: into the repository, its forks and the images of builds.  It is carried, since it is what
Compose gives the container, but production deserves one of its own.  Files that the project's
`.gitignore` names are kept out of the repository, and nothing is said of them.
"""

import os
from collections.abc import Iterable, Iterator
from collections.abc import Mapping as ReadOnly

from mooring.app.configuration import Document
from mooring.compose.project import Project
from mooring.findings import Finding, Rule, Severity
from mooring.kube.names import label
from mooring.settings.choices import Choices
from mooring.sources import Position
from mooring.translate.secrecy import is_name_of_its_user, is_placeholder, is_secret_setting
from mooring.translate.surroundings import Kind, Surroundings
from mooring.translate.view import ServiceView, field, text

KNOWN = Rule(id="secret-in-project", severity=Severity.WARNING, since="0.1")

_NAMED = 3


def findings(
    project: Project,
    views: ReadOnly[str, ServiceView],
    documents: Iterable[Document],
    choices: Choices,
    around: Surroundings,
    folder: str,
) -> Iterator[Finding]:
    """
    Yield a finding for each file in which values of secrets stand, with the first place.

    ``folder`` is the project's folder as positions in its files are shown.
    """
    places: dict[str, dict[str, Position]] = {}
    for service, view in views.items():
        for name, entry in view.environment.items():
            value, position = entry.value, entry.position
            if not value or position is None or entry.variables:
                continue
            chosen = choices.secrecy(service, name)
            is_secret = is_secret_setting(name, value) if chosen is None else chosen
            asked = is_placeholder(value) or is_name_of_its_user(name, value, view.environment)
            if is_secret and not asked:
                file = os.path.relpath(position.file, folder)
                places.setdefault(file, {}).setdefault(name, position)
    for name, node in project.mappings("secrets").items():
        source = text(found) if (found := field(node, "file")) is not None else ""
        if source and around.kind(source) is Kind.FILE:
            content = around.file(source).content or b""
            if node.position is not None and not is_placeholder(content.decode("utf-8", "replace")):
                file = os.path.relpath(source, project.directory)
                places.setdefault(file, {})[f"the secret {name}"] = node.position
    ignored = _ignored(around, project.directory)
    if not ignored:
        granted = {label(name) for name in project.mappings("secrets")}
        for document in documents:
            if document.name not in granted and _is_known(document):
                names = places.setdefault(document.name, {})
                names[f"the file {document.name}"] = document.position or Position("")
    for file, names in places.items():
        if any(_matches(pattern, file) for pattern in ignored):
            continue
        shown = ", ".join([*names][:_NAMED])
        more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
        yield KNOWN.finding(
            next(iter(names.values())),
            f"whoever reads the project knows the values of {shown}{more}",
            remedy="give each environment values of its own, in "
            "deploy/environments/<environment>/secrets.env",
        )


def _is_known(document: Document) -> bool:
    """Tell whether a secret file comes from the project with a content that can be meant."""
    if not document.is_secret or document.external_name is not None or document.missing:
        return False
    contents = [
        content if isinstance(content, bytes) else content.reveal()
        for content in document.files.values()
    ]
    return any(not is_placeholder(one.decode("utf-8", "replace")) for one in contents)


def _ignored(around: Surroundings, directory: str) -> list[str]:
    """Return the patterns of the project's `.gitignore`, but those that take something back."""
    path = os.path.join(directory, ".gitignore")
    if around.kind(path) is not Kind.FILE:
        return []
    content = around.file(path).content or b""
    lines = (line.strip() for line in content.decode("utf-8", "replace").splitlines())
    return [line for line in lines if line and not line.startswith(("#", "!"))]


def _matches(pattern: str, path: str) -> bool:
    """Tell whether ``pattern`` names the file at ``path`` in the project, or a folder above it."""
    import fnmatch  # few projects hold both secrets and a .gitignore

    parts = path.split(os.sep)
    bare = pattern.strip("/")
    if "/" in bare:
        return any(
            fnmatch.fnmatchcase("/".join(parts[:length]), bare)
            for length in range(1, len(parts) + 1)
        )
    return any(fnmatch.fnmatchcase(part, bare) for part in parts)
