"""Which cluster a kubeconfig means, and as whom; what is refused, and how that is told."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from mooring.cluster import kubeconfig, service_account
from mooring.cluster.access import Access
from mooring.cluster.errors import AccessError

AUTHORITY = (Path(__file__).parents[1] / "fake_api" / "tls" / "ca.crt").read_bytes()
ENCODED = base64.b64encode(AUTHORITY).decode()


def config(folder: Path, name: str = "config", **parts: Any) -> str:
    """Write a kubeconfig with one context of everything and return its path."""
    cluster = {"server": "https://one.example.com:6443/", **parts.pop("cluster", {})}
    whole = {
        "current-context": "main",
        "clusters": [{"name": "one", "cluster": cluster}],
        "users": [{"name": "me", "user": parts.pop("user", {"token": "t"})}],
        "contexts": [
            {
                "name": "main",
                "context": {"cluster": "one", "user": "me", **parts.pop("context", {})},
            }
        ],
        **parts,
    }
    path = folder / name
    path.write_text(json.dumps(whole), encoding="utf-8")
    return str(path)


def accessed(paths: str, context: str | None = None, **environment: str) -> Access:
    """Return what a kubeconfig comes to."""
    return kubeconfig.access(context=context, environment={"KUBECONFIG": paths, **environment})


def test_a_context_names_cluster_user_and_namespace(tmp_path: Path) -> None:
    path = config(
        tmp_path,
        cluster={"certificate-authority-data": ENCODED, "tls-server-name": "other"},
        context={"namespace": "shop"},
    )
    access = accessed(path)
    assert (access.server, access.context, access.namespace) == (
        "https://one.example.com:6443",
        "main",
        "shop",
    )
    assert access.authority == AUTHORITY
    assert access.server_name == "other"
    assert access.identity.token is not None
    assert access.identity.token.reveal() == "t"


def test_of_several_files_the_first_is_believed_for_all_of_a_name(tmp_path: Path) -> None:
    first = config(tmp_path, "first", user={"token": "first"}, contexts=[])
    second = config(
        tmp_path,
        "second",
        cluster={"server": "https://two.example.com", "certificate-authority-data": ENCODED},
        user={"token": "second", "username": "u", "password": "p"},
        **{"current-context": "other"},
    )
    access = accessed(f"{tmp_path / 'absent'}:{first}::{second}:{first}")
    assert access.server == "https://one.example.com:6443"
    assert access.authority is None
    assert access.identity.basic is None
    assert access.identity.token is not None
    assert access.identity.token.reveal() == "first"


def test_files_are_seen_from_the_folder_of_the_kubeconfig_that_names_them(tmp_path: Path) -> None:
    folder = tmp_path / "inner"
    folder.mkdir()
    (folder / "ca.crt").write_bytes(AUTHORITY)
    (tmp_path / "token").write_text("from-file\n")
    path = config(
        folder,
        cluster={"certificate-authority": "ca.crt"},
        user={"token": "inline", "tokenFile": "../token"},
    )
    access = accessed(path)
    assert access.authority == AUTHORITY
    assert access.identity.token_file == str(tmp_path / "token")


def test_the_file_in_the_home_folder_counts_where_no_other_is_named(tmp_path: Path) -> None:
    (tmp_path / ".kube").mkdir()
    config(tmp_path / ".kube")
    access = kubeconfig.access(context=None, environment={"HOME": str(tmp_path)})
    assert access.context == "main"


def test_contexts_are_listed(tmp_path: Path) -> None:
    path = config(tmp_path, context={"namespace": "shop"})
    assert kubeconfig.contexts({"KUBECONFIG": path}) == (("main", "one", "shop", True),)


@pytest.mark.parametrize(
    ("parts", "message", "remedy"),
    [
        pytest.param(
            {"cluster": {"insecure-skip-tls-verify": True}},
            "insecure-skip-tls-verify is set",
            "certificate-authority-data",
            id="a-server-that-is-not-verified",
        ),
        pytest.param(
            {"cluster": {"server": "http://one.example.com"}},
            "without TLS",
            "https://",
            id="a-remote-server-without-tls",
        ),
        pytest.param(
            {"cluster": {"server": "https://u:hunter2@one.example.com"}},
            "server holds a password",
            "username and password",
            id="a-password-in-the-address",
        ),
        pytest.param(
            {"cluster": {"server": "one.example.com:6443"}},
            "no https:// address",
            "correct",
            id="an-address-without-scheme",
        ),
        pytest.param(
            {"cluster": {"proxy-url": "socks5://localhost:1080"}},
            "proxy of the kind socks5",
            "http://",
            id="a-proxy-of-another-kind",
        ),
        pytest.param(
            {"cluster": {"certificate-authority-data": "%%%"}},
            "is no base64",
            "",
            id="what-is-no-base64",
        ),
        pytest.param(
            {"cluster": {"certificate-authority": "absent.crt"}},
            "absent.crt cannot be read",
            "",
            id="a-file-that-is-not-there",
        ),
        pytest.param(
            {"user": {"client-certificate-data": ENCODED}},
            "client-key is missing",
            "go together",
            id="a-certificate-without-key",
        ),
        pytest.param(
            {"user": {"auth-provider": {"name": "gcp"}}},
            "auth-provider gcp no longer exists",
            "gke-gcloud-auth-plugin",
            id="a-provider-that-kubectl-dropped",
        ),
        pytest.param(
            {"user": {"exec": {"apiVersion": "client.authentication.k8s.io/v1alpha1"}}},
            "v1alpha1 is not known",
            "client.authentication.k8s.io/v1",
            id="a-plugin-of-another-format",
        ),
        pytest.param(
            {"user": {"token": 5}}, "token is no text", "quotes", id="a-token-that-is-a-number"
        ),
        pytest.param(
            {"context": {"cluster": "two"}},
            "there is no cluster two",
            "--context",
            id="a-cluster-that-is-not-there",
        ),
        pytest.param(
            {"context": {"user": "you"}},
            "there is no user you",
            "--context",
            id="a-user-that-is-not-there",
        ),
        pytest.param(
            {"current-context": "gone"},
            "has no context gone",
            "there are: main",
            id="a-context-that-is-not-there",
        ),
        pytest.param(
            {"current-context": ""},
            "no current context",
            "--context: main",
            id="no-context-chosen",
        ),
    ],
)
def test_what_is_of_no_use_is_told(
    tmp_path: Path, parts: dict[str, Any], message: str, remedy: str
) -> None:
    path = config(tmp_path, **parts)
    with pytest.raises(AccessError) as caught:
        accessed(path)
    assert message in str(caught.value)
    assert remedy in (caught.value.remedy or "")
    assert "hunter2" not in str(caught.value)


def test_a_kubeconfig_that_is_no_yaml_is_told_at_its_place(tmp_path: Path) -> None:
    path = tmp_path / "config"
    path.write_text("clusters:\n- {name: a\nusers: ]\n")
    with pytest.raises(AccessError) as caught:
        accessed(str(path))
    assert caught.value.position is not None
    assert caught.value.position.line > 1


def test_a_proxy_may_hold_a_password(tmp_path: Path) -> None:
    path = config(tmp_path, cluster={"proxy-url": "http://u:hunter2@proxy.example.com:3128"})
    access = accessed(path)
    assert access.proxy is not None
    assert access.proxy.reveal() == "http://u:hunter2@proxy.example.com:3128"
    assert "hunter2" not in repr(access)


@pytest.mark.parametrize(
    ("environment", "proxy"),
    [
        pytest.param({"HTTPS_PROXY": "http://p:3128"}, "http://p:3128", id="the-environment-names"),
        pytest.param({"https_proxy": "p:3128"}, "http://p:3128", id="in-small-letters"),
        pytest.param({"HTTP_PROXY": "http://p:3128"}, None, id="not-that-of-another-scheme"),
        pytest.param(
            {"HTTPS_PROXY": "http://p", "NO_PROXY": "x,example.com"}, None, id="spares-a-domain"
        ),
        pytest.param(
            {"HTTPS_PROXY": "http://p", "NO_PROXY": "ample.com"},
            "http://p",
            id="spares-no-part-of-a-name",
        ),
        pytest.param(
            {"HTTPS_PROXY": "http://p", "no_proxy": "one.example.com:6443"},
            None,
            id="spares-a-port",
        ),
        pytest.param(
            {"HTTPS_PROXY": "http://p", "no_proxy": "one.example.com:443"},
            "http://p",
            id="spares-no-other-port",
        ),
        pytest.param({"HTTPS_PROXY": "http://p", "NO_PROXY": "*"}, None, id="spares-all"),
    ],
)
def test_proxies_of_the_environment(
    tmp_path: Path, environment: dict[str, str], proxy: str | None
) -> None:
    found = accessed(config(tmp_path), **environment).proxy
    assert (found.reveal() if found else None) == proxy


@pytest.mark.parametrize(
    ("server", "spared", "has_proxy"),
    [
        pytest.param("https://10.1.2.3:6443", "10.0.0.0/8", False, id="a-network"),
        pytest.param("https://11.1.2.3:6443", "10.0.0.0/8", True, id="not-beyond-it"),
        pytest.param("https://127.0.0.1:6443", "", False, id="this-machine-always"),
        pytest.param("https://[::1]:6443", "", False, id="also-by-its-other-address"),
        pytest.param("https://localhost:6443", "", False, id="also-by-its-name"),
    ],
)
def test_addresses_that_need_no_proxy(
    tmp_path: Path, server: str, spared: str, has_proxy: bool
) -> None:
    path = config(tmp_path, cluster={"server": server})
    found = accessed(path, HTTPS_PROXY="http://p", NO_PROXY=spared).proxy
    assert (found is not None) == has_proxy


def test_a_plugin_is_read_with_all_that_it_needs(tmp_path: Path) -> None:
    user = {
        "exec": {
            "apiVersion": "client.authentication.k8s.io/v1",
            "command": "bin/login",
            "args": ["--now"],
            "env": [{"name": "KEY", "value": "hunter2"}],
            "provideClusterInfo": True,
            "interactiveMode": "IfAvailable",
            "installHint": "get it",
        }
    }
    plugin = accessed(config(tmp_path, user=user)).identity.plugin
    assert plugin is not None
    assert plugin.command == str(tmp_path / "bin" / "login")
    assert plugin.arguments == ("--now",)
    assert plugin.environment.reveal() == {"KEY": "hunter2"}
    assert plugin.gets_cluster
    assert plugin.is_interactive
    assert "hunter2" not in repr(plugin)


def test_impersonation_is_carried_as_headers(tmp_path: Path) -> None:
    user = {"token": "t", "as": "somebody", "as-groups": ["team"]}
    headers = accessed(config(tmp_path, user=user)).identity.impersonation
    assert headers == (("Impersonate-User", "somebody"), ("Impersonate-Group", "team"))


def test_a_pod_uses_its_service_account(tmp_path: Path) -> None:
    for name, content in (("token", b"t"), ("ca.crt", AUTHORITY), ("namespace", b"shop\n")):
        (tmp_path / name).write_bytes(content)
    environment = {"KUBERNETES_SERVICE_HOST": "10.96.0.1", "KUBERNETES_SERVICE_PORT": "443"}
    access = service_account.access(environment, folder=str(tmp_path))
    assert access is not None
    assert (access.server, access.namespace) == ("https://10.96.0.1:443", "shop")
    assert access.identity.token_file == str(tmp_path / "token")
    assert service_account.access({}, folder=str(tmp_path)) is None
    (tmp_path / "ca.crt").unlink()
    with pytest.raises(AccessError, match=r"ca\.crt"):
        service_account.access(environment, folder=str(tmp_path))


def test_without_any_file_it_says_where_it_looked(tmp_path: Path) -> None:
    with pytest.raises(AccessError, match=r"there is no kubeconfig: .*absent"):
        accessed(str(tmp_path / "absent"))
