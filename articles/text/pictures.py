"""Pictures in a text: their addresses, and how a page shows them.

A picture of the library has an address that says how large it is, `/pictures/KEY-1200x800.webp`, so
that a page gives it its room, and names its smaller forms, without asking anybody.
"""

import re
from collections.abc import Callable
from html import escape, unescape

WIDTHS = (480, 960, 1600)
"""Pixels across in which a picture is kept: a phone, a phone with a fine screen, a large screen."""

FOLDER = "/pictures/"
_NAME = r"([0-9a-f]{32})-([1-9][0-9]{0,4})x([1-9][0-9]{0,4})"
_OWN = re.compile(rf"{FOLDER}{_NAME}\.webp")
_TAG = re.compile(r"<img\b[^>]*>")
_ATTRIBUTE = re.compile(r'\b(src|alt)="([^"]*)"')


def address(key: str, width: int, height: int) -> str:
    """Return the address of a picture in its largest form, as it stands in a text."""
    return f"{FOLDER}{key}-{width}x{height}.webp"


def forms(width: int) -> list[int]:
    """Return how many pixels across the forms of a picture are, the largest last."""
    return [*(one for one in WIDTHS if one < width), width]


def file_of(key: str, width: int, height: int, form: int) -> str:
    """Return the name, in the storage of media, of the form of a picture that is so wide."""
    end = "" if form == width else f"-{form}"
    return f"pictures/{key[:2]}/{key}-{width}x{height}{end}.webp"


def form_address(key: str, width: int, height: int, form: int) -> str:
    """Return the address of the form of a picture that is so wide."""
    return f"/{file_of(key, width, height, form).replace(f'pictures/{key[:2]}', 'pictures')}"


def keys_in(markup: str) -> set[str]:
    """Return the keys of the library's pictures that a text shows."""
    return {key for key, _width, _height in _OWN.findall(markup)}


def addresses_in(markup: str) -> list[str]:
    """Return the addresses of the library's pictures that a text shows, each once."""
    return list(dict.fromkeys(found[0] for found in _OWN.finditer(markup)))


def named(address: str) -> tuple[str, int, int] | None:
    """Return the key, width and height that the address of a picture of the library tells."""
    found = _OWN.fullmatch(address)
    return (found[1], int(found[2]), int(found[3])) if found else None


def shown(markup: str, told: Callable[[str], str]) -> str:
    """Return sanitised markup as a page shows it. Pictures of the library have their room and the
    forms to choose from. Those at other addresses would tell a stranger who reads what, and most
    are gone: in their place stands what `told` makes of their description, a link where there is
    one.
    """
    if "<img" not in markup:
        return markup

    def one(match: re.Match[str]) -> str:
        has = dict(_ATTRIBUTE.findall(match[0]))
        source, alt = has.get("src", ""), has.get("alt", "")
        if named(source):
            return _own(source, alt)
        words, before = escape(told(unescape(alt))), match.start()
        is_linked = markup.rfind("<a ", 0, before) > markup.rfind("</a>", 0, before)
        if is_linked or not source.startswith(("http://", "https://")):
            return f'<span class="no-picture">{words}</span>'
        return f'<a class="no-picture" href="{source}" rel="noopener nofollow">{words}</a>'

    return _TAG.sub(one, markup)


def _own(source: str, alt: str) -> str:
    return f'<img {sources(source)} alt="{alt}" loading="lazy" decoding="async">'


IN_TEXT = "(min-width: 46rem) 42rem, 100vw"

SMALL = 2
"""Forms of a picture, from the smallest on, that covers choose from: no page waits for more."""


def sources(at: str, sizes: str = IN_TEXT, most: int | None = None) -> str:
    """Return the attributes of a picture's element that tell its forms, `most` of them from the
    smallest on, and its room: `sizes` as CSS has it."""
    key, width, height = named(at)
    some = forms(width)[:most]
    choice = ", ".join(f"{form_address(key, width, height, one)} {one}w" for one in some)
    return (
        f'src="{form_address(key, width, height, some[-1] if most is None else some[0])}" '
        f'srcset="{choice}" sizes="{sizes}" width="{width}" height="{height}"'
    )


def described(markup: str, change: Callable[[str], str]) -> str:
    """Return markup with `change` made to the descriptions of its pictures."""
    if "<img" not in markup:
        return markup

    def tag(match: re.Match[str]) -> str:
        return re.sub(
            r'\balt="([^"]*)"',
            lambda alt: f'alt="{escape(change(unescape(alt[1])))}"',
            match[0],
        )

    return _TAG.sub(tag, markup)
