"""
The images that a stack builds: which of its services run the same one, and how each is built.

Compose builds an image for each service, under a name made of project and service, though two
services say the same of it: a web server and the worker beside it.  Here such services run one
image, which is built and pushed once.

A build argument for a bundle (``NEXT_PUBLIC_API_URL``, ``VITE_...``) is compiled into files that
browsers load.  A container of another environment keeps it, whatever its environment says, so each
environment with a value of its own needs an image of its own.
"""

import posixpath
from collections.abc import Iterator
from collections.abc import Mapping as ReadOnly

import msgspec

from mooring.app.process import Image
from mooring.builds import Build, BuildArgument
from mooring.compose.nodes import Mapping, Node, Scalar, plain
from mooring.decisions import Decision, Evidence
from mooring.findings import Rule, Severity
from mooring.sensitive import Sensitive
from mooring.settings.choices import Choices
from mooring.translate.notes import Note, Translated
from mooring.translate.secrecy import is_secret_setting
from mooring.translate.view import ServiceView, entries, field, items, text, texts

BAKED_ARGUMENT = Rule(id="argument-baked-in", severity=Severity.WARNING, since="0.1")

_BAKED = (
    "NEXT_PUBLIC_", "VITE_", "REACT_APP_", "VUE_APP_", "NUXT_PUBLIC_", "GATSBY_", "EXPO_PUBLIC_",
    "NG_APP_", "PUBLIC_", "STORYBOOK_",
)  # fmt: skip
"""
How a variable begins that bundlers compile into what clients load.

Sources: https://nextjs.org/docs/app/guides/environment-variables,
https://vite.dev/guide/env-and-mode, https://create-react-app.dev/docs/adding-custom-environment-variables/,
https://cli.vuejs.org/guide/mode-and-env.html, https://www.gatsbyjs.com/docs/how-to/local-development/environment-variables/,
https://docs.expo.dev/guides/environment-variables/, https://svelte.dev/docs/kit/$env-static-public
"""
_OF_THE_BUILDER = frozenset({"tags", "labels", "cache_from", "cache_to", "no_cache", "pull"})
"""What a build says that makes no other image of it."""


def with_image_names(
    views: ReadOnly[str, ServiceView], choices: Choices
) -> Translated[dict[str, ServiceView]]:
    """
    Return ``views`` with the name of the image that the stack builds for each.

    Services without a name for it that build the same share the image of the first.  One that
    names the image of another runs what that one builds.
    """
    groups: dict[str, list[ServiceView]] = {}
    for view in views.values():
        if view.get("build") is not None and choices.service(view.name).image is None:
            groups.setdefault(_same(view), []).append(view)
    done = dict(views)
    notes: list[Note] = []
    for group in groups.values():
        named = next((view for view in group if view.get("image") is not None), group[0])
        given = named.get("image")
        name = text(given) if given is not None else named.full_name.lower()
        for view in group:
            if view.get("image") is None:
                done[view.name] = msgspec.structs.replace(view, image_name=name)
                if view is not named:
                    notes.append(_shared(view, named, name))
    builders = {
        text(image): view
        for view in views.values()
        if view.get("build") is not None
        and choices.service(view.name).image is None
        and (image := view.get("image")) is not None
    }
    for view in views.values():
        image = view.get("image")
        chosen = choices.service(view.name)
        if image is None or view.get("build") is not None or chosen.image is not None:
            continue
        builder = builders.get(text(image))
        if builder is not None:
            done[view.name] = msgspec.structs.replace(
                view,
                builder=builder.name,
                builder_context=_text(builder.attributes.entries["build"], "context") or "",
                image_facts=builder.image_facts,
                known=view.known if chosen.family is not None else builder.known,
            )
            notes.append(_named(view, builder, text(image)))
    return Translated(_with_listeners(done, _by_dockerfile(groups)), tuple(notes))


def _by_dockerfile(groups: ReadOnly[str, list[ServiceView]]) -> dict[str, list[ServiceView]]:
    """
    Return ``groups`` with those as one that are built by the same Dockerfile, whatever else.

    What it says of ports, it says for one of them, with whatever arguments each is built.
    """
    found: dict[str, list[ServiceView]] = {}
    for group in groups.values():
        build = group[0].attributes.entries["build"]
        file = [_text(build, name) for name in ("context", "dockerfile", "dockerfile_inline")]
        found.setdefault(repr((file, _text(build, "target"))), []).extend(group)
    return found


def _with_listeners(
    views: dict[str, ServiceView], groups: ReadOnly[str, list[ServiceView]]
) -> dict[str, ServiceView]:
    """Return ``views`` that know who listens, where they run another command of its image."""
    done = dict(views)
    naming: dict[str, list[str]] = {}
    for name, view in views.items():
        if view.builder:
            naming.setdefault(view.builder, []).append(name)
    for group in groups.values():
        built = [view.name for view in group]
        names = [*built, *(name for builder in built for name in naming.get(builder, ()))]
        listener = next((name for name in names if _listens(views[name])), "")
        for name in names if listener else ():
            if _is_another_command(views[name], views[listener]) and not _listens(views[name]):
                done[name] = msgspec.structs.replace(views[name], listens_elsewhere=listener)
    return done


def _listens(view: ServiceView) -> bool:
    """Tell whether the service says that it listens, or runs the image as it comes."""
    return (
        view.get("ports") is not None
        or view.get("expose") is not None
        or (view.get("command") is None and view.get("entrypoint") is None)
    )


