"""Proxies in whole projects: left out or kept, their routes, and what is changed in their files."""

from pathlib import Path

import pytest
from tests.translate.whole import container, decided, part, rules, translation

from mooring import pipeline
from mooring.compose.discovery import LoadRequest
from mooring.settings.choices import (
    Choices,
    ExposureChoice,
    ImageFileChoice,
    Kind,
    ServiceChoices,
)
from mooring.translate.project import Translation

NGINX = """
services:
  edge:
    image: nginx:1
    ports: ["80:80"]
    volumes: ["./edge.conf:/etc/nginx/conf.d/default.conf"]
  api: {image: "a:1", expose: [8000]}
  web: {image: "b:1", expose: [3000]}
"""
ONLY_PASSES_ON = """
server { listen 80; server_name shop.example.com; return 301 https://$host$request_uri; }
server {
  listen 443 ssl;
  server_name shop.example.com;
  client_max_body_size 20m;
  location /api/ { proxy_pass http://api:8000/; }
  location /ws { proxy_pass http://api:8000; proxy_set_header Upgrade $http_upgrade; }
  location / { proxy_pass http://web:3000; }
}
"""


def ways(made: Translation) -> list[str]:
    """Return all ways from outside: host and path, and where they lead to."""
    found = []
    for one in made.application.parts:
        for exposure in one.exposures:
            for host in exposure.hosts or ("*",):
                found.extend(
                    f"{host}{path.path} -> {one.name}:{exposure.port}"
                    + (f" without {exposure.stripped_prefix}" if exposure.stripped_prefix else "")
                    + (" for long" if exposure.long_lived else "")
                    for path in exposure.paths
                )
    return sorted(found)


def names(made: Translation) -> list[str]:
    """Return the parts of the application."""
    return [one.name for one in made.application.parts]


def test_a_proxy_that_only_passes_on_becomes_rules(tmp_path: Path) -> None:
    made = translation(tmp_path, NGINX, {"edge.conf": ONLY_PASSES_ON})
    assert names(made) == ["api", "web"]
    assert ways(made) == [
        "shop.example.com/ -> web:3000",
        "shop.example.com/api -> api:8000 without /api",
        "shop.example.com/ws -> api:8000 for long",
    ]
    assert {one.largest_body for one in part(made, "api").exposures} == {"20m"}
    assert all(one.encrypted and one.redirects for one in part(made, "api").exposures)
    assert decided(made, "kind")["services.edge"] == (
        "left out: its locations become rules of an Ingress: /api/ to api:8000, /ws to api:8000, "
        "/ to web:3000"
    )


def test_a_caddy_that_only_passes_on_becomes_rules(tmp_path: Path) -> None:
    compose = """
    services:
      edge: {image: "caddy:2", ports: ["443:443"], volumes: ["./Caddyfile:/etc/caddy/Caddyfile"]}
      api: {image: "a:1", expose: [8000]}
    """
    caddyfile = "shop.example.com {\n  reverse_proxy /api/* api:8000\n}\n"
    made = translation(tmp_path, compose, {"Caddyfile": caddyfile})
    assert (names(made), ways(made)) == (["api"], ["shop.example.com/api -> api:8000"])


def test_a_site_for_the_author_s_machine_is_one_for_every_host(tmp_path: Path) -> None:
    site = "server { server_name localhost 127.0.0.1; location / { proxy_pass http://web:3000; } }"
    made = translation(tmp_path, NGINX, {"edge.conf": site})
    assert ways(made) == ["*/ -> web:3000"]


def test_certbot_goes_with_its_proxy(tmp_path: Path) -> None:
    compose = NGINX + '  certbot: {image: "certbot/certbot", entrypoint: [sh]}\n'
    made = translation(tmp_path, compose, {"edge.conf": ONLY_PASSES_ON})
    assert names(made) == ["api", "web"]


PASSES_ON = "location / { proxy_pass http://web:3000; }"


@pytest.mark.parametrize(
    ("site", "because"),
    [
        pytest.param(f"location /f {{ root /srv; }} {PASSES_ON}", "it serves files at /f",
                     id="files"),
        pytest.param(f"auth_basic x; {PASSES_ON}", "/ asks for auth_basic", id="a-password"),
        pytest.param(f"location /x {{ return 302 /y; }} {PASSES_ON}",
                     "it sends requests for /x elsewhere", id="redirects-of-its-own"),
        pytest.param(f"location ~ x$ {{ proxy_pass http://api; }} {PASSES_ON}",
                     "x$ is a pattern", id="a-pattern"),
        pytest.param("location / { proxy_pass http://gone:1; }",
                     "/ leads to several services, or to none of this stack", id="nobody-behind"),
    ],
)  # fmt: skip
def test_a_proxy_that_does_more_stays(tmp_path: Path, site: str, because: str) -> None:
    made = translation(tmp_path, NGINX, {"edge.conf": f"server {{ listen 80; {site} }}"})
    assert "edge" in names(made)
    assert "*/ -> edge:80" in ways(made)
    (decision,) = [one for one in made.decisions if one.topic == "routes"]
    assert [one.statement for one in decision.evidence][1:] == [because]


