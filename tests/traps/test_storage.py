"""Traps 16 to 19 and 27: where a container reads and writes."""

import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.traps.road import Walked, web
from tests.traps.road import walk as walk_in

Walk = Callable[..., Walked]


@pytest.mark.parametrize(
    ("volume", "path", "source"),
    [
        pytest.param(
            "data:/srv/data/",
            "/srv/data",
            {"persistentVolumeClaim": {"claimName": "data"}},
            id="trap 16: a word is the name of a volume, and a slash at the end goes",
        ),
        pytest.param("/srv/data", "/srv/data", {"emptyDir": {}}, id="trap 16: a path is anonymous"),
        pytest.param(
            "./conf.ini:/etc/conf.ini:ro,z",
            "/etc/conf.ini",
            {"configMap": {"name": "conf-ini", "items": [{"key": "conf.ini", "path": "conf.ini"}]}},
            id="trap 16: a dot makes a bind, and options are a list",
        ),
        pytest.param(
            "~/uploads:/srv/data",
            "/srv/data",
            {"persistentVolumeClaim": {"claimName": "uploads"}},
            id="trap 16: a tilde makes a bind of the home",
        ),
    ],
)
def test_short_volumes(walk: Walk, volume: str, path: str, source: dict[str, object]) -> None:
    walked = walk(web(f"volumes: ['{volume}']") + "volumes: {data: {}}\n", {"conf.ini": "a = 1\n"})
    mount = walked.at("container web", "volumeMounts[0]")
    assert isinstance(mount, dict)
    assert mount["mountPath"] == path
    made = walked.at("pod web", "volumes[0]")
    assert isinstance(made, dict)
    assert {key: value for key, value in made.items() if key != "name"}.keys() == source.keys()
    if "emptyDir" not in source and "uploads" not in volume:
        assert made == {"name": mount["name"], **source}


def test_a_file_is_mounted_as_a_file(walk: Walk) -> None:
    """Trap 17: the folder around the file stays the image's."""
    walked = walk(web("volumes: ['./conf/app.conf:/etc/app/x.conf']"), {"conf/app.conf": "a\n"})
    assert walked.at("container web", "volumeMounts[0].subPath") == "app.conf"
    assert walked.at("container web", "volumeMounts[0].mountPath") == "/etc/app/x.conf"
    assert walked.at("ConfigMap conf-app-conf", "data") == {"app.conf": "a\n"}
    assert walked.fate("services.web.volumes[0].target") == "approximated"


def test_a_script_stays_executable(tmp_path: Path) -> None:
    (tmp_path / "shop").mkdir()
    script = tmp_path / "shop" / "run.sh"
    script.write_text("#!/bin/sh\n")
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    walked = walk_in(tmp_path, web("volumes: ['./run.sh:/run.sh:ro']"))
    assert walked.at("pod web", "volumes[0].configMap.defaultMode") == 0o755


def test_a_folder_of_files_keeps_its_tree(walk: Walk) -> None:
    walked = walk(
        web("volumes: ['./conf:/etc/app:ro']"), {"conf/a.conf": "a", "conf/sub/b.conf": "b"}
    )
    assert walked.at("ConfigMap conf", "data") == {"a.conf": "a", "sub__b.conf": "b"}
    assert walked.at("pod web", "volumes[0].configMap.items") == [
        {"key": "a.conf", "path": "a.conf"},
        {"key": "sub__b.conf", "path": "sub/b.conf"},
    ]
    assert walked.at("container web", "volumeMounts[0]") == {
        "name": "conf",
        "mountPath": "/etc/app",
        "readOnly": True,
    }


def test_a_binary_file_is_kept(walk: Walk) -> None:
    walked = walk(web("volumes: ['./a.bin:/a.bin:ro']"), {"a.bin": b"\xff\x00\xfe"})
    assert walked.at("ConfigMap a-bin", "binaryData") == {"a.bin": "/wD+"}
    assert walked.at("ConfigMap a-bin", "data") is None


def test_a_missing_file_is_a_question(walk: Walk) -> None:
    """Trap 17: Docker would make a folder of it; its owner knows what belongs there."""
    walked = walk(web("volumes: ['./users.yml:/etc/users.yml:ro']"))
    (question,) = walked.questions
    assert "./users.yml" in question.question
    assert "is not there" in question.question


