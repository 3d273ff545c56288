"""Whatever the importer flags has a name at the desk, in both scripts."""

import re
from pathlib import Path

import pytest
from django.utils import translation

from articles.admin.findings import FLAG_NAMES

IMPORTING = Path(__file__).parents[2] / "articles" / "importing"
KINDS = sorted(
    {
        kind
        for module in IMPORTING.rglob("*.py")
        for kind in re.findall(r"\bFlag\(\s*\"([a-z-]+)\"", module.read_text("utf-8"))
    }
)


def test_the_kinds_are_found():
    assert {"missing-title", "doubtful-title", "lost-text", "vertical-text"} <= set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_a_flag_has_a_name_in_both_scripts(kind):
    for language in ("zh-hans", "zh-hant"):
        with translation.override(language):
            assert re.search(r"[\u3400-\u9fff]", str(FLAG_NAMES[kind])), language
