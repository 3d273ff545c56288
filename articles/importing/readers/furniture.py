"""What the names, tags and styles of a page say of its blocks: the essay, or what stands round it.

A name speaks by its whole words: `social-share` and `relatedPosts` are furniture, while
`social-insurance`, `text-right` and `share-quote` each have a word that says something else.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from lxml import etree


def words_of(text: str) -> frozenset[str]:
    """Return the words of a list."""
    return frozenset(text.split())


HEADINGS = words_of("h1 h2 h3 h4 h5 h6")

WRITTEN_IN = HEADINGS | words_of(
    "p li dt dd blockquote table thead tbody tfoot tr td th pre body html article main b strong em "
    "i a center span"
)
"""Tags that no class or id makes furniture of: what authors write in, or a page's own frame."""

_FURNITURE = words_of("""
    share sharing shares sharebar sharebox sharetools sharebuttonbox bdshare bdsharebuttonbox
    jiathis social sns addthis addtoany sociable fenxiang follow subscription signin register
    discuss reply replies sidenav aside widget widgets crumb crumbs mbx daohang weizhi colophon
    recommend recommended recommendation recommendations tuijian tj xiangguan related relatednews
    similar teasers promo promotion promos qrcode ewm erweima pagination pager pagenavi prevnext
    prenext shangxia disclaimer foot bottomnav footnav navbar nav navigation navi menu submenu
    topnav topbar toolbar banner ad ads adverts advertising advertorial sponsor sponsored gg
    guanggao search searchbox searchform hot rank ranking trending popular latest modal tag tags
    tagcloud print dayin email tooltip dropdown sitemap rating vote like likes donate donation
    shop cart bio authorbio skip metanav comment
    """)
"""Words that sites name their furniture with, and now and then something else."""

_COOKIES = words_of("cookie cookies consent gdpr dsgvo privacy")
_COMMENTS = words_of("kommentar comment comments commentlist commentform kommentare disqus pinglun")
_PLAIN = words_of("""
    comments commentlist commentform kommentare comentarios disqus pinglun respond nocomments
    reviews newsletter newsletters footer sidebar breadcrumb breadcrumbs sharedaddy relatedposts
    login loginpanel signup copyright postmetadata mostread authorbox subscribe advert
    advertisement disclosure popup overlay paywall cookie cookies consent gdpr dsgvo privacy
    ratings kommentar shariff yarpp tweet lightbox flyout
    """)
"""Words that no site gives the essay, in whatever company."""

_NEUTRAL = words_of("""
    box bar list lists wrap wrapper container block blocks section area link links button buttons
    btn btns icon icons tool tools item items module modules inner outer main top bottom left
    right col column row page pages post posts article articles news story stories content
    contents site global group panel holder body text entry element region component header head
    title view more all read also author info meta count form field input primary secondary grid
    outside media single default full width small large mobile desktop hidden visible card cards
    feed next prev previous slider swiper carousel plugin wpb clearfix fix fixed float center div
    span new first last odd even line the and for cat category categories archive archives
    """)
"""Words that say nothing of what a block is."""

_EXCUSED = words_of("layout has no with without main enabled mso")
"""Words of names that speak of furniture only to say how the page is laid out; and Word's."""

_END = words_of(
    "teaser teasers widget bio excerpt contact kontakt promo cta side notice appstores apps "
    "formular posts supplement author profile poster infobox callout mehr"
)
"""Words for what stands below an essay; above it they may name its lead."""

_OF_PARAGRAPHS = words_of("newsletter postmetadata disclaimer disclosure copyright nocomments")
_TEASER = words_of("teaser teasers cta promo callout")

_META = words_of(
    "meta byline dateline date time author authors published pubdate datetime postmeta updated "
    "reading readtime"
)
_CAPTION = words_of("caption captions legend credit credits imagedescription")
_PICTURE = words_of("image img imgs images photo photos picture media bild figure pic")
_OF_PICTURE = words_of("subtitle description desc title copyright source metadata legend credit")
_OWN = re.compile(
    r"(?:.*[-_])?(?:articles?|art|arti|entry|post|story|news|blog|single|text|page|detail|vsb|wp)"
    r"[-_]*(?:article)?(?:content|body|text|main|inner)|article|entry|hentry|post"
    r"|TRS_Editor|UCAP-CONTENT|pages_content|zoom|endtext|js_content|postmessage_\d+",
    re.IGNORECASE,
)
"""Classes and ids that sites and their programs give the essay."""

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_NOISE = re.compile(
    r"visibility\s*:\s*hidden"
    r"|font-size\s*:\s*(?:0(?:\.[01]\d*)?(?:px|pt|em|rem|%)?|1(?:\.\d+)?(?:px|pt))\s*(?:;|$|!)"
    r"|opacity\s*:\s*0(?:\.0+)?\s*(?:;|$|!)",
    re.IGNORECASE,
)
"""How what is strewn in a line against copying is kept out of sight; a script may show a whole
block later that is styled so."""

_IN_A_LINE = words_of("span font i b em a small u s label")

_UNSEEN = words_of("""
    jammer pstatus sr-only visually-hidden visuallyhidden screen-reader-text screenreader-only
    """)
"""Classes of what a forum strews against copying, and of what is only read aloud."""

_BELOW = _END | _FURNITURE
_BEYOND_DOUBT = _PLAIN | {"share", "sharing", "social", "related", "ad", "ads", "gg"}

NAMED, COMMENTS, COOKIES = 1, 2, 3
_ABOUT_AUTHOR = -1


