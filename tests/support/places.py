"""Where the files lie that tests read."""

from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent
ROOT = TESTS.parent
SEEDS = ROOT / "seeds"
CORPUS, ESSAYS, FILES, RELEVANCE = (
    TESTS / name for name in ("corpus", "essays", "files", "relevance")
)
PAGES = TESTS / "importing" / "pages"
OUT_OF_STEP = TESTS / "importing" / "out_of_step.jsonl"
