"""The generated pages say what the code says."""

from pathlib import Path

import pytest
from docs import generate

ROOT = Path(__file__).parents[2]
PAGES = [
    path.relative_to(ROOT).as_posix()
    for path in sorted((*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")))
]


def test_reference_pages_are_current() -> None:
    outdated = [str(path) for path in generate.outdated()]
    assert outdated == [], "scripts/docs writes them"


def test_a_page_that_is_out_of_date_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(generate, "REFERENCE", tmp_path)
    assert generate.outdated() == sorted(generate.pages())
    generate.write()
    assert generate.outdated() == []
    (tmp_path / "errors.md").write_text("edited by hand", encoding="utf-8")
    (tmp_path / "gone.md").write_text("of something that is gone", encoding="utf-8")
    assert generate.outdated() == [Path("errors.md"), Path("gone.md")]
    assert generate.write() == [Path("errors.md"), Path("gone.md")]
    assert generate.outdated() == []


@pytest.mark.parametrize("page", PAGES)
def test_links_between_pages_lead_somewhere(page: str) -> None:
    path = ROOT / page
    targets = generate.links(path.read_text(encoding="utf-8"))
    assert [target for target in targets if not (path.parent / target).exists()] == []
