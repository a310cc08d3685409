"""
Options of a command that say what a variable would: `--client-id` for OAUTH2_PROXY_CLIENT_ID.

Programs that take both name them alike: the variable in capitals, after a prefix of the program's.
"""

from collections.abc import Iterable, Iterator


def said_by_options(words: Iterable[str], names: Iterable[str]) -> Iterator[str]:
    """
    Yield those of the variables ``names`` in whose place the command ``words`` has an option.

    An option of one word, as `--secret`, may say something else and counts for none.
    """
    options = {
        word.lstrip("-").partition("=")[0].lower().replace("-", "_").replace(".", "_")
        for word in words
        if word.startswith("-")
    }
    endings = tuple(f"_{option}" for option in options if "_" in option)
    yield from (name for name in names if f"_{name.lower()}".endswith(endings))
