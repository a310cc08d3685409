"""Record the answers of Docker Compose's loader in the conformance cases (needs Go)."""

import sys
import tempfile
from pathlib import Path

from tests.compose import conformance
from tests.support import oracle


def main(parts: list[str]) -> int:
    """Rewrite the answers of the chosen cases; return the exit status."""
    paths = [
        path
        for path in conformance.paths()
        if not parts or any(part in conformance.case_id(path) for part in parts)
    ]
    with tempfile.TemporaryDirectory() as folder:
        cases = [conformance.read(path) for path in paths]
        roots = [
            conformance.lay_out(case, Path(folder) / str(index)) for index, case in enumerate(cases)
        ]
        answers = oracle.load_many(
            [conformance.oracle_request(*pair) for pair in zip(cases, roots, strict=True)]
        )
        changed = 0
        for path, root, answer in zip(paths, roots, answers, strict=True):
            before = path.read_text(encoding="utf-8")
            after = conformance.with_answer(before, conformance.answer_to_record(answer, root))
            if after != before:
                path.write_text(after, encoding="utf-8")
                changed += 1
                print(f"{conformance.case_id(path)}: {answer.error.splitlines()[:1] or 'ok'}")
    print(f"{len(paths)} cases, {changed} changed")
    return 0 if paths else 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
