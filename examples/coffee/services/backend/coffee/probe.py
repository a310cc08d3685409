"""Asks a URL and exits with 0 if it answers with success: a health check without curl."""

import sys
import urllib.request


def main(url: str) -> int:
    """Return the exit status for ``url``."""
    try:
        with urllib.request.urlopen(url, timeout=2) as response:
            return 0 if response.status == 200 else 1
    except OSError as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
