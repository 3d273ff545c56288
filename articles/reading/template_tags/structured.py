"""The parts of a page's head that repeat what its body says, for machines."""

from functools import lru_cache
from html import escape

from django import template
from django.templatetags.static import static
from django.urls import reverse
from django.utils.encoding import iri_to_uri
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ...models import Author, Collection, Picture, Tag
from ...text.names import address, current_script
from ...text.pictures import addresses_in
from .. import structured
from ..structured import Crumb, Site

register = template.Library()

_STATED = {"year": "%Y", "month": "%Y-%m"}


def _root(request) -> str:
    """Return what the portal's addresses begin with, up to their path."""
    return request.build_absolute_uri("/")[:-1]


def _site(request) -> Site:
    return _site_at(_root(request), get_language())


@lru_cache(maxsize=100)
def _site_at(root: str, language: str | None) -> Site:
    return Site(
        name=_("Union reading room"),
        description=_("Essays on union work, in both scripts"),
        home=f"{root}{reverse('home')}",
        search=f"{root}{reverse('search')}",
        language=current_script(),
    )


def _crumbs(request, *crumbs: Crumb) -> dict:
    root, (home, to_home) = _root(request), _home(get_language())
    return structured.breadcrumbs((name, f"{root}{to}") for name, to in [(home, to_home), *crumbs])


@lru_cache(maxsize=10)
def _home(language: str | None) -> Crumb:
    return _("Home"), reverse("home")


@register.simple_tag(takes_context=True)
def home_data(context) -> SafeString:
    """The portal itself."""
    return structured.script_tag([structured.website(_site(context["request"]))])


@register.simple_tag(takes_context=True)
def article_data(context) -> SafeString:
    """The article of an article's page, and the way to it; Open Graph's words for it too."""
    request, found, rendition = (context[name] for name in ("request", "article", "rendition"))
    absolute = request.build_absolute_uri
    stated = found.stated_date
    tags = [tag.text for tag in found.tags]
    data = structured.article(
        _site(request),
        title=rendition.title,
        address=absolute(found.get_absolute_url()),
        excerpt=rendition.excerpt,
        authors=[(one.text, absolute(one.url)) for one in found.authors],
        tags=tags,
        stated_date=stated.strftime(_STATED.get(found.date_precision, "%Y-%m-%d"))
        if stated and not found.date_is_upload
        else "",
        published=found.published_at,
        modified=found.modified_at,
        genre=found.get_genre_display() if found.genre else "",
    )
    crumbs = _crumbs(
        request,
        (_("Articles"), reverse("articles")),
        (rendition.title, found.get_absolute_url()),
    )
    shown = [*filter(None, [found.cover]), *addresses_in(rendition.body)]
    pictures = [absolute(at) for at in dict.fromkeys(shown)]
    if pictures:
        data["image"] = pictures
    graph = [
        ("og:type", "article"),
        ("og:image", next(iter(pictures), _shared(request))),
        ("og:description", rendition.excerpt),
        ("article:published_time", data["datePublished"]),
        ("article:modified_time", data["dateModified"]),
        *(("article:tag", tag) for tag in tags),
    ]
    metas = (format_html('<meta property="{}" content="{}">\n', *pair) for pair in graph)
    head = mark_safe("".join(metas))  # noqa: S308 - format_html escaped them
    return head + structured.script_tag([data, crumbs])


@register.simple_tag(takes_context=True)
def list_data(context, section: str, section_name: str, name: str = "", about: str = ""):
    """A list of articles and the way to it: a section, and what of it is shown."""
    below = [(name, iri_to_uri(context["request"].path))] if name else []
    return _list(context, [(section_name, _page(section, get_language())), *below], about)


@lru_cache(maxsize=100)
def _page(name: str, language: str | None) -> str:
    return reverse(name)


