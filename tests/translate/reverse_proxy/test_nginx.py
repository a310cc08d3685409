"""What configurations of nginx say, and what is left to the proxy because an Ingress cannot."""

import pytest

from mooring.translate.reverse_proxy import nginx
from mooring.translate.reverse_proxy.config import ConfigFile, Does, Location, ProxyConfig
from mooring.translate.reverse_proxy.nginx_syntax import NotNginx, parse

DEFAULT = "/etc/nginx/conf.d/default.conf"


def read(text: str, *, path: str = DEFAULT, more: dict[str, str] | None = None) -> ProxyConfig:
    """Return what the file at ``path`` says, with further files beside it."""
    files = {path: text, **(more or {})}
    made = [ConfigFile(path=at, shown=at, text=some, baked=False) for at, some in files.items()]
    return nginx.read(made, {"BACKEND": "api:8000", "PORT": "8080"})


def location(inside: str, *, path: str = "/api/", server: str = "") -> Location:
    """Return the location ``path`` with ``inside`` it."""
    config = read(f"server {{ {server} location {path} {{ {inside} }} }}")
    return config.sites[0].locations[0]


def shown(one: Location) -> str:
    """Return what becomes of a location, in a line."""
    targets = ",".join(f"{each.scheme}://{each.host}:{each.port}" for each in one.targets)
    exact = " exactly" if one.exact else ""
    stripped = f" without {one.stripped}" if one.stripped else ""
    return f"{one.path}{exact} {one.does.value} {targets}{stripped}".strip()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("server {", "a block is not closed", id="an-open-block"),
        pytest.param("listen 80", 'a directive does not end with ";"', id="no-semicolon"),
        pytest.param("}", '"}" closes no block', id="a-brace-too-many"),
        pytest.param("a 'b;", "a string is not closed", id="an-open-string"),
        pytest.param(";", '";" ends no directive', id="nothing"),
        pytest.param("server_name {{ .Host }};", "it is a template that", id="a-go-template"),
    ],
)
def test_what_is_no_configuration(text: str, message: str) -> None:
    with pytest.raises(NotNginx, match=message.replace("}", "\\}")):
        parse(text)


def test_words_keep_their_place() -> None:
    text = "# a comment\nset $x 'a b';  add_header X \"it's\\\"\";\nlocation ~ \\.php$ { }\n"
    first, second, third = parse(text)
    assert [word.text for word in first.words] == ["$x", "a b"]
    assert text[first.words[1].start : first.words[1].end] == "'a b'"
    assert [second.line, third.line] == [2, 3]
    assert second.words[1].text == "it's\""
    assert third.block == ()


def test_a_block_of_lua_is_passed_over() -> None:
    (one,) = parse("content_by_lua_block { if x then return {1} end }")
    assert one.block == ()


@pytest.mark.parametrize(
    ("path", "inside", "expected"),
    [
        pytest.param("/a/", "proxy_pass http://api:81;", "/a/ proxies http://api:81", id="a-host"),
        pytest.param("/api", "proxy_pass http://api;", "/api proxies http://api:80", id="no-port"),
        pytest.param("/api", "proxy_pass https://api;", "/api proxies https://api:443", id="https"),
        pytest.param("/g", "grpc_pass grpc://api:81;", "/g proxies h2c://api:81", id="grpc"),
        pytest.param("= /a", "proxy_pass http://api;", "/a exactly proxies http://api:80", id="="),
        pytest.param(
            "/api/", "proxy_pass http://api/;", "/api/ proxies http://api:80 without /api", id="cut"
        ),
        pytest.param("/api/", "proxy_pass http://api/api/;", "/api/ proxies http://api:80",
                     id="the-same-path"),
        pytest.param("/api", "rewrite ^/api/(.*)$ /$1 break; proxy_pass http://api;",
                     "/api proxies http://api:80 without /api", id="cut-by-rewriting"),
        pytest.param("/a", "set $up http://api:81; proxy_pass $up;", "/a proxies http://api:81",
                     id="a-variable"),
        pytest.param("/a", "proxy_pass http://${BACKEND};", "/a proxies http://api:8000",
                     id="a-variable-of-the-environment"),
        pytest.param("/a", "proxy_pass http://api$request_uri;", "/a proxies http://api:80",
                     id="the-whole-request"),
        pytest.param("~ ^/v1", "proxy_pass http://api;", "/v1 proxies http://api:80",
                     id="a-pattern-that-is-a-prefix"),
        pytest.param("/f", "root /srv;", "/f serves files", id="files"),
        pytest.param("/f", "alias /srv/; autoindex on;", "/f serves files", id="a-list-of-files"),
        pytest.param("/x", "return 200 ok;", "/x answers", id="an-answer"),
        pytest.param("/x", "return 302 /y;", "/x redirects", id="a-redirect"),
        pytest.param("/x", "fastcgi_pass php:9000;", "/x other tcp://php:9000", id="fastcgi"),
        pytest.param("/x", "proxy_pass http://unix:/run/x.sock;", "/x other", id="a-socket"),
        pytest.param("/x", "proxy_pass http://$host;", "/x other", id="an-unknown-host"),
    ],
)  # fmt: skip
def test_what_becomes_of_requests(path: str, inside: str, expected: str) -> None:
    assert shown(location(inside, path=path)) == expected


