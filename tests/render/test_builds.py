"""The list of images to build, to read and for `docker buildx bake`."""

import pytest

from mooring.builds import Build, BuildArgument
from mooring.kube.object_set import ObjectSet
from mooring.render import builds
from mooring.render.environments import EnvironmentObjects
from mooring.sensitive import Sensitive


def environment(name: str, *needed: Build) -> EnvironmentObjects:
    return EnvironmentObjects(name=name, namespace=name, objects=ObjectSet(()), builds=needed)


def bake(*environments: EnvironmentObjects) -> str:
    content = builds.files(environments)[builds.FILE_NAME].content
    return content.decode()


WEB = Build(reference="shop-web", services=("web",), context="web", dockerfile="Dockerfile")


def test_nothing_to_build_is_no_file_and_no_section() -> None:
    assert builds.files([environment("dev")]) == {}
    assert builds.section([environment("dev")]) == []


def test_environments_share_what_is_alike() -> None:
    text = bake(environment("dev", WEB), environment("production", WEB))
    assert text.count('target "web"') == 1
    assert 'group "production" {\n  targets = ["web"]\n}' in text


def test_what_differs_has_a_target_for_each_environment() -> None:
    other = Build(reference="example.com/shop-web:1", services=("web",), context="web")
    text = bake(environment("dev", WEB), environment("production", other))
    assert 'target "web-dev"' in text
    assert 'target "web" {' in text
    lines = builds.section([environment("dev", WEB), environment("production", other)])
    assert "- `shop-web` for dev: from `web`" in lines
    assert "- `example.com/shop-web:1` for production: from `web`" in lines


def test_a_secret_argument_comes_from_the_shell() -> None:
    arguments = (
        BuildArgument(name="NPM_TOKEN", value=Sensitive("s3cr3t")),
        BuildArgument(name="odd.token", value=Sensitive("0dd")),
        BuildArgument(name="VITE_API", value="/api", is_baked=True),
    )
    build = Build(reference="w", services=("w",), context=".", arguments=arguments)
    text = bake(environment("dev", build))
    assert "s3cr3t" not in text
    assert 'variable "NPM_TOKEN" {' in text
    assert '"NPM_TOKEN" = NPM_TOKEN' in text
    assert '"odd.token" = odd_token' in text
    said = "\n".join(builds.section([environment("dev", build)]))
    assert "s3cr3t" not in said
    assert "`NPM_TOKEN`" in said
    assert "Compiled into what clients load: `VITE_API`" in said


@pytest.mark.parametrize(
    ("value", "written"),
    [
        pytest.param("a ${X} %{if}", '"a $${X} %%{if}"', id="nothing-is-interpolated"),
        pytest.param('say "x"\n', '"say \\"x\\"\\n"', id="quotes-and-lines"),
        pytest.param("ü", '"ü"', id="other-letters"),
        pytest.param("\b\f", '"\\u0008\\u000c"', id="escapes-that-hcl-does-not-have"),
    ],
)
def test_texts(value: str, written: str) -> None:
    build = Build(
        reference="w",
        services=("w",),
        context=".",
        arguments=(BuildArgument(name="A", value=value),),
    )
    assert f'"A" = {written}\n' in bake(environment("dev", build))


def test_a_context_that_is_another_service_is_its_target() -> None:
    base = Build(reference="base", services=("base", "more"), context="base")
    app = Build(
        reference="app",
        services=("app",),
        context="app",
        contexts={"b": "service:more", "o": "../o"},
    )
    text = bake(environment("dev", base, app))
    assert '"b" = "target:base"' in text
    assert '"o" = "../o"' in text


def test_all_that_a_build_needs() -> None:
    build = Build(
        reference="w:1",
        services=("w",),
        context="w",
        inline="FROM scratch\n",
        dockerfile="Dockerfile",
        target="t",
        platforms=("linux/amd64", "linux/arm64"),
        secrets=("id=s,src=s",),
        agents=("default",),
    )
    assert bake(environment("dev", build)).endswith(
        """\
target "w" {
  context           = "w"
  dockerfile-inline = "FROM scratch\\n"
  target            = "t"
  platforms         = ["linux/amd64", "linux/arm64"]
  secret            = ["id=s,src=s"]
  ssh               = ["default"]
  tags              = ["w:1"]
}

"""
    )
