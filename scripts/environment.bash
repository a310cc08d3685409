# The environment that the scripts run in: a virtual environment of the checkout's own.
#
# Sourced by scripts/demo and scripts/test.  It holds exactly what the lock files name, with
# their hashes, and the checkout itself in editable form.  `.venv` is made anew when its Python
# is gone; what is installed already is left alone, so the second run starts at once.

unset PYTHONDONTWRITEBYTECODE PYTHONHOME PYTHONPATH PIP_USER PIP_TARGET PIP_REQUIRE_VIRTUALENV
export PIP_DISABLE_PIP_VERSION_CHECK=1

environment="$PWD/.venv"
python="$environment/bin/python"

fail() {
    printf 'error: %s\n' "$1" >&2
    [ $# -lt 2 ] || printf '  help: %s\n' "$2" >&2
    exit 2
}

# Prints the first Python that runs and is new enough.  A name on PATH may be a shim that starts
# nothing, so each is asked.
find_python() {
    local candidate
    for candidate in "${PYTHON:-}" python3.11 python3 python3.12 python3.13 python3.14 python; do
        [ -n "$candidate" ] || continue
        "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 || continue
        "$candidate" -c 'import sys; print(sys.executable)'
        return 0
    done
    return 1
}

# use_environment NAME: makes sure that .venv holds requirements/NAME.txt and the checkout.
# Sets $python.
use_environment() {
    local name=$1 lock="requirements/$1.txt" stamp="$environment/.mooring-$1" wanted base
    if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
        base=$(find_python) || fail "no Python 3.11 or newer found" \
            "install it, or name one: PYTHON=/path/to/python3 $0"
        echo "making .venv with $("$base" --version)" >&2
        "$base" -m venv --clear "$environment" >&2 || fail "cannot make .venv" \
            "on Debian and Ubuntu: apt install python3-venv"
    fi
    wanted=$("$python" - "$lock" requirements/build.txt pyproject.toml <<'PY'
import hashlib, sys
print(sys.version.split()[0], *(hashlib.sha256(open(p, "rb").read()).hexdigest() for p in sys.argv[1:]))
PY
    )
    [ "$(cat "$stamp" 2>/dev/null)" != "$wanted" ] || return 0
    echo "installing $lock into .venv" >&2
    "$python" -m pip install --quiet --no-input --require-hashes --only-binary :all: \
        -r "$lock" -r requirements/build.txt >&2 &&
        "$python" -m pip install --quiet --no-input --no-deps --no-build-isolation --editable . >&2 ||
        fail "cannot install what $lock names" "the package index must be reachable the first time"
    echo "$wanted" >"$stamp"
}
