"""The officers' handbook at the desk: docs/handbook.zh.md in the script of the desk, with its
pictures; for whoever may come in."""

import re
from functools import cache
from pathlib import Path

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from markdown_it import MarkdownIt

FOLDER = settings.BASE_DIR / "docs"
PICTURES = FOLDER / "screenshots"


def page(request: HttpRequest, site) -> HttpResponse:
    """Show the handbook as the desk's chrome frames it; 404 where docs/ was left out."""
    script = "zh-Hans" if get_language() == "zh-hans" else "zh"
    path = FOLDER / f"handbook.{script}.md"
    if not path.is_file():
        raise Http404
    title, text = _read(path, reverse("admin:handbook"))
    context = site.each_context(request) | {"title": title, "text": text}
    return TemplateResponse(request, "admin/handbook.html", context)


def picture(request: HttpRequest, name: str) -> FileResponse:
    """Serve a picture of the handbook."""
    path = PICTURES / f"handbook-{name}.jpg"
    if not re.fullmatch(r"[a-z-]+", name) or not path.is_file():
        raise Http404
    return FileResponse(path.open("rb"), content_type="image/jpeg")


@cache
def _read(path: Path, address: str) -> tuple[str, SafeString]:
    """Return the title and the rest, with an id for each page and links to what is served here."""
    head, _, body = path.read_text("utf-8").partition("\n")
    made = MarkdownIt("commonmark").enable("table").render(body)
    made = re.sub(r'<p><a href="[^"]*handbook[^<]*</a>.*?</p>', "", made, count=1)
    made = re.sub(
        r'src="screenshots/handbook-([a-z-]+)\.jpg"', rf'src="{address}\1.jpg" loading="lazy"', made
    )
    pages = iter(range(1, 100))
    made = re.sub(r"<h2>", lambda _match: f'<h2 id="page-{next(pages)}">', made)
    return head.lstrip("# "), mark_safe(made)  # noqa: S308 - a file of ours, read as Markdown