@dataclass(frozen=True, slots=True)
class _Said:
    """What the classes and the id of an element say, all that is asked of them."""

    kind: int
    own: bool
    words: frozenset[str]
    hidden: bool
    caption: bool


@lru_cache(maxsize=10_000)
def _said(names: str) -> _Said:
    every = [(name, _words(name)) for name in names[:300].split()]
    own = any(_OWN.fullmatch(name) for name, _ in every)
    kind = 0 if own else max((_kind(words) for _, words in every), key=abs, default=0)
    hidden = any(name in _UNSEEN for name, _ in every)
    said = frozenset().union(*(words for _, words in every))
    caption = bool(said & _CAPTION) or bool(said & _PICTURE and said & _OF_PICTURE)
    return _Said(kind, own, said, hidden, caption)


def _words(name: str) -> frozenset[str]:
    return frozenset(word.lower() for word in _WORD.findall(name[:60]))


def _kind(words: frozenset[str]) -> int:
    if words & _EXCUSED:
        return 0
    all_furniture = words & _FURNITURE and all(
        word in _FURNITURE or word in _NEUTRAL or len(word) <= 2 for word in words
    )
    if words & _PLAIN or all_furniture:
        return COOKIES if words & _COOKIES else COMMENTS if words & _COMMENTS else NAMED
    about = "author" in words and words & {"box", "bio", "info", "description", "about", "card"}
    return _ABOUT_AUTHOR if about else 0


_NOTHING = _said("")


def _of(element: etree._Element) -> _Said:
    names, identity = element.get("class"), element.get("id")
    return _said(f"{names or ''} {identity or ''}") if names or identity else _NOTHING


def furniture_kind(element: etree._Element) -> int:
    """Return what furniture a class or the id says the element is; nothing where none does.

    Below nothing: a box about the author, which is furniture only below the essay.
    """
    return 0 if element.get("itemprop") == "articleBody" else _of(element).kind


def is_own(element: etree._Element) -> bool:
    """Tell whether the element bears a name that sites give the essay."""
    return _of(element).own or element.get("itemprop") == "articleBody"


def is_below_essays(element: etree._Element) -> bool:
    """Tell whether any word of its names is one of what stands below an essay."""
    return not _of(element).words.isdisjoint(_BELOW)


def is_plainly_furniture(element: etree._Element) -> bool:
    """Tell whether its names are beyond doubt: enough where no sentence is at stake."""
    return not _of(element).words.isdisjoint(_BEYOND_DOUBT)


def is_line_of_site(element: etree._Element) -> bool:
    """Tell whether a paragraph is named as what sites add at the rims of an essay."""
    return element.tag == "p" and not _of(element).words.isdisjoint(_OF_PARAGRAPHS)


def is_teaser(element: etree._Element) -> bool:
    """Tell whether a block is named for leading to another page."""
    if "-" in element.tag and not _words(element.tag).isdisjoint(_TEASER):
        return True
    return not _of(element).words.isdisjoint(_TEASER)


def is_meta(element: etree._Element) -> bool:
    """Tell whether the element is a line of who wrote it when."""
    return element.tag == "time" or not _of(element).words.isdisjoint(_META)


def is_caption(element: etree._Element) -> bool:
    """Tell whether the element stands below a picture and says what is in it.

    A paragraph has to stand next to the picture as well. What a figure says of its one picture is
    no such line: it is kept with the picture.
    """
    tag = element.tag
    if tag == "figcaption":
        return not (is_figure_line(element) or _names_what_is_written(element))
    if tag == "p" and len(element) == 1 and _is_small(element) and _is_below_picture(element):
        return True
    if not _of(element).caption:
        return False
    return tag in ("div", "span", "small", "figure") or _is_at_picture(element)


def is_figure_line(element: etree._Element) -> bool:
    """Tell whether an element says what is in the one picture of its figure."""
    figure = element.getparent() if element.tag == "figcaption" else None
    return figure is not None and figure.tag == "figure" and len(figure.findall(".//img")) == 1


def _names_what_is_written(element: etree._Element) -> bool:
    """Tell whether a figure shows no picture but words: who says them belongs to them."""
    figure = next(element.iterancestors("figure"), None)
    written = words_of("blockquote pre table")
    return figure is not None and any(e.tag in written for e in figure.iter(*written))


_SMALL = words_of("em i small sub")


def _is_small(element: etree._Element) -> bool:
    """Tell whether all text of a paragraph is set small or slanting."""
    while len(element) == 1 and not (element.text or "").strip():
        element = element[0]
        if (element.tail or "").strip():
            return False
        if element.tag in _SMALL:
            return True
    return False


def _is_below_picture(element: etree._Element) -> bool:
    above = element.getprevious()
    if above is None or above.tag not in ("p", "div", "figure", "img", "center"):
        return False
    picture = above.tag == "img" or above.find(".//img") is not None
    return picture and not "".join(above.itertext()).strip()


def _is_at_picture(element: etree._Element) -> bool:
    above = element.getprevious()
    return above is not None and (above.tag == "img" or above.find(".//img") is not None)


def is_hidden(element: etree._Element) -> bool:
    """Tell whether a browser does not show the element, or a forum put it in as noise."""
    style = element.get("style")
    return (
        bool(style and _HIDDEN.search(style))
        or bool(style and element.tag in _IN_A_LINE and _NOISE.search(style))
        or element.get("hidden") is not None
        or _of(element).hidden
    )
