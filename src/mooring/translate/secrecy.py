"""
Which settings are secret, and which secrets are placeholders.

Three ways to be secret: by name (POSTGRES_PASSWORD), by content (a URL with a password in it, a
private key), and by descent (a text into which a secret variable was interpolated).  A miss puts
a password into a ConfigMap, a false alarm costs one line in a Secret, so doubt makes a secret.
"""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from mooring.compose.environment import EnvValue
from mooring.patterns import LazyPattern

_SECRET_WORDS = frozenset(
    {
        "PASSWORD", "PASSWORDS", "PASSWD", "PASS", "PWD", "PW", "SECRET", "SECRETS", "TOKEN",
        "TOKENS", "CREDENTIAL", "CREDENTIALS", "CREDS", "PASSPHRASE", "PASSCODE", "APIKEY", "DSN",
        "SALT", "COOKIE", "PEPPER", "HTPASSWD", "KEYFILE",
    }
)  # fmt: skip
_KEY_OWNERS = frozenset(
    {
        "API", "ACCESS", "SECRET", "PRIVATE", "ENCRYPTION", "ENCRYPT", "ENC", "CRYPTO", "SIGNING",
        "SIGN", "JWT",
        "AUTH", "MASTER", "LICENSE", "LICENCE", "SESSION", "COOKIE", "AES", "HMAC", "SHARED",
        "ACCOUNT", "ADMIN", "APP", "ROOT", "SERVICE", "STORAGE", "WEBHOOK", "FERNET", "DEPLOY",
        "BASE", "SIGNATURE", "CRYPT", "CIPHER", "SSH", "TLS", "SSL",
    }
)  # fmt: skip
_SECRET_ENDINGS = ("PASSWORD", "PASSWD", "SECRET", "APIKEY")
_NO_PASSWORDS = frozenset({"BYPASS", "COMPASS", "ENCOMPASS", "SURPASS", "TRESPASS", "OVERPASS"})
_AUTH_OWNERS = frozenset({"REDIS", "NEO4J", "SENTINEL"})
"""Whose AUTH is a password, where that of others is a method or a switch."""
_ABOUT_A_SECRET = frozenset(
    {
        "LENGTH", "LEN", "MIN", "MAX", "EXPIRES", "EXPIRE", "EXPIRY", "EXPIRATION", "TTL", "AGE",
        "TIMEOUT", "POLICY", "URL", "URI", "ENDPOINT", "HOST", "NAME", "FILE", "PATH", "DIR",
        "TYPE", "ALGORITHM", "ALG", "HEADER", "ISSUER", "AUDIENCE", "ENABLED", "REQUIRED",
        "ROTATION", "FIELD", "COLUMN", "PREFIX", "SUFFIX", "MANAGER", "STORE", "REGION", "FORMAT",
        "LIFETIME", "DURATION", "LIMIT", "ATTEMPTS", "VERSION", "PROVIDER", "SECURE", "DOMAIN",
        "SAMESITE", "HTTPONLY", "ENCRYPTION", "RESET", "HASHING", "IN", "MOUNT", "COUNT", "EMAIL",
        "SENDER", "PORT",
    }
)  # fmt: skip
_SWITCHES = frozenset({"true", "false", "yes", "no", "on", "off", "0", "1", ""})
_SWITCH_WORDS = frozenset({"ALLOW", "ENABLE", "DISABLE", "REQUIRE", "USE", "HAS", "NO", "SKIP"})

