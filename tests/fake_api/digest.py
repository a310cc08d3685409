"""A short name for a pod template."""

import hashlib
import json
from typing import Any


def template_hash(template: Any) -> str:
    """Return ten characters that stand for ``template``."""
    content = json.dumps(template, sort_keys=True).encode()
    return hashlib.sha256(content).hexdigest()[:10]
