"""Command lines cut into words, without a shell."""

import pytest

from mooring.compose import shell_words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("echo  hello\tworld\n", ["echo", "hello", "world"], id="spaces-part-words"),
        pytest.param("", [], id="nothing"),
        pytest.param("sh -c 'a b' \"c d\"", ["sh", "-c", "a b", "c d"], id="quotes-group"),
        pytest.param("a'b c'd", ["ab cd"], id="quotes-within-a-word"),
        pytest.param("''", [""], id="empty-quotes-are-an-empty-word"),
        pytest.param(r"a\ b \"c", ["a b", '"c'], id="a-backslash-takes-the-next-as-it-is"),
        pytest.param(r'"a\nb"', ["anb"], id="also-within-double-quotes"),
        pytest.param(r"'a\nb'", [r"a\nb"], id="but-not-within-single-quotes"),
        pytest.param("echo $HOME *", ["echo", "$HOME", "*"], id="nothing-is-expanded"),
        pytest.param("`a b` c", ["`a b`", "c"], id="backquotes-keep-together"),
        pytest.param("$(a b) c", ["$(a b)", "c"], id="so-does-a-command-substitution"),
        pytest.param("`a 'b c` d' e`", ["`a b c` d e`"], id="quotes-count-within-backquotes"),
        pytest.param("a && b", ["a"], id="what-follows-a-command-is-dropped"),
        pytest.param("a 2>x", ["a"], id="so-is-a-redirection-with-its-number"),
        pytest.param("a b>x", ["a", "b"], id="a-word-before-a-redirection-stays"),
        pytest.param("'a;b' \"c|d\"", ["a;b", "c|d"], id="quoted-operators-are-characters"),
        pytest.param("a\u00a0b", ["a\u00a0b"], id="other-spaces-part-nothing"),
    ],
)
def test_words(text: str, words: list[str]) -> None:
    assert shell_words.split(text) == words


@pytest.mark.parametrize("text", ["'a", '"a', "`a", "$(a", "(a)", "a)", "a\\"])
def test_what_is_opened_must_be_closed(text: str) -> None:
    with pytest.raises(shell_words.UnbalancedQuotes):
        shell_words.split(text)


@pytest.mark.parametrize(
    ("text", "dropped"),
    [
        pytest.param("a && b", "&& b", id="a-second-command"),
        pytest.param("a > log", "> log", id="a-redirection"),
        pytest.param("sh -c 'a && b'", "", id="nothing-where-a-shell-gets-it"),
        pytest.param("a b", "", id="nothing-to-drop"),
    ],
)
def test_what_is_dropped(text: str, dropped: str) -> None:
    assert shell_words.dropped(text) == dropped
