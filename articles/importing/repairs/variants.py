"""Characters of the other script in a text. Flagged here, not yet normalised."""

from collections.abc import Iterator

from ... import script
from ..edits import Flag
from .frame import Finding, Page, repair


@repair(
    seen="half-converted pages; a stray 滿 in a simplified text",
    before="總工會的會員辦得好,职工满意。",
    after="總工會的會員辦得好,职工满意。",
    untouched=("工會職工。", "工会职工。", "後來"),
)
def flag_mixed_script(page: Page) -> Iterator[Finding]:
    """Flag a text in which characters of the other script stand."""
    present = set(page.text)
    hant, hans = present & script.traditional_forms(), present & script.simplified_forms()
    strays = hans if script.detect(page.text) == script.HANT else hant
    if strays and hant and hans:
        shown = "".join(sorted(strays, key=page.text.find)[:12])
        yield Flag(
            "mixed-script", 0, 0, f"繁簡混用：文中有 {len(strays)} 個字屬於另一種字體（{shown}）。"
        )
