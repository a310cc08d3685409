"""Proxies that watch Docker, whose work an ingress controller does: also those that are built."""

from pathlib import Path

import pytest
from tests.translate.whole import decided, translation

SOCKET = 'volumes: ["/var/run/docker.sock:/tmp/docker.sock:ro"]'
LEFT_OUT = "left out: its routes become Ingresses, which the cluster's controller serves"


@pytest.mark.parametrize(
    ("proxy", "dockerfile", "kind"),
    [
        pytest.param(
            f"image: nginxproxy/nginx-proxy:1.7\n    {SOCKET}", "", LEFT_OUT, id="as-it-comes"
        ),
        pytest.param(
            f"build: ./proxy\n    {SOCKET}",
            "FROM nginxproxy/nginx-proxy:1.7-alpine\nCOPY size.conf /etc/nginx/conf.d/size.conf\n",
            LEFT_OUT,
            id="with-a-file-of-the-stack",
        ),
        pytest.param(
            f"build: ./proxy\n    {SOCKET}",
            'FROM nginxproxy/nginx-proxy:1.7-alpine\nENTRYPOINT ["/own"]\n',
            None,
            id="another-program-on-its-base",
        ),
        pytest.param(
            "build: ./proxy",
            "FROM nginxproxy/nginx-proxy:1.7-alpine\n",
            None,
            id="one-that-watches-nothing",
        ),
    ],
)
def test_a_proxy_that_watches_docker_is_left_out(
    tmp_path: Path, proxy: str, dockerfile: str, kind: str | None
) -> None:
    compose = f"services:\n  web: {{image: 'nginx:1.29'}}\n  proxy:\n    {proxy}\n"
    made = translation(tmp_path, compose, {"proxy/Dockerfile": dockerfile})
    assert decided(made, "kind").get("services.proxy") == kind