def test_a_missing_folder_is_a_place_to_write(walk: Walk) -> None:
    """Trap 17: the short form makes a folder that is missing."""
    walked = walk(web("volumes: ['./uploads:/srv/uploads']"))
    assert walked.of_kind("PersistentVolumeClaim") == ["uploads"]
    assert walked.fate("services.web.volumes[0].target") == "approximated"


def test_a_claim_is_mounted_below_its_root(walk: Walk) -> None:
    """Trap 18: `lost+found` at the root of a new file system stops initdb."""
    walked = walk(
        web("volumes: ['data:/var/lib/db', {type: volume, source: data, target: /log, volume: "
            "{subpath: log}}]")
        + "volumes: {data: {}}\n"
    )  # fmt: skip
    assert walked.at("container web", "volumeMounts") == [
        {"name": "data", "mountPath": "/log", "subPath": "data/log"},
        {"name": "data", "mountPath": "/var/lib/db", "subPath": "data"},
    ]


def test_a_claim_that_is_there_already_is_mounted_as_it_is(walk: Walk) -> None:
    walked = walk(
        web("volumes: ['data:/x']") + "volumes: {data: {external: true, name: Old_Data}}\n"
    )
    assert walked.at("container web", "volumeMounts[0].subPath") is None


SEEDED = """\
FROM alpine:3.20
WORKDIR /srv
COPY public ./public/
"""


@pytest.mark.parametrize(
    ("volume", "dockerfile", "filled"),
    [
        pytest.param("'site:/srv/public'", SEEDED, True, id="trap 18: what the image holds there"),
        pytest.param("'site:/srv'", SEEDED, True, id="trap 18: what the image holds below it"),
        pytest.param(
            "'site:/srv/public/img'", SEEDED, True, id="trap 18: what lies in a copied folder"
        ),
        pytest.param("/srv/public", SEEDED, True, id="trap 18: an anonymous volume as well"),
        pytest.param("'site:/data'", SEEDED, False, id="trap 18: nothing is known of /data"),
        pytest.param("'site:/srv/public:nocopy'", SEEDED, False, id="trap 18: nocopy is obeyed"),
        pytest.param(
            "'site:/srv/public'",
            SEEDED.replace("alpine:3.20", "scratch"),
            False,
            id="trap 18: an image without a shell cannot copy",
        ),
    ],
)
def test_a_new_volume_gets_the_files_of_the_image(
    walk: Walk, volume: str, dockerfile: str, filled: bool
) -> None:
    walked = walk(
        web("build: .", f"volumes: [{volume}]") + "volumes: {site: {}}\n",
        {"Dockerfile": dockerfile, "public/img/a.png": "x"},
    )
    step = walked.at("pod web", "initContainers[0]")
    assert (step is not None) is filled
    mounted = walked.at("container web", "volumeMounts[0]")
    assert isinstance(mounted, dict)
    if isinstance(step, dict):
        (mount,) = step["volumeMounts"]
        assert (mount["name"], mount.get("subPath")) == (mounted["name"], mounted.get("subPath"))
        assert mount["mountPath"] != mounted["mountPath"]
        assert step["image"] == walked.at("container web", "image")
        assert step["command"][-2:] == [mounted["mountPath"], mount["mountPath"]]
    if dockerfile != SEEDED:
        assert "volume-hides-files" in walked.rules


@pytest.mark.parametrize("volume", ["/app/node_modules", "modules:/app/node_modules"])
def test_a_volume_that_shields_files_from_a_mount_of_sources(walk: Walk, volume: str) -> None:
    """Trap 18: with the sources goes the volume that kept them off the image's own files."""
    walked = walk(
        web("build: .", f"volumes: ['.:/app', '{volume}']") + "volumes: {modules: {}}\n",
        {"Dockerfile": "FROM node:22\nWORKDIR /app\nCOPY . .\n", "package.json": "{}"},
    )
    assert walked.at("container web", "volumeMounts") is None
    assert walked.of_kind("PersistentVolumeClaim") == []
    assert walked.fate("services.web.volumes[1]") == "dropped"


