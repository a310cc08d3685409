"""Loading aiohttp costs no reading of the system's authorities, and changes nothing for others."""

import os
import subprocess
import sys

_ASKED = """
import os, ssl
import mooring.cluster.connection
from aiohttp import connector
print(os.environ.get("SSL_CERT_FILE"), "SSL_CERT_DIR" in os.environ)
print(connector._SSL_CONTEXT_VERIFIED.cert_store_stats()["x509"])
print(connector._SSL_CONTEXT_VERIFIED.verify_mode is ssl.CERT_REQUIRED)
"""


def test_it_is_loaded_without_authorities_and_leaves_the_environment_alone() -> None:
    environment = {key: os.environ[key] for key in os.environ if key != "SSL_CERT_DIR"}
    done = subprocess.run(
        [sys.executable, "-c", _ASKED],
        env={**environment, "SSL_CERT_FILE": "/of/the/user", "PYTHONPATH": "src"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["/of/the/user", "False", "0", "True"]
