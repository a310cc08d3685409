"""
The environments that a project's files suggest, where nobody named them.

Three tiers are always there.  The main file serves all of them; a file, a set of variables or a
profile that is called after an environment goes to that one, and makes one more where it is called
``test``, ``qa`` and the like.  Without a main file, files that can stand alone are the
environments.

Whatever is more than the one main file is a decision, which says what it rests on.  Where only a
file for development is there, the stricter environments read it too, and that is a question: its
commands, mounts and debug ports are no production's.
"""

from collections.abc import Iterable
from functools import cached_property

import msgspec

from mooring.compose.discovery import OVERRIDE_NAMES
from mooring.decisions import Decision, Evidence, OpenQuestion
from mooring.settings.environments import (
    ENVIRONMENTS_BY_WORD,
    MAIN_NAMES,
    TIERS_BY_ENVIRONMENT,
    Environment,
    Tier,
)
from mooring.settings.file_facts import FileFacts, assigned, facts
from mooring.settings.file_names import ComposeName, compose_name, env_file_environment
from mooring.settings.folder import Folder
from mooring.settings.suggested import Suggested, Suggestion

CALLED_AFTER = "is called after it"
"""The reason for a file that has the environment in its name."""

_ALWAYS = tuple(tier.value for tier in Tier)
_NOT_MEANT = ("example", "sample", "template", "dist", "bak", "orig")


def suggested(folder: Folder) -> Suggestion:
    """Return the environments that names and contents in ``folder`` suggest."""
    return _Finder(folder, folder.names()).suggestion()


def suggested_for(files: tuple[str, ...], folder: Folder) -> Suggestion:
    """
    Return the environments that all read ``files``, named by the user.

    What is left to find are profiles that are called after environments, and whether the files
    are made for development alone.
    """
    own = [name.environment for file in files if (name := compose_name(file)) is not None]
    lenient = [environment for environment in own if _is_lenient(environment)]
    is_asked = bool(lenient) and all(_is_lenient(one) for one in own if one is not None)
    chosen = {
        name: _Choice(files, made_for=lenient[0] if is_asked and name != Tier.DEV else None)
        for name in _ALWAYS
    }
    return _Finder(folder, ()).finished(chosen)


class _Choice(msgspec.Struct, frozen=True):
    """
    The files of one environment, and why; no reason for what needs none.

    ``made_for`` is a more lenient environment whose files they really are.
    """

    files: tuple[str, ...]
    because: str = ""
    made_for: str | None = None


