"""
What the exit status of `mooring` says.

Scripts branch on these, so a status never changes its meaning.  Errors carry their own status
(`errors.MooringError.exit_status`); `cli.main` is the one place that turns them into it.
"""

FINE = 0
FINDINGS = 1
USAGE = 2
CLUSTER = 3
INCOMPLETE = 4
BUG = 70
INTERRUPTED = 130
BROKEN_PIPE = 141

MEANINGS = {
    FINE: "fine",
    FINDINGS: "findings or differences; with --strict also approximations and open questions",
    USAGE: "the input, the command line, or the place to write to is at fault",
    CLUSTER: "the cluster is unreachable or refuses",
    INCOMPLETE: "permissions or limits hid a part of the answer",
    BUG: "a bug of mooring, not of your files",
    INTERRUPTED: "interrupted (Ctrl-C)",
    BROKEN_PIPE: "the program that read the output stopped reading",
}