@pytest.mark.parametrize("volume", ["/app/node_modules", "/srv/venv"])
def test_modules_of_an_image_that_is_built_stay_where_they_are(walk: Walk, volume: str) -> None:
    walked = walk(
        web("build: .", f"volumes: ['./src:/app/src', '{volume}']") + "volumes: {modules: {}}\n",
        {"Dockerfile": "FROM node:22\nWORKDIR /app\nCOPY . .\n", "src/a.js": "1\n"},
    )
    assert walked.at("container web", "volumeMounts") is None
    assert walked.fate("services.web.volumes[1]") == "dropped"


def test_an_image_that_is_not_built_here_may_install_its_modules_at_the_start(walk: Walk) -> None:
    walked = walk(web("volumes: ['modules:/app/node_modules']") + "volumes: {modules: {}}\n")
    assert walked.fate("services.web.volumes[0]") == "carried"


def test_the_key_of_a_volume_names_the_claim(walk: Walk) -> None:
    """Trap 19: `name` is Docker's, the key is what the file speaks of."""
    walked = walk(web("volumes: ['my_data:/x']") + "volumes: {my_data: {name: other}}\n")
    assert walked.of_kind("PersistentVolumeClaim") == ["my-data"]
    assert walked.at("pod web", "volumes[0]") == {
        "name": "my-data",
        "persistentVolumeClaim": {"claimName": "my-data"},
    }


def test_an_external_volume_is_not_made(walk: Walk) -> None:
    """Trap 19: it exists already, under its own name, and somebody has to have made it."""
    walked = walk(
        web("volumes: ['data:/x']") + "volumes: {data: {external: true, name: Old_Data}}\n"
    )
    assert walked.of_kind("PersistentVolumeClaim") == []
    assert walked.at("pod web", "volumes[0].persistentVolumeClaim.claimName") == "old-data"
    assert walked.rules == ["external-object-needed"]


TWO_USERS = """
services:
  a: {image: "a:1", volumes: ["data:/a"]}
  b: {image: "b:1", volumes: ["data:/b:ro"]}
volumes: {data: {}}
"""


def test_a_volume_of_two_services_is_one_claim(walk: Walk) -> None:
    """Trap 19: the same data, so one claim that both may mount wherever they run."""
    walked = walk(TWO_USERS)
    assert walked.of_kind("PersistentVolumeClaim") == ["data"]
    assert walked.at("PersistentVolumeClaim data", "spec.accessModes") == ["ReadWriteMany"]
    assert walked.at("container a", "volumeMounts[0].readOnly") is None
    assert walked.at("container b", "volumeMounts[0].readOnly") is True
    (choice,) = walked.decided("volumes.data", "access")
    assert "ReadWriteMany" in choice


def test_a_volume_of_one_pod_needs_no_shared_access(walk: Walk) -> None:
    walked = walk(TWO_USERS.replace('image: "b:1"', 'image: "b:1", network_mode: "service:a"'))
    assert walked.at("PersistentVolumeClaim data", "spec.accessModes") == ["ReadWriteOnce"]
    assert walked.decided("volumes.data", "access") == []


@pytest.mark.parametrize(
    ("options", "kind"),
    [
        pytest.param(
            "{type: none, o: bind, device: ./conf}",
            "ConfigMap",
            id="trap 19: a bind in disguise is one",
        ),
        pytest.param(
            "{type: nfs, o: 'addr=10.0.0.9,rw', device: ':/export'}",
            "PersistentVolume",
            id="trap 19: NFS is a volume of its own",
        ),
    ],
)
def test_driver_options(walk: Walk, options: str, kind: str) -> None:
    walked = walk(
        web("volumes: ['data:/x']")
        + f"volumes: {{data: {{driver: local, driver_opts: {options}}}}}\n",
        {"conf/a.conf": "a"},
    )
    assert len(walked.of_kind(kind)) == 1
    if kind == "PersistentVolume":
        (name,) = walked.of_kind(kind)
        assert walked.at(f"{kind} {name}", "spec.nfs") == {"server": "10.0.0.9", "path": "/export"}
        assert walked.at("PersistentVolumeClaim data", "spec.volumeName") == name
        assert walked.at("container web", "volumeMounts[0].subPath") is None