@pytest.mark.parametrize(
    ("inside", "beyond"),
    [
        pytest.param("proxy_set_header Host $host; gzip on;", (), id="what-every-controller-does"),
        pytest.param("auth_basic x; auth_basic_user_file f;", ("auth_basic",), id="a-password"),
        pytest.param("auth_basic off;", (), id="no-password"),
        pytest.param("limit_req zone=a;", ("limit_req",), id="a-limit"),
        pytest.param("deny all;", ("deny",), id="addresses"),
        pytest.param("proxy_set_header X-Key s;", ("the header X-Key that is set",), id="a-header"),
        pytest.param("proxy_set_header Host other;", ("the header Host that is set",), id="a-host"),
        pytest.param("proxy_cache c;", ("proxy_cache",), id="a-cache"),
        pytest.param("if ($a) { return 403; }", ("conditions (if)",), id="a-condition"),
        pytest.param(
            "add_header Access-Control-Allow-Origin *;",
            ("headers of its own for other origins (CORS)",),
            id="cors",
        ),
        pytest.param("some_module on;", ("some_module",), id="what-nobody-knows"),
    ],
)  # fmt: skip
def test_what_an_ingress_cannot_say(inside: str, beyond: tuple[str, ...]) -> None:
    assert location(f"{inside} proxy_pass http://api;").beyond == beyond
    assert location("proxy_pass http://api;", server=inside).beyond == beyond


@pytest.mark.parametrize(
    ("pattern", "paths"),
    [
        pytest.param("^/v1/", ["/v1/"], id="a-prefix"),
        pytest.param("^/(v1|v2)/", ["/v1/", "/v2/"], id="a-choice"),
        pytest.param("^/api(/.*)?$", ["/api"], id="with-all-below"),
        pytest.param("^/a\\.b$", ["/a.b exactly"], id="exact"),
        pytest.param("\\.php$", [None], id="an-end"),
        pytest.param("^/[a-z]+", [None], id="a-class"),
    ],
)
def test_patterns(pattern: str, paths: list[str | None]) -> None:
    config = read(f"server {{ location ~ {pattern} {{ proxy_pass http://api; }} }}")
    found = [f"{one.path} exactly" if one.exact else one.path for one in config.sites[0].locations]
    assert found == paths


def test_groups_are_no_hosts() -> None:
    config = read(
        "upstream up { server a:1; server a:1 backup; }\n"
        "upstream two { server a:1; server b:2; }\n"
        "server { location /x { proxy_pass http://up; } location /y { proxy_pass http://two; } }"
    )
    assert [shown(one) for one in config.sites[0].locations] == [
        "/x proxies http://a:1",
        "/y proxies http://a:1,http://b:2",
    ]


def test_sites_and_where_they_listen() -> None:
    config = read(
        "server { listen 80; server_name a.example.com _; return 301 https://$host$request_uri; }\n"
        "server { listen [::]:443 ssl; listen 443 ssl; server_name a.example.com;\n"
        " location / { proxy_pass http://web; } }\n"
        "server { listen ${PORT}; location / { return 301 https://$host$request_uri; } }\n"
        "server { root /srv; }"
    )
    assert config.ports == (80, 443, 8080)
    assert [site.to_https for site in config.sites] == [True, False, True, False]
    assert config.sites[1].hosts == ("a.example.com",)
    assert config.sites[1].listens[1].encrypted
    assert [one.does for one in config.sites[3].locations] == [Does.SERVES_FILES]


@pytest.mark.parametrize(
    ("inside", "lasts"),
    [
        pytest.param("proxy_set_header Upgrade $http_upgrade;", True, id="upgraded"),
        pytest.param("proxy_read_timeout 1h;", True, id="silent-for-long"),
        pytest.param("proxy_read_timeout 30s;", False, id="silent-for-a-moment"),
        pytest.param("", False, id="plain"),
    ],
)
def test_connections_that_stay_open(inside: str, lasts: bool) -> None:
    assert location(f"{inside} proxy_pass http://api;").long_lived is lasts


def test_the_largest_body_is_that_of_the_innermost_block() -> None:
    inner = location("client_max_body_size 50M; proxy_pass http://api;", server="listen 80;")
    outer = location("proxy_pass http://api;", server="client_max_body_size 0;")
    assert (inner.largest_body, outer.largest_body) == ("50m", "0")


def test_what_is_included_is_read_in_its_place() -> None:
    main = "events {} http { include mime.types; include /etc/nginx/conf.d/*.conf; }"
    inner = {
        "/etc/nginx/conf.d/a.conf": "server { include snippets/proxy.conf; }",
        "/etc/nginx/snippets/proxy.conf": "location / { proxy_pass http://web; }",
    }
    config = read(main, path="/etc/nginx/nginx.conf", more=inner)
    assert [shown(one) for one in config.sites[0].locations] == ["/ proxies http://web:80"]
    assert config.is_whole


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("server { include /etc/other/gone.conf; }", id="a-file-that-is-not-there"),
        pytest.param("stream { server { listen 5432; } } server { }", id="raw-tcp"),
        pytest.param("server { listen 80;", id="a-fault"),
    ],
)
def test_what_is_not_known_as_a_whole(text: str) -> None:
    assert not read(text).is_whole


def test_a_template_is_read_as_what_it_becomes() -> None:
    config = read("server { listen 8888; }", path="/etc/nginx/templates/default.conf.template")
    assert config.ports == (8888,)
