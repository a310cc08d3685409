"""Every statement of the acceptance lists has its tests, and each of them exists."""

import ast
from pathlib import Path

import pytest
from tests.acceptance import statements

HERE = Path(__file__).parent


def test_no_statement_is_missing() -> None:
    expected = {*statements.SYNMETRIX, *statements.CPTM8, *statements.ZYMTRACE}
    assert set(statements.STATEMENTS) == expected


@pytest.mark.parametrize("name", statements.STATEMENTS)
def test_a_statement_has_tests_that_exist(name: str) -> None:
    statement = statements.STATEMENTS[name]
    assert statement.tests, statement.about
    for test in statement.tests:
        module, _, function = test.partition("::")
        tree = ast.parse((HERE / f"{module}.py").read_text(encoding="utf-8"))
        names = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
        assert function in names, test


def test_what_is_left_out_has_a_reason_of_its_own() -> None:
    reasons = [one.left_out for one in statements.STATEMENTS.values() if one.left_out]
    assert len(reasons) == len(set(reasons))
    assert all(len(reason) > 40 for reason in reasons)
