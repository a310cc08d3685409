"""What may stand below ``checks`` of mooring.yaml."""

from mooring.settings.forms import Field, ListOf, OneOf, Record, Text

_RULE = Text(
    pattern=r"[a-z0-9]+(-[a-z0-9]+)*",
    description="the id or the group of a rule",
    example="image-without-version",
)
CHECKS = Record(
    {
        "level": Field(
            about="How much is shown: errors alone; with certain warnings; all warnings; all.",
            value=OneOf(("errors", "default", "strict", "all")),
        ),
        "select": Field(about="Only these rules look: ids, and groups.", value=ListOf(_RULE)),
        "ignore": Field(about="These rules do not look: ids, and groups.", value=ListOf(_RULE)),
        "registries": Field(
            about="The registries that images may come from, for image-of-other-registry.",
            value=ListOf(
                Text(
                    pattern=r"[A-Za-z0-9.-]+(:[0-9]+)?(/[a-z0-9._/-]+)?",
                    description="a registry, with the beginning of a path where one is meant",
                    example="registry.example.com/shop",
                )
            ),
        ),
        "allow": Field(
            about="Findings that are known and may stay.",
            value=ListOf(
                Record(
                    {
                        "rule": Field(about="The id of the rule.", value=_RULE),
                        "reason": Field(
                            about="Why they may stay.",
                            value=Text(
                                pattern=r"[^\n]*\S[^\n]*",
                                description="a line of text",
                                example="the vendor publishes no versions",
                            ),
                        ),
                        "object": Field(
                            about="The object at which they are found; any where nothing is said.",
                            value=Text(
                                pattern=r"[A-Z][A-Za-z0-9]*/[^/\s]+",
                                description="the kind and the name of an object",
                                example="Deployment/web",
                            ),
                        ),
                        "until": Field(
                            about="The last day on which they may stay.",
                            value=Text(
                                # Without quotes YAML makes a time of it, as Compose does.
                                pattern=r"[0-9]{4}-[0-9]{2}-[0-9]{2}( 00:00:00 \+0000 UTC)?",
                                description="a day",
                                example="2027-03-01",
                            ),
                        ),
                    },
                    required=("rule", "reason"),
                )
            ),
        ),
    }
)
"""What stands below ``checks``."""