_NEW_WORD = LazyPattern(r"(?<=[a-z0-9])(?=[A-Z])")
_DIVIDERS = LazyPattern(r"[\W_]+")
_CREDENTIALS_IN_URL = LazyPattern(r"[A-Za-z][A-Za-z0-9+.\-]*://[^\s/@:]*:[^\s/@]+@")
_CREDENTIALS_IN_GO = LazyPattern(r"(?:^|\s)[\w.-]*:[^\s@]+@(?:tcp|udp|unix)\(")
_USER_AND_PASSWORD = LazyPattern(r"://([^\s/@:]*):([^\s/@]+)@")
_PASSWORD_IN_DSN = LazyPattern(
    r"(?:^|[\s;?&,])(?:password|passwd|pwd|accountkey|sharedaccesskey|secret|sslpassword)"
    r"\s*=\s*[^\s;&]+",
    re.IGNORECASE,
)
_KNOWN_SECRET_FORM = LazyPattern(
    r"-----BEGIN [A-Z ]*PRIVATE KEY"
    r"|^eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*$"
    r"|\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"
    r"|\bgh[pousr]_[A-Za-z0-9]{30,}|\bgithub_pat_\w{20,}|\bglpat-[\w-]{15,}"
    r"|\b[sr]k_(?:live|test)_\w{16,}|\bxox[abprs]-[\w-]{10,}|\bAIza[\w-]{30,}"
    r"|\bAGE-SECRET-KEY-1|\$2[aby]\$\d\d\$|\$apr1\$"
)
_SIGNS_OF_KNOWN_FORMS = (
    "PRIVATE KEY", "eyJ", "AKIA", "ASIA", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_",
    "glpat-", "k_live_", "k_test_", "xox", "AIza", "AGE-SECRET-KEY-1", "$2", "$apr1$",
)  # fmt: skip
"""One of these is in each text that `_KNOWN_SECRET_FORM` finds; looking for them is cheap."""
_SECRET_FIELD_OF_JSON = LazyPattern(
    r'"[^"]*(?:password|passwd|secret|token|private_?key|api_?key|^key|"key)[^"]*"\s*:\s*"[^"]+"',
    re.IGNORECASE,
)
_PLACEHOLDER = LazyPattern(
    r"change[\W_]*(?:me|this|it)|replace[\W_]*(?:me|this|with|_)|\bto[\W_]?do\b|^<.*>$|^x{3,}$"
    r"|^change[\W_]*[a-z]*[\W_]*(?:password|passwd|pass|pwd|secret|key|token|salt)$"
    r"|^\*+$|your[\W_]|example|placeholder|insert[\W_]|dummy|not[\W_]?secure|insecure",
    re.IGNORECASE,
)
_SIGNS_OF_PLACEHOLDERS = (
    "change", "replace", "do", "<", "xxx", "*", "your", "example", "placeholder", "insert", "dummy",
    "secure",
)  # fmt: skip
"""One of these is in each text that `_PLACEHOLDER` finds; looking for them is cheap."""
_DEFAULT_PASSWORDS = frozenset(
    {
        "admin", "administrator", "root", "toor", "secret", "secrets", "password", "passw0rd",
        "pass", "postgres", "mysql", "mariadb", "mongo", "mongodb", "redis", "rabbitmq", "guest",
        "minio", "minioadmin", "minio123", "test", "test123", "default", "user", "demo", "dev",
        "12345", "123456", "1234", "12345678", "qwerty", "letmein", "welcome", "wordpress",
        "somewordpress", "keycloak", "grafana", "elastic", "pgadmin", "sa", "db-password",
        "password123", "admin123", "secret123", "nextcloud", "gitea", "app", "foo", "bar",
    }
)  # fmt: skip


@lru_cache(maxsize=16384)
def is_secret_name(name: str) -> bool:
    """
    Tell whether a setting's name says that its value is secret.

    Words count, not letters: MONKEY and TOKENIZER are no keys and no tokens, and a name that ends
    in a word about a secret (PASSWORD_MIN_LENGTH, TOKEN_TTL, SECRET_FILE) names no secret.
    """
    words = _words(name)
    if not words or words[-1] in _ABOUT_A_SECRET or words[0] in _SWITCH_WORDS:
        return False
    if "PUBLIC" in words and "SECRET" not in words:
        return False
    for index, word in enumerate(words):
        if word in _SECRET_WORDS or word.endswith(_SECRET_ENDINGS):
            return True
        if word.endswith("PASS") and word not in _NO_PASSWORDS:
            return True
        if word == "AUTH" and index and words[index - 1] in _AUTH_OWNERS:
            return True
        if word in {"KEY", "KEYS"} and index and words[index - 1] in _KEY_OWNERS:
            return True
    return False


def _words(name: str) -> list[str]:
    # Nearly all names are capital letters and "_".
    if name.isascii() and name.isupper() and name.replace("_", "").isalpha():
        return [word for word in name.split("_") if word]
    return [word for word in _DIVIDERS.split(_NEW_WORD.sub("_", name).upper()) if word]