@pytest.mark.parametrize(
    ("attribute", "volume", "fate"),
    [
        pytest.param(
            "tmpfs: [/run]",
            {"medium": "Memory"},
            "carried",
            id="trap 27: a tmpfs lives in memory",
        ),
        pytest.param(
            "tmpfs: ['/run:size=64m']",
            {"medium": "Memory", "sizeLimit": "64Mi"},
            "carried",
            id="trap 27: sizes count by 1024 as Docker's do",
        ),
        pytest.param(
            "tmpfs: ['/run:size=64m,mode=755,uid=5']",
            {"medium": "Memory", "sizeLimit": "64Mi"},
            "approximated",
            id="trap 27: other options are lost, and that is said",
        ),
        pytest.param(
            "tmpfs: ['/run:size=10%']",
            {"medium": "Memory"},
            "approximated",
            id="trap 27: a share of the machine's memory is no size",
        ),
        pytest.param(
            "volumes: [{type: tmpfs, target: /run, tmpfs: {size: 1048576}}]",
            {"medium": "Memory", "sizeLimit": "1Mi"},
            "carried",
            id="trap 27: the long form, in bytes",
        ),
        pytest.param(
            "shm_size: 128m",
            {"medium": "Memory", "sizeLimit": "128Mi"},
            "carried",
            id="trap 27: shared memory that is asked for",
        ),
    ],
)
def test_memory(walk: Walk, attribute: str, volume: dict[str, str], fate: str) -> None:
    walked = walk(web(attribute))
    assert walked.at("pod web", "volumes[0].emptyDir") == volume
    path = "/dev/shm" if attribute.startswith("shm") else "/run"
    assert walked.at("container web", "volumeMounts[0].mountPath") == path
    assert walked.fate(f"services.web.{attribute.partition(':')[0]}") == fate


def test_shared_memory_is_the_runtimes_unless_asked(walk: Walk) -> None:
    assert walk(web()).at("pod web", "volumes") is None


def test_nested_mounts_come_in_order(walk: Walk) -> None:
    walked = walk(
        web("volumes: ['inner:/data/db', 'outer:/data', './my.cnf:/data/my.cnf:ro']")
        + "volumes: {inner: {}, outer: {}}\n",
        {"my.cnf": "a"},
    )
    mounts = walked.at("container web", "volumeMounts")
    assert isinstance(mounts, list)
    assert [mount["mountPath"] for mount in mounts] == ["/data", "/data/db", "/data/my.cnf"]


@pytest.mark.parametrize(
    ("attributes", "top", "path", "mode"),
    [
        pytest.param("secrets: [token]", "", "/run/secrets/token", None, id="the usual place"),
        pytest.param(
            "secrets: [{source: token, target: db.pw, mode: 0o440}]",
            "",
            "/run/secrets/db.pw",
            0o440,
            id="another name and a mode",
        ),
        pytest.param(
            "secrets: [{source: token, target: /etc/pw, mode: 0400}]",
            "",
            "/etc/pw",
            0o400,
            id="an absolute path, and a mode in old octal",
        ),
        pytest.param(
            "secrets: [{source: token, mode: '0444'}]",
            "",
            "/run/secrets/token",
            0o444,
            id="a mode in quotes",
        ),
    ],
)
def test_secrets_are_files(walk: Walk, attributes: str, top: str, path: str, mode: int) -> None:
    walked = walk(
        web(attributes) + "secrets: {token: {file: ./token.txt}}\n", {"token.txt": "abc\n"}
    )
    mount = walked.at("container web", "volumeMounts[0]")
    assert isinstance(mount, dict)
    assert (mount["mountPath"], mount["subPath"]) == (path, "token")
    secret = walked.at("pod web", "volumes[0].secret")
    assert isinstance(secret, dict)
    assert secret.get("defaultMode") == mode
    assert secret["items"] == [{"key": "token", "path": "token"}]
    assert walked.at(f"Secret {secret['secretName']}", "stringData") == {"token": "abc"}
    assert walked.at("pod web", "automountServiceAccountToken") is False