class _Finder:
    """One look at a folder."""

    def __init__(self, folder: Folder, names: Iterable[str]) -> None:
        self._folder = folder
        self._names = tuple(names)
        self._facts: dict[str, FileFacts] = {}
        self._compose = [found for name in self._names if (found := compose_name(name))]

    def suggestion(self) -> Suggestion:
        """Return what the whole folder suggests."""
        main = self._main
        chosen = self._over_main(main) if main is not None else self._alone()
        return self.finished(chosen)

    @cached_property
    def _main(self) -> ComposeName | None:
        """The file that all environments share: by its name, or as the only common part."""
        by_path = {name.path: name for name in self._compose}
        for path in MAIN_NAMES:
            if path in by_path:
                return by_path[path]
        bases = [name for name in self._compose if name.is_base and not name.folder]
        if not bases and all(name.folder for name in self._compose):
            bases = [name for name in self._compose if name.is_base]
        return bases[0] if len(bases) == 1 else None

    def _over_main(self, main: ComposeName) -> dict[str, _Choice]:
        own = self._own_files(main)
        present = {name.path for name in self._compose}
        over = next((name for name in OVERRIDE_NAMES if name in present and main.is_main), None)
        override = (over,) if over is not None else ()
        strict = [name for name in own if not _is_lenient(name)]
        chosen: dict[str, _Choice] = {}
        for name in _in_order(own):
            files = own.get(name, ())
            because = f"{_listed(files)} {CALLED_AFTER}"
            if not files and name == Tier.STAGING and Tier.PRODUCTION in own:
                files = own[Tier.PRODUCTION]
                because = f"it has no file of its own, and {_listed(files)} is production's"
            if files and self._stands_alone(files[0], main):
                chosen[name] = _Choice(files, f"{because}, and says of every service what it runs")
            elif files:
                takes_override = name == Tier.DEV
                over_main = sorted((*files, *override)) if takes_override else files
                chosen[name] = _Choice((main.path, *over_main), because)
            elif override and (name == Tier.DEV or not (strict or own.get(Tier.DEV))):
                because = f"Compose lays {_listed(override)} over {main.path} by itself"
                if name != Tier.DEV:
                    because += ", and no file is called after an environment"
                chosen[name] = _Choice((main.path, *override), because)
            else:
                because = "" if main.is_main else f"{main.path} is the common part"
                if override or own.get(Tier.DEV):
                    others = (*override, *own.get(Tier.DEV, ()))
                    because = f"{_listed(others)} is for development"
                chosen[name] = _Choice((main.path,), because)
        return chosen

    def _own_files(self, main: ComposeName | None) -> dict[str, tuple[str, ...]]:
        """Return the files that are called after each environment, where they can be its files."""
        own: dict[str, tuple[str, ...]] = {}
        for name in self._compose:
            environment = name.environment
            if environment is None or name is main or not self._belongs(name, main):
                continue
            own[environment] = (*own.get(environment, ()), name.path)
        return own

    def _belongs(self, name: ComposeName, main: ComposeName | None) -> bool:
        """
        Tell whether a file called after an environment is about the project of ``main``.

        Beside the main file the name is enough.  In another folder it may be a project of its own:
        there it must change services of the main file, or have all of them.
        """
        if main is None or name.folder == main.folder:
            return main is not None or bool(self._of(name.path).services)
        ours, known = self._of(name.path), self._of(main.path)
        changes = any(
            service in known.services and not whole for service, whole in ours.services.items()
        )
        return changes or self._stands_alone(name.path, main)

    def _stands_alone(self, path: str, main: ComposeName) -> bool:
        """Tell whether the file is a whole project, which is not to be laid over ``main``."""
        ours = self._of(path)
        if not ours.can_stand_alone:
            return False
        uses_main = any(
            one.rpartition("/")[2] == main.path.rpartition("/")[2] for one in ours.based_on
        )
        return uses_main or self._of(main.path).services.keys() <= ours.services.keys()

    def _alone(self) -> dict[str, _Choice]:
        """Return the choices where no file is common: each environment has a whole one."""
        own = self._own_files(None)
        if not own:
            return {}
        chosen: dict[str, _Choice] = {}
        for name in _in_order(own):
            files = own.get(name)
            if files:
                chosen[name] = _Choice(files, f"{_listed(files)} {CALLED_AFTER}")
                continue
            nearest = _nearest(name, own)
            because = f"it has no file of its own, and {_listed(own[nearest])} is the nearest to it"
            is_asked = name != Tier.DEV and _is_lenient(nearest)
            chosen[name] = _Choice(own[nearest], because, made_for=nearest if is_asked else None)
        return chosen

    def finished(self, chosen: dict[str, _Choice]) -> Suggestion:
        """Return the environments of ``chosen`` with their variables and profiles."""
        profiles = self._profiles(chosen)
        env_files = self._env_files(chosen)
        if chosen:
            chosen = {
                name: chosen.get(name) or self._like(name, chosen)
                for name in _in_order((*chosen, *profiles, *env_files))
            }
        found = tuple(
            self._suggested(name, choice, profiles, env_files) for name, choice in chosen.items()
        )
        used = {path for one in found for path in one.environment.files}
        unused = tuple(
            name.path for name in self._compose if name.path not in used and not name.is_main
        )
        return Suggestion(environments=found, unused=unused)

    def _like(self, name: str, chosen: dict[str, _Choice]) -> _Choice:
        """Return the files of an environment that only a profile or variables are called after."""
        lenient = TIERS_BY_ENVIRONMENT[name] is Tier.DEV
        return chosen[Tier.DEV if lenient else Tier.STAGING]

    def _suggested(
        self,
        name: str,
        choice: _Choice,
        profiles: dict[str, tuple[str, ...]],
        env_files: dict[str, tuple[str, ...]],
    ) -> Suggested:
        borrowed = name if name in profiles else Tier.PRODUCTION if name == Tier.STAGING else name
        environment = Environment(
            name=name,
            tier=TIERS_BY_ENVIRONMENT[name],
            files=choice.files,
            env_files=env_files.get(name, ()),
            profiles=profiles.get(borrowed, ()),
        )
        decisions = []
        if choice.because:
            decisions.append(_decision(name, "files", choice.files, choice.because))
        if environment.env_files:
            because = "its name says so, and the Compose files use variables of it"
            decisions.append(_decision(name, "env_files", environment.env_files, because))
        if environment.profiles:
            because = f"the profile is called after {borrowed}"
            decisions.append(_decision(name, "profiles", environment.profiles, because))
        questions = [_question(name, choice)] if choice.made_for is not None else []
        return Suggested(
            environment=environment, decisions=tuple(decisions), questions=tuple(questions)
        )

    def _profiles(self, chosen: dict[str, _Choice]) -> dict[str, tuple[str, ...]]:
        """Return the profiles of the chosen files that are called after environments."""
        found: dict[str, set[str]] = {}
        for path in dict.fromkeys(path for choice in chosen.values() for path in choice.files):
            if path not in self._facts and b"profiles" not in (self._folder.read(path) or b""):
                continue
            for profile in self._of(path).profiles:
                environment = ENVIRONMENTS_BY_WORD.get(profile.lower())
                if environment is not None:
                    found.setdefault(environment, set()).add(profile)
        return {name: tuple(sorted(words)) for name, words in found.items()}

    def _env_files(self, chosen: dict[str, _Choice]) -> dict[str, tuple[str, ...]]:
        """
        Return the files of variables that are called after environments, each behind `.env`.

        A file that services are given themselves, and one without any variable that the Compose
        files use, is not meant for interpolation.
        """
        candidates: dict[str, list[str]] = {}
        for path in self._names:
            environment = env_file_environment(path)
            if environment is not None and not path.lower().endswith(_NOT_MEANT):
                candidates.setdefault(environment, []).append(path)
        if not candidates:
            return {}
        found: dict[str, tuple[str, ...]] = {}
        for environment, paths in candidates.items():
            files = (
                (chosen.get(environment) or self._like(environment, chosen)).files if chosen else ()
            )
            given = {file.removeprefix("./") for path in files for file in self._of(path).env_files}
            used = frozenset[str]().union(*(self._of(path).variables for path in files))
            own = [
                path
                for path in paths
                if path not in given and used & assigned(self._folder.read(path) or b"")
            ]
            if own:
                shared = (".env",) if ".env" in self._names else ()
                found[environment] = (*shared, *own)
        return found

    def _of(self, path: str) -> FileFacts:
        if path not in self._facts:
            content = self._folder.read(path)
            self._facts[path] = FileFacts() if content is None else facts(content, path)
        return self._facts[path]