def is_secret_content(value: str) -> bool:
    """Tell whether a text is secret whatever it is called: a credential in a known form."""
    if len(value) < 6:
        return False
    if ":" in value and "@" in value:
        if _CREDENTIALS_IN_URL.search(value):
            return True
        if "(" in value and _CREDENTIALS_IN_GO.search(value):
            return True
    if "=" in value and _PASSWORD_IN_DSN.search(value):
        return True
    if '"' in value and _SECRET_FIELD_OF_JSON.search(value):
        return True
    if not any(sign in value for sign in _SIGNS_OF_KNOWN_FORMS):
        return False
    return _KNOWN_SECRET_FORM.search(value) is not None


def is_secret_setting(name: str, value: str, variables: Iterable[str] = ()) -> bool:
    """
    Tell whether the setting ``name`` with ``value`` is secret.

    ``variables`` are those that were interpolated into the value.  A switch (true, 0, empty)
    under a name such as ALLOW_EMPTY_PASSWORD is none, and neither is the path of a file of keys.
    """
    if value.lower() in _SWITCHES and value != "":
        return False
    if value.endswith(_KEY_FILES) and _PATH.fullmatch(value):
        return False
    if is_secret_name(name) or is_secret_content(value):
        return True
    return value != "" and any(is_secret_name(variable) for variable in variables)


_KEY_FILES = (".key", ".pem", ".crt", ".cer", ".p12", ".pfx", ".jks")
_PATH = LazyPattern(r"[\w.@-]*(?:/[\w.@-]+)+")


def is_placeholder(value: str) -> bool:
    """
    Tell whether a secret's value is empty, a placeholder or a well-known default.

    So is an address with such a password, or with one that is called like its user.
    """
    stripped = value.strip()
    lower = stripped.lower()
    if not stripped or lower in _DEFAULT_PASSWORDS:
        return True
    if "://" in lower and (found := _USER_AND_PASSWORD.search(lower)) is not None:
        return found[1] == found[2] or is_placeholder(found[2])
    # Case-blind patterns also take the long s and the Kelvin sign for letters.
    may_be = not lower.isascii() or any(sign in lower for sign in _SIGNS_OF_PLACEHOLDERS)
    return may_be and _PLACEHOLDER.search(stripped) is not None


def is_name_of_its_user(name: str, value: str, beside: Mapping[str, EnvValue]) -> bool:
    """
    Tell whether a password is what its user, its database or its account is called.

    ``beside`` is the whole environment of which it is part: `airflow` is what everybody tries
    first where POSTGRES_USER is `airflow`, too.
    """
    if not value or not name.upper().endswith(_NAMES_OF_PASSWORDS):
        return False
    return any(
        entry.value == value and other != name and other.upper().endswith(_NAMES_OF_USERS)
        for other, entry in beside.items()
    )


_NAMES_OF_PASSWORDS = ("PASSWORD", "PASSWD", "PASS", "PWD")
_NAMES_OF_USERS = ("USER", "USERNAME", "DATABASE", "DB", "DBNAME", "LOGIN", "ACCOUNT")


def is_switched_off(name: str, value: str) -> bool:
    """
    Tell whether an empty secret only switches something off, as an empty SENTRY_DSN does.

    That is so of services outside that watch, count or are told, of which no program needs one.
    """
    return not value.strip() and not _OF_WATCHERS.isdisjoint(_words(name))


_OF_WATCHERS = frozenset(
    {
        "SENTRY", "ROLLBAR", "BUGSNAG", "HONEYBADGER", "NEWRELIC", "RELIC", "DATADOG", "POSTHOG",
        "MIXPANEL", "SLACK", "DISCORD", "TELEGRAM", "RECAPTCHA", "HCAPTCHA", "TURNSTILE",
    }
)  # fmt: skip


def is_template_word(value: str) -> bool:
    """Tell whether a text stands unmistakably for a value that nobody has given yet."""
    stripped = value.strip()
    return bool(stripped) and len(stripped) < 200 and _TEMPLATE_WORD.search(stripped) is not None


