"""What some programs that make pages always write in the same place, and names of sites."""

import re

from lxml import etree

_SITE = re.compile(
    r".*(?:网|網|网站|網站|在线|線上|论坛|論壇|频道|頻道|门户|門戶|日报|日報|晚报|晚報|周报|週報|平台|博客|部落格|百科|文库|文庫"
    r"|图书馆|圖書館|公众号|公眾號|客户端|首页|首頁|官网|官網|栏目|欄目)|.*\.(?:com|cn|net|org|tw|hk)\W*"
    r"|powered by .*|.{2,12}总工会|.{2,12}總工會",
    re.IGNORECASE,
)
"""How the names of sites end; no title of an essay does so behind a dash."""

_BETWEEN = re.compile(r"\s*(?:[_|｜»]|>>|::)\s*|\s+[-–—]+\s+|(?<!-)--(?!-)")
_BEHIND = re.compile(r"(.{2,}?)\s*(?:[-–﹣·•<>]|—+)\s*([^-–—﹣·•<>]{2,20})")
"""What parts a title from names whatever they are, and from a name that is a site's."""

_PUBLISHED = re.compile(
    r"(?:createTime|publish_time|oriCreateTime)\s*=\s*[\"'](\d{4}-\d{1,2}-\d{1,2}[ \d:]{0,9})[\"']"
)

_PRINTED = re.compile(r"<!--\s{0,9}enpproperty(.{0,2000}?)/?enpproperty\s{0,9}-->", re.DOTALL)
"""What the digital edition of a newspaper notes of an article, for its own search."""


def without_site(title: str, site: str = "") -> str:
    """Return a page's title without the names of column and site: 標題_欄目_網站."""
    parts = [p for p in _BETWEEN.split(title) if p.strip()]
    if not parts:
        return title
    own = [part for part in parts if not _is_site(part, site)]
    first = (own or parts)[0].strip()
    while match := _BEHIND.fullmatch(first):
        if not _is_site(match[2], site):
            break
        first = match[1]
    return first


def _is_site(name: str, site: str) -> bool:
    return (bool(site) and name.strip() == site) or bool(_SITE.fullmatch(name.strip()))


def known_page(root: etree._Element, markup: str) -> dict[str, str]:
    """Return what a page of WeChat, of a Discuz forum or of a newspaper made with Founder's
    software states in places of its own."""
    stated: dict[str, str] = {}
    account = _text(root, "js_name") if "js_name" in markup else ""
    if account:
        stated["source"] = account
        published = _PUBLISHED.search(markup)
        stated["date"] = _text(root, "publish_time") or (published[1] if published else "")
        stated["title"] = _text(root, "activity-name")
    elif "thread_subject" in markup:
        stated["title"] = _text(root, "thread_subject")
        stated["author"] = _poster(root)
    elif printed := _PRINTED.search(markup):
        for name, value in re.findall(r"<(title|author|date)>([^<]{1,200})</\1>", printed[1]):
            stated[name] = value.strip()
        stated["date"] = stated.get("date", "")[:10]
    return {name: value for name, value in stated.items() if value}


_OTHERS = re.compile(
    r"comment|reply|related|sidebar|widget|footer|recommend|popular", re.IGNORECASE
)
"""Parts of a page in which others write, or other pages are named."""

_PERSON = re.compile(r"(?:作者|文|撰文)?\s*[:：]?\s*([\u3400-\u9fff·]{2,12})")
_MOST_NAMED = 200


def described(root: etree._Element) -> dict[str, str]:
    """Return the author and the date that a page marks as such for programs: microdata, `<time>`,
    a link to the author. Where it marks several, others' pages are among them: none is taken."""
    names: dict[str, set[str]] = {"itemprop": set(), "rel": set()}
    days: dict[str, set[str]] = {"itemprop": set(), "class": set(), "": set()}
    marked = "//*[@itemprop='author' or @itemprop='datePublished' or @datetime or @rel='author']"
    for element in root.xpath(marked)[:_MOST_NAMED]:
        above = (element, *element.iterancestors())
        if any(
            _OTHERS.search(f"{e.get('class')} {e.get('id')} {e.get('itemprop')}") for e in above
        ):
            continue
        if (what := element.get("itemprop")) == "author" or element.get("rel") == "author":
            inner = element.xpath(".//*[@itemprop='name']")
            own = (inner or [element])[0]
            text = own.get("content") or "".join(own.itertext())
            if person := _PERSON.fullmatch(text.strip()):
                names["itemprop" if what == "author" else "rel"].add(person[1])
        elif day := (element.get("datetime") or element.get("content") or "").strip()[:40]:
            published = re.search(r"publish|entry-date", element.get("class") or "")
            kind = "itemprop" if what == "datePublished" else "class" if published else ""
            days[kind].add(day[:10] if re.match(r"\d{4}-\d\d-\d\d", day) else day)
    author = next(filter(None, names.values()), set())
    day = next(filter(None, days.values()), set())
    stated = {"author": author, "date": day}
    return {name: values.pop() for name, values in stated.items() if len(values) == 1}


def _text(root: etree._Element, identity: str) -> str:
    found = root.xpath("//*[@id=$id]", id=identity)
    return re.sub(r"\s+", " ", "".join(found[0].itertext())).strip()[:200] if found else ""


def _poster(root: etree._Element) -> str:
    """Return who wrote the first post of a forum's thread: what opens the column beside it."""
    column = root.xpath("//td[contains(concat(' ', @class, ' '), ' pls ')]")
    if not column:
        return ""
    name = column[0].xpath(".//*[contains(concat(' ', @class, ' '), ' authi ')]//a")
    texts = (name[0] if name else column[0]).itertext()
    return next((text.strip() for text in texts if text.strip()), "")[:40]
