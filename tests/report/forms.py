"""
The forms that other programs read, as far as Mooring writes them, in the words of their makers.

They are stricter than what the makers allow: a property that is not named here is a slip of ours.

Sources: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html (the sections are named),
https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format,
https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
"""

from typing import Any

Form = dict[str, Any]


def _object(required: tuple[str, ...] = (), /, **properties: Form) -> Form:
    return {
        "type": "object",
        "required": list(required),
        "properties": {name.lstrip("_"): form for name, form in properties.items()},
        "additionalProperties": False,
    }


def _list(items: Form, **bounds: Any) -> Form:
    return {"type": "array", "items": items, **bounds}


_TEXT: Form = {"type": "string"}
_SAID: Form = {"type": "string", "minLength": 1}
_COUNTED: Form = {"type": "integer", "minimum": 1}
_LEVEL: Form = {"enum": ["none", "note", "warning", "error"]}
_MESSAGE = _object(("text",), text=_SAID, markdown=_SAID)  # 3.11, 3.12
_PLACE = _object(("uri",), uri={"type": "string", "format": "uri-reference", "minLength": 1})  # 3.4
_REGION = _object(  # 3.30
    ("startLine",), startLine=_COUNTED, startColumn=_COUNTED, endLine=_COUNTED, endColumn=_COUNTED
)

_RULE = _object(  # 3.49
    ("id",),
    id=_SAID,
    shortDescription=_MESSAGE,
    fullDescription=_MESSAGE,
    help=_MESSAGE,
    defaultConfiguration=_object(("level",), level=_LEVEL),
    properties=_object(
        ("tags", "precision"),
        tags=_list(_SAID, uniqueItems=True),
        precision={"enum": ["very-high", "high", "medium", "low"]},
    ),
)

_LOCATION = _object(  # 3.28, 3.29, 3.33
    physicalLocation=_object(("artifactLocation",), artifactLocation=_PLACE, region=_REGION),
    logicalLocations=_list(
        _object(("fullyQualifiedName",), fullyQualifiedName=_SAID, kind=_SAID), uniqueItems=True
    ),
)

_FIX = _object(  # 3.55, 3.56, 3.57
    ("artifactChanges",),
    description=_MESSAGE,
    artifactChanges=_list(
        _object(
            ("artifactLocation", "replacements"),
            artifactLocation=_PLACE,
            replacements=_list(
                _object(
                    ("deletedRegion",),
                    deletedRegion=_REGION,
                    insertedContent=_object(("text",), text=_TEXT),
                ),
                minItems=1,
            ),
        ),
        minItems=1,
        uniqueItems=True,
    ),
)

_RESULT = _object(  # 3.27
    ("ruleId", "ruleIndex", "level", "message", "partialFingerprints"),
    ruleId=_SAID,
    ruleIndex={"type": "integer", "minimum": 0},
    level=_LEVEL,
    message=_MESSAGE,
    partialFingerprints={"type": "object", "additionalProperties": _SAID, "minProperties": 1},
    locations=_list(_LOCATION, minItems=1),
    fixes=_list(_FIX, minItems=1, uniqueItems=True),
)

SARIF = _object(  # 3.13, 3.14, 3.18, 3.19
    ("version", "$schema", "runs"),
    **{"$schema": {"type": "string", "format": "uri"}},
    version={"const": "2.1.0"},
    runs=_list(
        _object(
            ("tool", "results"),
            tool=_object(
                ("driver",),
                driver=_object(
                    ("name", "version", "rules"),
                    name=_SAID,
                    version=_SAID,
                    rules=_list(_RULE, uniqueItems=True),
                ),
            ),
            columnKind={"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
            results=_list(_RESULT),
        ),
        minItems=1,
        maxItems=1,
    ),
)

GITLAB = _list(
    _object(
        ("description", "check_name", "fingerprint", "severity", "location"),
        description=_SAID,
        check_name=_SAID,
        fingerprint=_SAID,
        severity={"enum": ["info", "minor", "major", "critical", "blocker"]},
        location=_object(("path", "lines"), path=_SAID, lines=_object(("begin",), begin=_COUNTED)),
    )
)

JUNIT: dict[str, tuple[frozenset[str], frozenset[str], frozenset[str]]] = {
    "testsuites": (
        frozenset({"name", "tests", "failures"}), frozenset(), frozenset({"testsuite"}),
    ),
    "testsuite": (
        frozenset({"name", "tests", "failures", "errors", "skipped"}), frozenset(),
        frozenset({"testcase"}),
    ),
    "testcase": (
        frozenset({"classname", "name"}), frozenset({"file", "line"}), frozenset({"failure"}),
    ),
    "failure": (frozenset({"type", "message"}), frozenset(), frozenset()),
}  # fmt: skip
"""By element: the attributes that it has, those that it may have, and the elements inside."""