def _is_another_command(one: ServiceView, other: ServiceView) -> bool:
    return any(texts(one.get(name)) != texts(other.get(name)) for name in ("command", "entrypoint"))


def _named(view: ServiceView, builder: ServiceView, name: str) -> Decision:
    return _runs(
        view,
        f"the image that the stack builds for {builder.name}, {name}",
        Evidence("both have it by this name", view.position("image")),
        Evidence(f"{builder.name} says how it is built", builder.position("build")),
    )


def _same(view: ServiceView) -> str:
    """Return what tells the image of ``view`` apart from others that are built otherwise."""
    build = plain(view.attributes.entries["build"])
    assert isinstance(build, dict)
    said = {
        name: value
        for name, value in build.items()
        if name not in _OF_THE_BUILDER and not name.startswith("x-")
    }
    platform = view.get("platform")
    return repr((sorted(said.items()), text(platform) if platform is not None else ""))


def _shared(view: ServiceView, other: ServiceView, name: str) -> Decision:
    return _runs(
        view,
        f"the image of {other.name}, {name}, which is built once",
        Evidence("both are built from the same", view.position("build")),
        Evidence(f"so is {other.name}", other.position("build")),
    )


def _runs(view: ServiceView, image: str, *evidence: Evidence) -> Decision:
    """Return that the service runs ``image``, which another one brings."""
    return Decision(
        subject=f"services.{view.name}",
        topic="image",
        choice=f"runs {image}",
        evidence=evidence,
        overrule=f"services: {{{view.name}: {{image: registry.example.com/app:1.0}}}}",
    )


def builds(
    views: ReadOnly[str, ServiceView],
    images: ReadOnly[str, Image],
    secrets: Mapping,
    directory: str,
) -> Translated[tuple[Build, ...]]:
    """
    Return the images that the stack builds, in the order of the services.

    ``images`` are those of the containers, by service, ``secrets`` the top-level ones;
    ``directory`` is the stack's folder.
    """
    found: dict[tuple[str, str], Build] = {}
    notes: list[Note] = []
    for name, view in views.items():
        image, build = images.get(name), view.get("build")
        if image is None or not image.built or not isinstance(build, Mapping):
            continue
        key = (image.reference, _same(view))
        before = found.get(key)
        if before is not None:
            found[key] = msgspec.structs.replace(before, services=(*before.services, name))
            continue
        found[key] = made = _build(view, build, image.reference, secrets, directory)
        notes.extend(_baked(view, build, made))
    return Translated(tuple(found.values()), tuple(notes))


def _build(
    view: ServiceView, build: Mapping, reference: str, secrets: Mapping, directory: str
) -> Build:
    platform = view.get("platform")
    context = _text(build, "context") or "."
    dockerfile = _text(build, "dockerfile")
    return Build(
        reference=reference,
        services=(view.name,),
        context=_shown(context, directory),
        dockerfile=_shown(dockerfile, context) if dockerfile is not None else None,
        inline=_text(build, "dockerfile_inline"),
        target=_text(build, "target"),
        arguments=tuple(
            BuildArgument(name=name, value=_value(name, node), is_baked=name.startswith(_BAKED))
            for name, node in entries(field(build, "args"))
        ),
        platforms=texts(field(build, "platforms"))
        or ((text(platform),) if platform is not None else ()),
        contexts={
            name: _shown(text(node), directory)
            for name, node in entries(field(build, "additional_contexts"))
        },
        secrets=tuple(
            _secret(node, secrets, directory) for _, node in items(field(build, "secrets"))
        ),
        agents=tuple(_agent(one, directory) for one in texts(field(build, "ssh"))),
        position=view.position("build"),
    )


def _value(name: str, node: Node) -> str | Sensitive[str]:
    value = text(node)
    variables = node.variables if isinstance(node, Scalar) else ()
    return Sensitive(value) if is_secret_setting(name, value, variables) else value


def _text(node: Node, name: str) -> str | None:
    found = field(node, name)
    return text(found) if found is not None else None


def _shown(path: str, directory: str) -> str:
    return posixpath.relpath(path, directory) if path.startswith("/") else path


def _agent(said: str, directory: str) -> str:
    """Return an SSH agent or a key, whose path is seen from the stack's folder."""
    name, separator, path = said.partition("=")
    return f"{name}{separator}{_shown(path, directory)}"


def _secret(granted: Node, secrets: Mapping, directory: str) -> str:
    """Return a build secret in the words of `docker build --secret`."""
    source = _text(granted, "source") or ""
    said = f"id={_text(granted, 'target') or source}"
    definition = secrets.get(source)
    if definition is None:
        return said
    file, variable = _text(definition, "file"), _text(definition, "environment")
    if file is not None:
        return f"{said},src={_shown(file, directory)}"
    return f"{said},env={variable}" if variable is not None else said


def _baked(view: ServiceView, build: Mapping, made: Build) -> Iterator[Note]:
    arguments = field(build, "args")
    for one in made.arguments:
        if one.is_baked and isinstance(arguments, Mapping):
            yield BAKED_ARGUMENT.finding(
                arguments.key_position(one.name) or made.position,
                f'"{one.name}" is compiled into what clients load from {view.name}, so every '
                "environment that runs this image has the value of its build",
                remedy="give environments with another value files or env_files of their own and, "
                "by environments.<name>.tag, an image of their own",
            )