@register.simple_tag(takes_context=True)
def archive_data(context, section_name: str):
    """The archive, or a year or month of it, and the way to it."""
    year, month = context.get("year"), context.get("month")
    crumbs = [(section_name, reverse("archive"))]
    if year:
        crumbs.append((f"{year}年", reverse("archive-year", args=[year])))
    if month:
        crumbs.append((f"{year}年{month}月", reverse("archive-month", args=[year, month])))
    return _list(context, crumbs)


def _list(context, crumbs: list[Crumb], about: str = "") -> SafeString:
    request = context["request"]
    address = context.get("canonical", request.build_absolute_uri(request.path))
    page = structured.collection_page(_site(request), crumbs[-1][0], address, about)
    return structured.script_tag([page, _crumbs(request, *crumbs)])


@register.simple_tag(takes_context=True)
def author_data(context) -> SafeString:
    """An author's page and the way to it."""
    request, found = context["request"], context["author"]
    absolute = request.build_absolute_uri
    about = structured.author(str(found), absolute(found.get_absolute_url()))
    if found.portrait:
        about["image"] = absolute(found.portrait.address)
    if found.biography_in_script:
        about["description"] = found.biography_in_script
    page = structured.profile_page(_site(request), about, context.get("canonical", ""))
    authors = (_("Authors"), _page("authors", get_language()))
    crumbs = _crumbs(request, authors, (str(found), found.get_absolute_url()))
    return structured.script_tag([page, crumbs])


@register.simple_tag
def feed_links(subject: str, of: Tag | Author | Collection) -> SafeString:
    """The feeds of a tag, an author or a collection, for who follows it."""
    name, at = (
        escape(str(of)),
        {kind: address(f"{subject}-feed-{kind}", of.slug) for kind in _KINDS},
    )
    links = [
        f'<link rel="alternate" type="application/{_KINDS[kind]}" href="{escape(to)}" '
        f'title="{name} · {told}">'
        for (kind, to), told in zip(at.items(), ("RSS", "Atom", "JSON Feed"), strict=True)
    ]
    return mark_safe("\n".join(links))  # noqa: S308 - escaped above


_KINDS = {"rss": "rss+xml", "atom": "atom+xml", "json": "feed+json"}


@register.simple_tag(takes_context=True)
def page_addresses(context) -> SafeString:
    """The one address of the page, and whether it is to be found by it."""
    told = ""
    if context.get("preview"):
        told = '<meta name="robots" content="noindex, nofollow, noarchive">\n'
    if context.get("is_variant"):
        told += '<meta name="robots" content="noindex, follow">\n'
    if at := escape(context.get("canonical") or ""):
        told += f'<link rel="canonical" href="{at}">\n<meta property="og:url" content="{at}">\n'
    return mark_safe(told)  # noqa: S308 - escaped above


@register.simple_tag(takes_context=True)
def other_addresses(context) -> SafeString:
    """The addresses of the page in both scripts."""
    links = [
        f'<link rel="alternate" hreflang="{escape(name)}" href="{escape(address)}">\n'
        for name, address in context.get("alternates", ())
    ]
    return mark_safe("".join(links))  # noqa: S308 - escaped above


def _shared(request) -> str:
    return request.build_absolute_uri(static("share.png"))


@register.simple_tag(takes_context=True)
def share_picture(context, picture: Picture | None = None) -> SafeString:
    """The picture that stands beside a link to the page: the one chosen, or the portal's own."""
    request = context.get("request")
    if request is None:
        return SafeString("")
    at = request.build_absolute_uri(picture.address) if picture else _shared(request)
    return format_html('<meta property="og:image" content="{}">', at)


class _Titled(template.Node):
    def __init__(self, nodelist):
        self.nodelist = nodelist

    def render(self, context):
        title = self.nodelist.render(context).strip()
        shared = title.replace('"', "&quot;")
        return f'<title>{title}</title>\n<meta property="og:title" content="{shared}">'


@register.tag
def titled(parser, token):
    """The page's title, for the window and for who shares the page."""
    nodelist = parser.parse(("endtitled",))
    parser.delete_first_token()
    return _Titled(nodelist)
