"""``releases`` of mooring.yaml: the keys of each."""

from mooring.settings.forms import LABEL, ByEnvironment, Field, ListOf, Record, Text

FOLDER = Text(
    pattern=r"[^\n]*\S[^\n]*", description="the path of a folder", example="infrastructure"
)

RELEASE = Record(
    {
        "path": Field(
            about="The folder of the release, relative to the folder of this file: a "
            "kustomization, manifests, a tree that convert wrote, or a project beside its tree.  "
            "Without it the release is the tree of this stack.",
            value=FOLDER,
        ),
        "needs": Field(
            about="The releases that have to be up before this one begins.", value=ListOf(LABEL)
        ),
        "namespace": Field(
            about="The namespace of objects that name none; it is made where it is not there.",
            value=LABEL,
        ),
        "environment": Field(
            about="Which environment of the release's own goes with an environment of the stack, "
            "where it is not called the same: one that goes with several is deployed once.",
            value=ByEnvironment(LABEL),
        ),
        "environments": Field(
            about="The environments of which the release is part; without it all.",
            value=ListOf(LABEL),
        ),
    }
)
