"""
The least that applying objects can cost: one request for each, many in flight, and nothing else.

Usage: python bare_applying.py KUBECONFIG FILE...

No discovery, no comparison, no order, no waiting, no journal: a floor to measure deployers by.
"""

import asyncio
import base64
import json
import ssl
import sys
import tempfile
from pathlib import Path
from typing import Any

import aiohttp
import yaml

_IN_FLIGHT = 64
_PATHS = {
    ("v1", "ConfigMap"): "api/v1/namespaces/{}/configmaps",
    ("v1", "Secret"): "api/v1/namespaces/{}/secrets",
    ("v1", "Service"): "api/v1/namespaces/{}/services",
    ("v1", "ServiceAccount"): "api/v1/namespaces/{}/serviceaccounts",
    ("apps/v1", "Deployment"): "apis/apps/v1/namespaces/{}/deployments",
    ("networking.k8s.io/v1", "NetworkPolicy"): (
        "apis/networking.k8s.io/v1/namespaces/{}/networkpolicies"
    ),
    ("rbac.authorization.k8s.io/v1", "Role"): (
        "apis/rbac.authorization.k8s.io/v1/namespaces/{}/roles"
    ),
    ("rbac.authorization.k8s.io/v1", "RoleBinding"): (
        "apis/rbac.authorization.k8s.io/v1/namespaces/{}/rolebindings"
    ),
}


async def apply(kubeconfig: Path, files: list[Path]) -> None:
    """Apply every object of ``files`` as field manager "bare"."""
    objects = [
        one for file in files for one in yaml.load_all(file.read_text(), Loader=yaml.CSafeLoader)
    ]
    url, tls = _access(yaml.load(kubeconfig.read_text(), Loader=yaml.CSafeLoader), kubeconfig)
    places = asyncio.Semaphore(_IN_FLIGHT)
    connector = aiohttp.TCPConnector(limit=_IN_FLIGHT, ssl=tls)
    async with aiohttp.ClientSession(connector=connector) as session:

        async def one(manifest: dict[str, Any]) -> None:
            metadata = manifest["metadata"]
            kind = _PATHS[manifest["apiVersion"], manifest["kind"]]
            path = f"{url}/{kind.format(metadata['namespace'])}/{metadata['name']}"
            query = {"fieldManager": "bare", "force": "true"}
            headers = {"Content-Type": "application/apply-patch+yaml"}
            async with (
                places,
                session.patch(
                    path, params=query, headers=headers, data=json.dumps(manifest)
                ) as answer,
            ):
                answer.raise_for_status()
                await answer.read()

        await asyncio.gather(*map(one, objects))


def _access(config: dict[str, Any], at: Path) -> tuple[str, ssl.SSLContext]:
    cluster, user = config["clusters"][0]["cluster"], config["users"][0]["user"]
    with tempfile.TemporaryDirectory() as folder:

        def file(part: dict[str, Any], key: str) -> str:
            if f"{key}-data" in part:
                kept = Path(folder) / key
                kept.write_bytes(base64.b64decode(part[f"{key}-data"]))
                return str(kept)
            return str(at.parent / part[key])

        tls = ssl.create_default_context(cafile=file(cluster, "certificate-authority"))
        tls.load_cert_chain(file(user, "client-certificate"), file(user, "client-key"))
    return cluster["server"], tls


if __name__ == "__main__":
    asyncio.run(apply(Path(sys.argv[1]), [Path(name) for name in sys.argv[2:]]))
