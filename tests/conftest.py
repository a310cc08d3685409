"""What all tests share."""

import gc

from hypothesis import HealthCheck, settings

pytest_plugins = ["tests.support.fixtures", "tests.support.golden", "tests.support.terse"]

# Machines are shared: how long an example took says nothing about the code.
settings.register_profile("mooring", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("mooring")


# Many thousand tests are made and none is let go of before the end: look for garbage less often.
gc.set_threshold(20_000, 20, 100)


def pytest_collection_finish() -> None:
    """Keep the garbage collector from walking the many thousand tests again and again."""
    gc.collect()
    gc.freeze()
