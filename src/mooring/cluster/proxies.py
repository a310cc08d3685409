"""
The proxy that the environment names for a server: HTTPS_PROXY, HTTP_PROXY, NO_PROXY.

NO_PROXY is read as Go reads it, which kubectl does: names with all below them, addresses, networks.

Source: https://pkg.go.dev/golang.org/x/net/http/httpproxy#Config
"""

import ipaddress
from collections.abc import Mapping
from urllib.parse import urlsplit


def of_environment(server: str, environment: Mapping[str, str]) -> str:
    """Return the URL of the proxy for ``server``, "" for none."""
    parts = urlsplit(server)
    name = "HTTPS_PROXY" if parts.scheme == "https" else "HTTP_PROXY"
    proxy = environment.get(name) or environment.get(name.lower()) or ""
    if not proxy:
        return ""
    host = (parts.hostname or "").lower()
    port = parts.port or (443 if parts.scheme == "https" else 80)
    if host == "localhost" or _is_loopback(host):
        return ""
    spared = environment.get("NO_PROXY") or environment.get("no_proxy") or ""
    if any(_matches(one.strip().lower(), host, port) for one in spared.split(",")):
        return ""
    return proxy if "://" in proxy else f"http://{proxy}"


def _matches(pattern: str, host: str, port: int) -> bool:
    if not pattern:
        return False
    if pattern == "*":
        return True
    address = _address(host)
    if "/" in pattern:
        try:
            return address is not None and address in ipaddress.ip_network(pattern, strict=False)
        except ValueError:
            return False
    name, _, wanted = pattern.partition(":") if pattern.count(":") == 1 else (pattern, "", "")
    if wanted and wanted != str(port):
        return False
    if address is not None:
        return _address(name) == address
    name = name.removeprefix("*")
    if name.startswith("."):
        return host.endswith(name)
    return host == name or host.endswith(f".{name}")


def _is_loopback(host: str) -> bool:
    address = _address(host)
    return address is not None and address.is_loopback


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return None