def test_two_modes_of_one_secret(walk: Walk) -> None:
    walked = walk(
        """
        services:
          web:
            image: app:1
            secrets: [{source: token, mode: 0o400}, {source: token, target: copy, mode: 0o444}]
        secrets: {token: {environment: TOKEN}}
        """,
        environment={"TOKEN": "abc"},
    )
    volumes = walked.at("pod web", "volumes")
    assert isinstance(volumes, list)
    assert [one["secret"]["defaultMode"] for one in volumes] == [0o400, 0o444]
    assert len({one["name"] for one in volumes}) == 2


@pytest.mark.parametrize(
    ("definition", "files", "answer"),
    [
        pytest.param(
            "{environment: NOWHERE}",
            {},
            "db_pw=<value> in environments/dev/secrets.env",
            id="a variable that is not set",
        ),
        pytest.param(
            "{file: ./gone.txt}",
            {},
            "db_pw=<value> in environments/dev/secrets.env",
            id="a file that is not there",
        ),
    ],
)
def test_a_secret_without_a_value_is_a_question(
    walk: Walk, definition: str, files: dict[str, str], answer: str
) -> None:
    walked = walk(web("secrets: [db_pw]") + f"secrets: {{db_pw: {definition}}}\n", files)
    (question,) = walked.questions
    assert question.subject == "secrets.db_pw"
    assert question.answer.partition(" in ")[0] == answer.partition(" in ")[0]
    assert walked.at("Secret shop-secrets", "stringData") == {"db_pw": ""}


def test_a_secret_of_somebody_else(walk: Walk) -> None:
    walked = walk(web("secrets: [db_pw]") + "secrets: {db_pw: {external: true, name: Shared_PW}}\n")
    assert walked.of_kind("Secret") == []
    assert walked.at("pod web", "volumes[0].secret") == {
        "secretName": "shared-pw",
        "items": [{"key": "db_pw", "path": "db_pw"}],
    }
    assert walked.rules == ["external-object-needed"]


@pytest.mark.parametrize(
    ("definition", "content"),
    [
        pytest.param("{file: ./a.conf}", "a = 1\n", id="a file"),
        pytest.param('{content: "a = ${X}"}', "a = 2", id="a text, interpolated"),
        pytest.param("{environment: X}", "2", id="a variable"),
    ],
)
def test_configs(walk: Walk, definition: str, content: str) -> None:
    walked = walk(
        web("configs: [conf, {source: conf, target: /etc/b.conf}]")
        + f"configs: {{conf: {definition}}}\n",
        {"a.conf": "a = 1\n"},
        environment={"X": "2"},
    )
    assert walked.at("ConfigMap conf", "data") == {"conf": content}
    mounts = walked.at("container web", "volumeMounts")
    assert isinstance(mounts, list)
    assert [mount["mountPath"] for mount in mounts] == ["/conf", "/etc/b.conf"]


def test_objects_of_one_kind_never_share_a_name(walk: Walk) -> None:
    """A file, a config and the settings of a service may all want to be called `web-env`."""
    walked = walk(
        web(
            "environment: {A: b, DB_PASSWORD: hunter22}",
            "volumes: ['./web.env:/x:ro', './shop.secrets:/y:ro', './Web_env:/z:ro']",
            "configs: [web-env]",
            "secrets: [shop-secrets]",
        )
        + "configs: {web-env: {content: c}}\nsecrets: {shop-secrets: {file: ./many}}\n",
        {
            "web.env": "f",
            "Web_env": "g",
            "shop.secrets": "-----BEGIN PRIVATE KEY-----\nx\n",
            "many": "two\nlines\n",
        },
    )
    assert walked.at("ConfigMap web-env", "data") == {"A": "b"}
    assert walked.at("Secret shop-secrets", "stringData") == {"DB_PASSWORD": "hunter22"}
    assert len(walked.of_kind("ConfigMap")) == 4
    assert len(walked.of_kind("Secret")) == 3
    mounted = [
        walked.at("pod web", f"volumes[{index}].{kind}")
        for index in range(5)
        for kind in ("configMap.name", "secret.secretName")
    ]
    named = {name for name in mounted if name is not None}
    assert named == {*walked.of_kind("ConfigMap"), *walked.of_kind("Secret")} - {
        "web-env",
        "shop-secrets",
    }
