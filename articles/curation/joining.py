"""Two changes of one text, made side by side, joined: by field, and the body by paragraph.

What only one of them changed is taken from it. Where both changed the same, no machine knows which
is right: the field is told, and a person looks at both.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from ..text import html
from .revisions import Content, changed


@dataclass(frozen=True, slots=True)
class Joined:
    """What two changes come to together, and the names of fields in which both changed the same
    place: there the content has what `mine` says."""

    content: Content
    both: list[str] = field(default_factory=list)


def joined(base: Content, theirs: Content, mine: Content) -> Joined:
    """Return what `mine` comes to with what `theirs` changed since `base`; the status is mine."""
    by_them, by_me = set(changed(base, theirs)), set(changed(base, mine))
    content, both = dict(mine), []
    for name in by_them - {"status"}:
        if name not in by_me:
            content[name] = theirs[name]
        elif name == "tags":
            content[name] = _tags(base[name], theirs[name], mine[name])
        elif name == "body":
            content[name], meet = _body(base[name], theirs[name], mine[name])
            both += [name] * meet
        elif name in changed(theirs, mine):
            both.append(name)
    return Joined(content, sorted(both))


def _tags(base: list, theirs: list, mine: list) -> list:
    """Return my tags with those they added, without those they took away."""
    then, now = ({key for key, *_names in tags} for tags in (base, theirs))
    kept = [tag for tag in mine if tag[0] in now or tag[0] not in then]
    known = {key for key, *_names in mine} | then
    return sorted([*kept, *(tag for tag in theirs if tag[0] not in known)])


Change = tuple[int, int, tuple[str, ...]]
"""Which blocks, from one place to another, gave way to which."""


def _body(base: str, theirs: str, mine: str) -> tuple[str, bool]:
    """Return a body with both changes, and whether some of them meet: there it has mine."""
    before = html.blocks(base)
    own = list(_changes(before, html.blocks(mine)))
    others = [one for one in _changes(before, html.blocks(theirs)) if one not in own]
    apart = [one for one in others if not any(_meet(one, mine) for mine in own)]
    out, position = [], 0
    for start, end, new in sorted([*own, *apart]):
        out += [*before[position:start], *new]
        position = end
    return "\n".join([*out, *before[position:]]), len(apart) < len(others)


def _meet(one: Change, other: Change) -> bool:
    """Tell whether two changes touch the same blocks, or one puts something in at the other's."""
    start, end = max(one[0], other[0]), min(one[1], other[1])
    puts_in = one[0] == one[1] or other[0] == other[1]
    return start <= end if puts_in else start < end


def _changes(before: Sequence[str], after: Sequence[str]) -> Iterator[Change]:
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for tag, start, end, first, last in matcher.get_opcodes():
        if tag != "equal":
            yield start, end, tuple(after[first:last])
