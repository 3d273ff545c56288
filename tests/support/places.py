"""Where the files lie that tests read."""

from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent
ROOT = TESTS.parent
SEEDS = ROOT / "seeds"
CORPUS, ESSAYS, LIBRARY, FILES, RELEVANCE = (
    TESTS / name for name in ("corpus", "essays", "library", "files", "relevance")
)
MEASURED = [SEEDS / path.name for path in sorted(ESSAYS.iterdir())]
"""The starter essays that figures are taken with; those of LIBRARY only stand beside them."""
PAGES = TESTS / "importing" / "pages"
OUT_OF_STEP = TESTS / "importing" / "out_of_step.jsonl"
