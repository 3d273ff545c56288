"""The frame round every page of the desk: its colours and type."""

import re

from django.conf import settings

STATIC = settings.BASE_DIR / "static"


def named(sheet: str) -> dict[str, str]:
    """Return the colours and fonts that a stylesheet names first."""
    found = re.findall(r"--([a-z-]+):\s*([^;]+);", (STATIC / sheet).read_text("utf-8"))
    return dict(reversed(found))


def test_the_desk_has_the_colours_and_type_of_the_reading_room():
    desk, room = named("desk/shell.css"), named("reading/portal.css")
    tokens = ["paper", "raised", "ink", "soft", "line", "accent", "accent-wash", "sans", "serif"]
    assert {name: desk[name] for name in tokens} == {name: room[name] for name in tokens}
