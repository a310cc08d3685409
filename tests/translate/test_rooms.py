"""Read-only roots, and the room that a process has to have beside its volumes."""

from pathlib import Path

import pytest
from tests.translate.whole import container, decided, part, translation

from mooring.app.storage import Lifetime
from mooring.settings.choices import Choices, ServiceChoices


def rooms(made: object) -> list[str]:
    mounts = container(made, "app").storage  # type: ignore[arg-type]
    return [mount.path for mount in mounts if mount.storage == "app-room"]


@pytest.mark.parametrize(
    ("service", "is_closed", "places"),
    [
        pytest.param(
            "{image: 'postgres:16'}", True, ["/var/run/postgresql", "/tmp"], id="all-is-known"
        ),
        pytest.param("{image: 'redis:7'}", True, ["/tmp"], id="a-volume-needs-no-room"),
        pytest.param(
            "{image: 'redis:7', command: redis-server --save ''}",
            True,
            ["/data", "/tmp"],
            id="data-that-nobody-keeps-needs-room",
        ),
        pytest.param(
            "{image: 'postgres:16', tmpfs: [/tmp]}",
            True,
            ["/var/run/postgresql"],
            id="room-that-was-given",
        ),
        pytest.param(
            "{image: 'nginx:1.27'}",
            True,
            ["/var/cache/nginx", "/var/run", "/tmp"],
            id="what-only-templates-need-is-left-out",
        ),
        pytest.param(
            "{image: 'nginx:1.27', volumes: ['./t:/etc/nginx/templates:ro']}",
            True,
            ["/var/cache/nginx", "/var/run", "/etc/nginx/conf.d", "/tmp"],
            id="templates",
        ),
        pytest.param(
            "{image: 'elasticsearch:8.15.0'}", False, [], id="an-image-not-known-to-do-with-less"
        ),
        pytest.param("{image: 'example.com/app:1'}", False, [], id="an-unknown-image"),
        pytest.param(
            "{image: 'example.com/app:1', read_only: true}", True, [], id="as-the-file-says"
        ),
        pytest.param(
            "{image: 'redis:7', command: sh -c 'redis-server'}", False, [], id="a-shell-of-its-own"
        ),
        pytest.param(
            "{image: 'redis:7', entrypoint: /start.sh}", False, [], id="a-program-of-its-own"
        ),
        pytest.param(
            "{image: 'httpd:2.4', entrypoint: /start.sh}",
            False,
            ["/usr/local/apache2/logs"],
            id="a-root-that-stays-open-may-still-belong-to-another-user",
        ),
        pytest.param(
            "{image: 'httpd:2.4', entrypoint: /start.sh, user: '0'}",
            False,
            [],
            id="root-needs-none",
        ),
    ],
)
def test_which_roots_are_closed(
    tmp_path: Path, service: str, is_closed: bool, places: list[str]
) -> None:
    made = translation(tmp_path, f"services: {{app: {service}}}", {"t/a.template": "x"})
    assert container(made, "app").security.read_only_root is is_closed
    assert rooms(made) == places
    lifetimes = {one.name: one.lifetime for one in made.application.storages}
    assert not places or lifetimes["app-room"] is Lifetime.REPLICA


@pytest.mark.parametrize(
    ("image", "choice", "is_closed", "places"),
    [
        pytest.param("redis:7", False, False, [], id="open"),
        pytest.param("example.com/app:1", True, True, ["/tmp"], id="closed"),
    ],
)
def test_the_word_of_the_user_counts(
    tmp_path: Path, image: str, choice: bool, is_closed: bool, places: list[str]
) -> None:
    choices = Choices(services={"app": ServiceChoices(read_only=choice)})
    made = translation(tmp_path, f"services: {{app: {{image: '{image}'}}}}", choices=choices)
    assert container(made, "app").security.read_only_root is is_closed
    assert rooms(made) == places
    assert decided(made, "root") == {}


def test_files_of_the_image_are_copied_into_the_room_that_hides_them(tmp_path: Path) -> None:
    made = translation(tmp_path, "services: {app: {image: 'rabbitmq:4-management'}}")
    (step,) = part(made, "app").initial_steps
    assert step.container.process.entrypoint is not None
    assert step.container.process.entrypoint[-2] == "/etc/rabbitmq"
    assert step.container.image.reference == "rabbitmq:4-management"
    assert step.container.security.native_user == 999
    (mount,) = step.container.storage
    (room,) = [one for one in container(made, "app").storage if one.path == "/etc/rabbitmq"]
    assert (mount.storage, mount.sub_path) == (room.storage, room.sub_path)


def test_declared_volumes_of_a_built_image_stay_writable(tmp_path: Path) -> None:
    made = translation(
        tmp_path,
        "services: {app: {build: ., read_only: true}}",
        {"Dockerfile": "FROM example\nVOLUME /var/cache/app\n"},
    )
    assert rooms(made) == ["/var/cache/app"]


@pytest.mark.parametrize(
    ("service", "setting"),
    [
        pytest.param("{image: 'postgres:16', volumes: ['data:/var/lib/postgresql/data']}",
                     "/var/lib/postgresql/data/pgdata", id="below-the-volume"),
        pytest.param("{image: 'postgres:16', volumes: ['data:/x'], environment: {PGDATA: /x}}",
                     "/x/pgdata", id="below-where-the-file-says"),
        pytest.param("{image: 'postgres:16', volumes: ['data:/x'], environment: {PGDATA: /x/y}}",
                     "/x/y", id="a-folder-that-is-below-already"),
        pytest.param("{image: 'postgres:18', volumes: ['data:/var/lib/postgresql']}",
                     None, id="a-version-that-makes-its-own"),
        pytest.param("{image: 'postgres:16', user: '0',"
                     " volumes: ['data:/var/lib/postgresql/data']}",
                     None, id="root-takes-it-over"),
        pytest.param("{image: 'postgres:16', volumes: ['data:/var/lib/postgresql/data'],"
                     " command: sh -c 'chown x /y && postgres'}",
                     None, id="root-by-its-command"),
    ],
)  # fmt: skip
def test_a_store_that_wants_to_own_the_folder_of_its_data(
    tmp_path: Path, service: str, setting: str | None
) -> None:
    made = translation(tmp_path, f"services: {{app: {service}}}\nvolumes: {{data: {{}}}}")
    found = {one.name: one.value for one in container(made, "app").settings}
    assert found.get("PGDATA") == setting