def _in_order(names: Iterable[str]) -> list[str]:
    """Return the tiers that are always there and the environments ``names``, the strictest last."""
    wanted = {*_ALWAYS, *names}
    return [name for name in TIERS_BY_ENVIRONMENT if name in wanted]


def _is_lenient(environment: str | None) -> bool:
    return environment is not None and TIERS_BY_ENVIRONMENT[environment] is Tier.DEV


def _nearest(name: str, own: Iterable[str]) -> str:
    """Return the environment of ``own`` that is the most like ``name``, the stricter one first."""
    order = list(TIERS_BY_ENVIRONMENT)
    strict = [one for one in order if one in own and not _is_lenient(one)]
    lenient = [one for one in order if one in own and _is_lenient(one)]
    if name == Tier.PRODUCTION:
        strict.reverse()
    elif name == Tier.DEV and lenient:
        return lenient[0]
    return (strict or lenient)[0]


def _decision(name: str, key: str, chosen: tuple[str, ...], because: str) -> Decision:
    verb = "switches on" if key == "profiles" else "reads"
    other = ", ".join(chosen[:-1]) or f"<{_ONE_OF[key]}>"
    return Decision(
        subject=f"environments.{name}",
        topic=key.replace("_", " "),
        choice=f"{name} {verb} {', '.join(chosen)}",
        evidence=(Evidence(because),),
        overrule=f"environments: {{{name}: {{{key}: [{other}]}}}}",
    )


_ONE_OF = {"files": "file", "env_files": "file", "profiles": "profile"}


def _question(name: str, choice: _Choice) -> OpenQuestion:
    files = ", ".join(choice.files)
    return OpenQuestion(
        subject=f"environments.{name}.files",
        question=f"which files are for {name}?  It reads {files}, made for "
        f"{choice.made_for}, with all commands, mounts and ports of that",
        answer=f"environments: {{{name}: {{files: [{files}]}}}} if that is meant, "
        "or with the files that are its own",
    )


def _listed(files: Iterable[str]) -> str:
    return " and ".join(files)
