"""Patterns of regular expressions, kept as Python compiles them beside its own compiled modules.

Of a class of Chinese characters `re` makes a table, which takes up to a thousandth of a second, and
an import has six hundred of them: a quarter of the start of the command. What is kept of a pattern
stands under its own text and flags, and nothing else has a say in it, so it is never out of date.
Patterns made of what a file says are not kept: that begins with `stop`.
"""

import _sre
import marshal
import os
import sys
from array import array
from contextlib import suppress
from functools import cache
from pathlib import Path
from re import Pattern, _compiler, _parser
from typing import NamedTuple

from .compiled import beside, write

_MOST = 5_000
"""Patterns kept. Beyond, those that the code of today does not have are dropped."""

_LONG = 200
"""Characters of a pattern of ASCII alone that is worth keeping."""

_by_re = _compiler.compile


class _Compiled(NamedTuple):
    """What `re` has made of a pattern: all that the engine asks for."""

    flags: int
    code: bytes
    groups: int
    by_name: dict[str, int]
    names: tuple[str | None, ...]

    @classmethod
    def of(cls, text: str, flags: int) -> "_Compiled":
        parsed = _parser.parse(text, flags)
        by_name, names = parsed.state.groupdict, [None] * parsed.state.groups
        for name, group in by_name.items():
            names[group] = name
        code = array("I", _compiler._code(parsed, flags)).tobytes()
        flags |= parsed.state.flags
        return cls(int(flags), code, parsed.state.groups - 1, dict(by_name), tuple(names))

    def pattern(self, text: str) -> Pattern[str]:
        code = array("I", self.code).tolist()
        return _sre.compile(text, self.flags, code, self.groups, self.by_name, self.names)


class _Patterns:
    def __init__(self) -> None:
        self.kept: dict[tuple[str, int], tuple] = {}
        self.new: dict[tuple[str, int], tuple] = {}

    def compile(self, text, flags: int = 0) -> Pattern:
        """Do what `re` does. It is asked for what it has not compiled in this process."""
        if not _is_dear(text) or flags & _compiler.SRE_FLAG_DEBUG:
            return _by_re(text, flags)
        key = (text, int(flags))
        found = self.kept.get(key)
        if found is None:
            found = tuple(_Compiled.of(text, int(flags)))
            if len(self.new) < _MOST:
                self.new[key] = found
        return _Compiled(*found).pattern(text)


_patterns = _Patterns()


def start() -> None:
    """Let `re` take what is kept, and note what it compiles anew."""
    with suppress(OSError, ValueError, EOFError, TypeError):
        signature, kept = marshal.loads(_path().read_bytes())  # noqa: S302 - as Python's modules
        if signature == _signature():
            _patterns.kept = kept
    _compiler.compile = _patterns.compile


def missing() -> bool:
    """Tell whether patterns were compiled since `start` that should be kept, and can be."""
    return bool(_patterns.new) and _can_be_kept()


def stop() -> None:
    """Keep what was compiled since `start`; what is compiled from now on is not kept."""
    if _compiler.compile != _patterns.compile:
        return
    _compiler.compile = _taken
    new, _patterns.new = _patterns.new, {}
    if new and _can_be_kept():
        kept = new if len(_patterns.kept) + len(new) > _MOST else _patterns.kept | new
        with suppress(OSError):
            write(_path(), marshal.dumps((_signature(), kept)))


def _taken(text, flags: int = 0) -> Pattern:
    found = _patterns.kept.get((text, int(flags))) if _is_dear(text) else None
    return _Compiled(*found).pattern(text) if found else _by_re(text, flags)


def _is_dear(text: str | bytes) -> bool:
    """Tell whether a pattern is long, or may have characters besides ASCII in it."""
    return isinstance(text, str) and (
        len(text) > _LONG or not text.isascii() or "\\u" in text or "\\U" in text
    )


@cache
def _path() -> Path:
    return beside("patterns", __file__)


def _can_be_kept() -> bool:
    folder = _path().parent
    return not sys.dont_write_bytecode and os.access(
        folder if folder.exists() else folder.parent, os.W_OK
    )


def _signature() -> tuple:
    return sys.version, _sre.MAGIC, _sre.CODESIZE, array("I").itemsize