@pytest.mark.parametrize(
    ("change", "choices"),
    [
        pytest.param(("", ""), {"edge": ServiceChoices(kind=Kind.WORKLOAD)}, id="it-is-wanted"),
        pytest.param(('"80:80"', '"127.0.0.1:80:80"'), {}, id="it-is-private"),
        pytest.param(('"80:80"', '"9000:80"'), {}, id="it-is-no-front-door"),
        pytest.param(("expose: [3000]", "expose: [3000], environment: {A: 'http://edge/api'}"), {},
                     id="somebody-asks-it"),
    ],
)  # fmt: skip
def test_who_is_not_left_out(
    tmp_path: Path, change: tuple[str, str], choices: dict[str, ServiceChoices]
) -> None:
    compose = NGINX.replace(*change)
    made = translation(
        tmp_path, compose, {"edge.conf": ONLY_PASSES_ON}, choices=Choices(services=choices)
    )
    assert "edge" in names(made)


def test_a_private_proxy_opens_nothing(tmp_path: Path) -> None:
    compose = NGINX.replace('"80:80"', '"127.0.0.1:80:80"')
    assert ways(translation(tmp_path, compose, {"edge.conf": ONLY_PASSES_ON})) == []


CLIENT = """
services:
  client:
    build: client
    ports: ["80:8888"]
  my_api: {image: "a:1", expose: [8000]}
  web: {image: "b:1", expose: [3000]}
"""
TEMPLATE = """
server {
  listen 8888;
  resolver 127.0.0.11 valid=10s;
  location /auth { set $up http://my_api:8000; proxy_pass $up; }
  location /v1 { proxy_pass http://my_api:8000; proxy_set_header Upgrade $http_upgrade; }
  location /admin { auth_basic x; proxy_pass http://my_api:8000; }
  location /admin/open { proxy_pass http://web:3000; }
  location /v { proxy_pass http://web:3000; }
  location / { root /srv; }
}
"""
DOCKERFILE = """
FROM nginx:1.25
COPY nginx/default.conf.template /etc/nginx/templates/default.conf.template
EXPOSE 80
CMD ["nginx", "-g", "daemon off;"]
"""
FILES = {"client/Dockerfile": DOCKERFILE, "client/nginx/default.conf.template": TEMPLATE}
PATH = "/etc/nginx/templates/default.conf.template"


def text_of(made: Translation) -> str:
    """Return the one file that is shipped."""
    (document,) = made.application.documents
    (content,) = document.files.values()
    assert isinstance(content, bytes)
    return content.decode()


def test_a_client_keeps_its_place_and_what_it_passes_on_goes_past_it(tmp_path: Path) -> None:
    made = translation(tmp_path, CLIENT, FILES)
    assert ways(made) == [
        "*/ -> client:8888 for long",
        "*/admin/open -> web:3000",
        "*/auth -> my-api:8000",
        "*/v -> web:3000",
        "*/v1 -> my-api:8000 for long",
    ]


def test_the_file_of_the_image_is_rewritten_and_laid_over(tmp_path: Path) -> None:
    made = translation(tmp_path, CLIENT, FILES)
    (mount,) = container(made, "client").documents
    assert (mount.path, mount.file) == (PATH, "default.conf.template")
    assert text_of(made) == TEMPLATE.replace("my_api", "my-api")
    (document,) = made.application.documents
    assert document.looks_up_names
    assert PATH in decided(made, "file of the image")["services.client"]


@pytest.mark.parametrize(
    "folder",
    [
        pytest.param("/etc/nginx/conf.d/", id="with-a-slash"),
        pytest.param("/etc/nginx/conf.d", id="without-one"),
    ],
)
def test_a_file_is_copied_into_a_folder_of_the_image(tmp_path: Path, folder: str) -> None:
    compose = """
    services:
      edge: {build: ./edge, ports: ["80:80"]}
      web: {image: "a:1", expose: [8000]}
    """
    site = "server { listen 80; server_name shop.org; location / { proxy_pass http://web:8000; } }"
    files = {
        "edge/Dockerfile": f"FROM nginx:1.25\nRUN rm x\nCOPY site.conf {folder}\n",
        "edge/site.conf": site,
    }
    assert ways(translation(tmp_path, compose, files)) == ["shop.org/ -> web:8000"]


def test_a_file_that_is_to_be_kept_is_told_of(tmp_path: Path) -> None:
    keep = ServiceChoices(image_files={PATH: ImageFileChoice.KEEP})
    made = translation(tmp_path, CLIENT, FILES, choices=Choices(services={"client": keep}))
    assert container(made, "client").documents == ()
    assert rules(made) == ["docker-resolver-in-image", "old-name-in-image"]


