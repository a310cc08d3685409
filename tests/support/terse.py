"""
Less talk between the workers of pytest-xdist and the process that counts.

A worker sends six messages for each test, and each of them is written, read and passed to every
plugin.  For many thousand tests that take a millisecond this costs more than the tests do.  Of
what went well one message is enough: a setup, a teardown, a beginning and an end of which nothing
is told keep silent, unless what was asked for is made of them (durations, a JUnit file).
"""

import pytest

_MADE_OF_ALL = ("durations", "xmlpath")


class _Terse:
    """Runs a test as pytest does, and reports its call and what did not pass."""

    def __init__(self, config: pytest.Config) -> None:
        self._runner = config.pluginmanager.get_plugin("runner")

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item, nextitem: pytest.Item | None) -> bool:
        for report in self._runner.runtestprotocol(item, nextitem=nextitem, log=False):
            if not report.passed:
                item.ihook.pytest_runtest_logreport(report=report)
            elif report.when == "call":
                report.keywords = {}  # nobody asks for them, and they are most of the message
                item.ihook.pytest_runtest_logreport(report=report)
        return True


def pytest_configure(config: pytest.Config) -> None:
    """Be terse in a worker."""
    asked = any(config.getoption(option, None) is not None for option in _MADE_OF_ALL)
    if hasattr(config, "workerinput") and not asked:
        config.pluginmanager.register(_Terse(config))
