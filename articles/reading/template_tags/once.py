"""Parts of a page that are the same on many: written once in each script, and kept by the process.

`{% once %}` stands around what depends on nothing but the script, `{% once at %}` around what also
depends on the values named. A frame of translated words and addresses is half of a page's work.
"""

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from ...search.lists import kept

register = template.Library()

_MOST = 500
"""Forms of one part that are kept; more would be a part that depends on the page."""


class _Once(template.Node):
    child_nodelists = ()  # no page's block is in it, and each page looks through all the others

    def __init__(self, nodelist: template.NodeList, values: list):
        self.nodelist, self._values = nodelist, values
        self._written: dict[tuple, SafeString] = {}

    def render(self, context) -> SafeString:
        key = (get_language(), *(value.resolve(context) for value in self._values))
        written = self._written.get(key)
        if written is None:
            written = mark_safe(self.nodelist.render(context))  # noqa: S308 - a template's own
            if len(self._written) < _MOST:
                self._written[key] = written
        return written


@register.tag
def once(parser, token):
    """Write what stands up to `endonce` once, in each script and for the values named."""
    values = [parser.compile_filter(word) for word in token.split_contents()[1:]]
    nodelist = parser.parse(("endonce",))
    parser.delete_first_token()
    if nodelist.get_nodes_by_type(template.loader_tags.BlockNode):
        raise template.TemplateSyntaxError("A block is written anew by each page: not within once.")
    return _Once(nodelist, values)


class _UntilChanged(template.Node):
    def __init__(self, nodelist, name: str, of, values: list):
        self.nodelist, self._name, self._of, self._values = nodelist, name, of, values

    def render(self, context) -> SafeString:
        values = (get_language(), *(value.resolve(context) for value in self._values))
        name = f"part-{self._name}-{'-'.join(map(str, values))}"

        def write() -> str:
            return str(self.nodelist.render(context))

        return mark_safe(kept(name, self._of.resolve(context), write, shared=False))  # noqa: S308 - a template's own


@register.tag
def until_changed(parser, token):
    """Write what stands up to `enduntil` once in each script, and for the values named behind it,
    until a version changes: `{% until_changed "tags" of "l" %}`. What a view works out for such a
    part it hands over as a function, to be called when the part is written."""
    _tag, name, _of, of, *values = token.split_contents()
    values = [parser.compile_filter(word) for word in values]
    nodelist = parser.parse(("enduntil",))
    parser.delete_first_token()
    return _UntilChanged(nodelist, name.strip('"'), parser.compile_filter(of), values)