def is_default_password(value: str) -> bool:
    """Tell whether a text is a password that everybody knows."""
    return value.strip().lower() in _DEFAULT_PASSWORDS


_TEMPLATE_WORD = LazyPattern(
    r"change[\W_]*(?:me|this|it)\b|^change[\W_]*[a-z]*[\W_]*(?:password|passwd|secret|key|token)$"
    r"|^replace[\W_]*(?:me|this|with)|^to[\W_]?do$|^<[^<>]+>$|^x{3,}$"
    r"|^\*{3,}$|^your[\W_][\w\s-]+$|^(?:insert|put|enter)[\W_]\w+|[\W_]here$|^placeholder$",
    re.IGNORECASE,
)
_SECRET_FILE_NAMES = LazyPattern(
    r"(?:^|[._/-])(?:id_rsa|id_ed25519|id_ecdsa|htpasswd|pgpass|netrc|keyfile|credentials?|secrets?"
    r"|passwords?|passwd|token)(?:$|[._-])|\.(?:key|p12|pfx|jks|keystore|kdbx|ppk)$",
    re.IGNORECASE,
)


_SETTINGS_FILE_ENDINGS = (
    ".env", ".yaml", ".yml", ".toml", ".ini", ".cfg", ".cnf", ".conf", ".properties",
)  # fmt: skip
_ENTRY = LazyPattern(r"""^\s*(?:-\s+|export\s+)?["']?([A-Za-z][\w.-]*)["']?\s*[:=]\s*(\S.*)$""")
_SIGNS_OF_SECRET_FILES = (
    "id_", "pass", "netrc", "keyfile", "credential", "secret", "token", ".key", ".p12", ".pfx",
    ".jks", ".keystore", ".kdbx", ".ppk",
)  # fmt: skip
"""One of these is in each name that `_SECRET_FILE_NAMES` finds; looking for them is cheap."""
_NO_VALUES = _SWITCHES | {"null", "~", "none", "[]", "{}"}
_ELSEWHERE = ("$", "{", "%", "<", "/", "./", "!", "&", "*", "|", ">", "file:", "env:", "[")
"""How a value begins that is looked up, or stands in another place or on other lines."""


def is_placeholder_file(content: bytes) -> bool:
    """Tell whether a secret file holds nothing but what stands for a value, as `changeme`."""
    if not content.strip() or len(content) >= _LONGEST_PLACEHOLDER:
        return False
    text = content.decode("utf-8", "replace").strip()
    return is_template_word(text) or ("\n" not in text and is_placeholder(text))


_LONGEST_PLACEHOLDER = 512
"""Bytes; whoever writes more does not write a word in the place of another."""


def is_secret_file(path: str, content: bytes) -> bool:
    """
    Tell whether a mounted file is secret: by its name, or by credentials inside it.

    In a file of settings (`.env`, YAML, INI) an entry whose name says so is one, as in
    `smtp_password: x`.
    """
    name = path.rsplit("/", 1)[-1]
    if _may_name_a_secret(name.lower()) and _SECRET_FILE_NAMES.search(name):
        return True
    try:
        decoded = content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    lines = [line for line in decoded.splitlines() if len(line) < 4096]
    if _names_settings(name.lower()) and any(map(_gives_a_secret, lines)):
        return True
    return any(map(is_secret_content, lines))


def _may_name_a_secret(lower: str) -> bool:
    return not lower.isascii() or any(sign in lower for sign in _SIGNS_OF_SECRET_FILES)


def _names_settings(lower: str) -> bool:
    """Tell whether a file's name, in lower case, says that it holds settings."""
    return (
        lower in {"env", ".env"}
        or lower.startswith(("env.", ".env."))
        or lower.endswith(_SETTINGS_FILE_ENDINGS)
    )


def _gives_a_secret(line: str) -> bool:
    """Tell whether a line of a file of settings gives a value to a name that is secret."""
    found = _ENTRY.match(line)
    if found is None:
        return False
    value = found[2].partition(" #")[0].strip(" \t,\"'")
    return (
        value.lower() not in _NO_VALUES
        and not value.startswith((*_ELSEWHERE, "#", ";"))
        and is_secret_name(found[1])
    )
