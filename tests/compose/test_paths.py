"""Relative paths made absolute."""

import pytest
from tests.compose.documents import at, model, service, shown

from mooring.compose import paths
from mooring.compose.nodes import Plain, plain
from mooring.errors import InputErrors


@pytest.mark.parametrize(
    ("attributes", "resolved"),
    [
        pytest.param(
            "build: {context: ./app/../x}", {"build": {"context": "/p/x"}}, id="a-build-context"
        ),
        pytest.param(
            "build: {context: 'https://x/y.git'}",
            {"build": {"context": "https://x/y.git"}},
            id="a-url-is-no-path",
        ),
        pytest.param(
            "build: {context: 'github.com/x/y'}",
            {"build": {"context": "github.com/x/y"}},
            id="nor-is-a-repository",
        ),
        pytest.param(
            "build: {additional_contexts: {a: 'service:db', b: ../b}}",
            {"build": {"additional_contexts": {"a": "service:db", "b": "/b"}}},
            id="nor-is-a-service",
        ),
        pytest.param(
            "build: {dockerfile: ./D, context: .}",
            {"build": {"dockerfile": "./D", "context": "/p"}},
            id="a-dockerfile-stands-below-its-context",
        ),
        pytest.param(
            "env_file: [{path: a.env}, {path: ''}]",
            {"env_file": [{"path": "/p/a.env"}, {"path": ""}]},
            id="env-files",
        ),
        pytest.param("label_file: [l]", {"label_file": ["/p/l"]}, id="label-files"),
        pytest.param(
            "volumes: [{type: bind, source: ~/x}, {type: volume, source: x}]",
            {
                "volumes": [
                    {"type": "bind", "source": "/home/u/x"},
                    {"type": "volume", "source": "x"},
                ]
            },
            id="binds-and-home-but-no-volumes",
        ),
        pytest.param(
            "volumes: [{type: bind, source: 'C:\\x'}, {type: bind, source: '\\\\s\\x'}]",
            {
                "volumes": [
                    {"type": "bind", "source": "C:\\x"},
                    {"type": "bind", "source": "\\\\s\\x"},
                ]
            },
            id="paths-of-windows",
        ),
        pytest.param(
            "volumes: [{type: bind, source: /a/../b}]",
            {"volumes": [{"type": "bind", "source": "/a/../b"}]},
            id="an-absolute-path-stays-as-it-is",
        ),
        pytest.param(
            "pre_start: [{volumes: [{type: bind, source: a}]}]",
            {"pre_start": [{"volumes": [{"type": "bind", "source": "/p/a"}]}]},
            id="hooks",
        ),
        pytest.param(
            "extends: {file: ../b.yaml, service: x}",
            {"extends": {"file": "/b.yaml", "service": "x"}},
            id="files-that-are-extended",
        ),
    ],
)
def test_services(attributes: str, resolved: dict[str, Plain]) -> None:
    made = paths.resolve(service(attributes), "/p", home="/home/u")
    assert plain(at(made, "services", "web")) == resolved


@pytest.mark.parametrize(
    ("text", "resolved"),
    [
        pytest.param(
            "secrets: {s: {file: ./s}}", {"secrets": {"s": {"file": "/p/s"}}}, id="secrets"
        ),
        pytest.param(
            "configs: {c: {file: C:/c}}", {"configs": {"c": {"file": "C:/c"}}}, id="configs"
        ),
        pytest.param(
            "volumes: {v: {driver: local, driver_opts: {o: bind, device: ./d}}}",
            {"volumes": {"v": {"driver": "local", "driver_opts": {"o": "bind", "device": "/p/d"}}}},
            id="a-bind-in-disguise",
        ),
        pytest.param(
            "volumes: {v: {driver_opts: {o: bind, device: ./d}}}",
            {"volumes": {"v": {"driver_opts": {"o": "bind", "device": "./d"}}}},
            id="without-the-local-driver-it-is-none",
        ),
    ],
)
def test_resources(text: str, resolved: Plain) -> None:
    assert plain(paths.resolve(model(text), "/p")) == resolved


def test_without_a_home_it_stays_as_written() -> None:
    made = paths.resolve(service("label_file: ['~/l']"), "/p")
    assert plain(at(made, "services", "web", "label_file")) == ["/p/~/l"]


def test_a_relative_base_gives_relative_paths() -> None:
    made = paths.resolve(service("label_file: ['./l']"), "../shared")
    assert plain(at(made, "services", "web", "label_file")) == ["../shared/l"]


def test_a_bind_needs_a_source() -> None:
    with pytest.raises(InputErrors) as raised:
        paths.resolve(service("volumes: [{type: bind, target: /x}]"), "/p")
    assert shown(raised.value) == [
        "compose.yaml:3:15: services.web.volumes[0]: a bind mount has no source\n"
        "  help: add what is mounted, as in source: ./data"
    ]


def test_what_is_watched_is_followed(tmp_path: object) -> None:
    import os

    real = os.path.join(str(tmp_path), "real")
    os.mkdir(real)
    os.symlink(real, os.path.join(str(tmp_path), "link"))
    made = paths.resolve(
        service("develop: {watch: [{path: ./link/src, action: rebuild}]}"), str(tmp_path)
    )
    assert plain(at(made, "services", "web", "develop", "watch", 0, "path")) == f"{real}/src"


@pytest.mark.parametrize(
    ("path", "cleaned"),
    [("", "."), ("//a//b/", "/a/b"), ("/..", "/"), ("a/../..", ".."), ("./a", "a"), ("/", "/")],
)
def test_clean(path: str, cleaned: str) -> None:
    assert paths.clean(path) == cleaned