def test_another_file_of_an_image_is_told_of_and_rewritten_on_demand(tmp_path: Path) -> None:
    compose = 'services: {worker: {build: .}, my_api: {image: "a:1"}}'
    files = {
        "Dockerfile": "FROM a:1\nCOPY . /app\n",
        "settings.yaml": "url: http://my_api:8000\nname: my_api\n",
    }
    made = translation(tmp_path, compose, files)
    assert "old-name-in-image" in rules(made)
    rewrite = {"/app/settings.yaml": ImageFileChoice.REWRITE}
    choices = Choices(services={"worker": ServiceChoices(image_files=rewrite)})
    asked = translation(tmp_path, compose, files, choices=choices)
    assert text_of(asked) == "url: http://my-api:8000\nname: my_api\n"


def test_a_group_of_the_same_name_keeps_it(tmp_path: Path) -> None:
    site = (
        "upstream my_api { server my_api:8000; } server { location / { proxy_pass http://my_api; "
    )
    compose = """
    services:
      edge: {image: "nginx:1", volumes: ["./a.conf:/etc/nginx/conf.d/default.conf"]}
      my_api: {image: "a:1"}
    """
    made = translation(tmp_path, compose, {"a.conf": f"{site}}} }}"})
    assert text_of(made) == f"{site}}} }}".replace("server my_api", "server my-api")


@pytest.mark.parametrize(
    ("published", "listen", "ports", "disagrees"),
    [
        pytest.param("80:8888", 8888, [8888], False, id="as-it-is-published"),
        pytest.param("80:8888", 80, [80], True, id="elsewhere"),
    ],
)
def test_a_proxy_listens_where_its_configuration_says(
    tmp_path: Path, published: str, listen: int, ports: list[int], disagrees: bool
) -> None:
    files = {**FILES, "client/nginx/default.conf.template": TEMPLATE.replace("8888", str(listen))}
    made = translation(tmp_path, CLIENT.replace("80:8888", published), files)
    assert [one.port for one in container(made, "client").endpoints] == ports
    assert ("ports-disagree" in rules(made)) is disagrees
    assert f"*/ -> client:{listen} for long" in ways(made)


def test_the_port_of_a_label_on_which_nothing_listens_is_not_routed_to(tmp_path: Path) -> None:
    compose = CLIENT.replace('ports: ["80:8888"]', """labels:
      traefik.http.routers.c.rule: Host(`app.example.com`)
      traefik.http.services.c.loadbalancer.server.port: "9999"
""")  # fmt: skip
    made = translation(tmp_path, compose, FILES)
    assert "app.example.com/ -> client:8888" in ways(made)
    assert "app.example.com/v1 -> my-api:8000 for long" in ways(made)
    assert "ports-disagree" in rules(made)


@pytest.mark.parametrize(
    ("exposure", "hosts"),
    [
        pytest.param("none", set(), id="closed"),
        pytest.param(ExposureChoice(host="app"), {"app"}, id="under-a-host"),
    ],
)
def test_what_is_settled_for_the_proxy_holds_for_what_goes_past_it(
    tmp_path: Path, exposure: ExposureChoice, hosts: set[str]
) -> None:
    choices = Choices(services={"client": ServiceChoices(exposure=exposure)})
    made = translation(tmp_path, CLIENT, FILES, choices=choices)
    assert {way.partition("/")[0] for way in ways(made)} == hosts


def test_a_host_of_the_configuration_that_nobody_has_is_told_of(tmp_path: Path) -> None:
    made = translation(
        tmp_path, NGINX, {"edge.conf": "server { location / { proxy_pass http://wep:3000; } }"}
    )
    (finding,) = [one.finding for one in made.unmet]
    assert finding.message == (
        "the nginx of edge dials wep:3000, and nothing here is called wep, without which nginx "
        "does not start"
    )
    assert finding.remedy == 'did you mean "web"?'
    assert str(finding.position) == "edge.conf:1:1"


def test_each_environment_has_its_own_whole_names(tmp_path: Path) -> None:
    (tmp_path / "compose.yaml").write_text("name: shop" + CLIENT)
    for name, content in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    (tmp_path / "mooring.yaml").write_text(
        "environments: {dev: {}, production: {namespace: live, name_server: 10.96.0.10}}"
    )
    made = pipeline.stack(pipeline.Request(load=LoadRequest(directory=str(tmp_path))))
    texts = {one.environment.name: text_of(one.translation) for one in made.environments}
    dev, production = texts["dev"], texts["production"]
    assert "resolver kube-dns.kube-system.svc.cluster.local valid=10s;" in dev
    assert "set $up http://my-api.shop-dev.svc.cluster.local:8000;" in dev
    assert "resolver 10.96.0.10 valid=10s;" in production
    assert "set $up http://my-api.live.svc.cluster.local:8000;" in production
    assert "location /v1 { proxy_pass http://my-api:8000;" in production


def test_a_template_of_another_program_is_not_understood(tmp_path: Path) -> None:
    made = translation(tmp_path, NGINX, {"edge.conf": "server { listen {{ .Port }}; }"})
    assert "proxy-not-understood" in rules(made)
    assert ways(made) == []


def test_templates_of_the_image_are_written_out_to_room_of_their_own(tmp_path: Path) -> None:
    made = translation(tmp_path, CLIENT, FILES)
    paths = [mount.path for mount in container(made, "client").storage]
    assert "/etc/nginx/conf.d" in paths
