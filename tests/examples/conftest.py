"""
Makes the sources of the example services importable, as they are in their images.

They are imported here without writing bytecode: a folder of the example that Compose binds must
hold the same files whether its tests have run or not.
"""

import sys
from importlib import import_module
from pathlib import Path

SERVICES = Path(__file__).parents[2] / "examples" / "coffee" / "services"

sys.path += [str(SERVICES / "backend"), str(SERVICES / "migrate")]
_before, sys.dont_write_bytecode = sys.dont_write_bytecode, True
for _module in ("coffee.api", "coffee.mail", "coffee.storage", "coffee.worker", "migrate"):
    import_module(_module)
sys.dont_write_bytecode = _before
