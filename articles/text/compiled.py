"""Tables that are made of other tables, kept beside Python's own compiled modules.

To make those of conversion of OpenCC's takes half a second of each process; to read them, 20 ms.
What is kept says what it was made of: the modules of the room that makes it and their data, byte
for byte, and whatever else the caller names. Where it is not of that, or cannot be read, it is
made; and where the folder cannot be written, each time.
"""

import marshal
import os
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from hashlib import blake2b
from importlib.util import cache_from_source
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")
_SIGNATURE = 16


def compiled(name: str, module: str, make: Callable[[], T], *, of: str = "") -> T:
    """Return what `make` does: plain dictionaries, lists, tuples, strings and numbers.

    `name` is that of the file, `module` the `__file__` of the module that makes it, and `of` tells
    what else it is made of, such as the version of a package.
    """
    path = beside(name, module)
    signature = blake2b(
        _made_of(Path(module).parent) + of.encode(), digest_size=_SIGNATURE
    ).digest()
    with suppress(OSError, ValueError, EOFError, TypeError):
        kept = path.read_bytes()
        if kept.startswith(signature):
            return marshal.loads(memoryview(kept)[_SIGNATURE:])  # noqa: S302 - as Python's modules
    table = make()
    if not sys.dont_write_bytecode:
        with suppress(OSError):
            write(path, signature + marshal.dumps(table))
    return table


class Parts(dict[str, T]):
    """Tables by a character, each read when it is first asked for: of thousands, a text asks for
    some hundred."""

    def __init__(self, kept: dict[str, bytes], nothing: T):
        self._kept, self._nothing = kept, nothing

    def __missing__(self, char: str) -> T:
        kept = self._kept.get(char)
        if kept is None:
            return self._nothing
        part = self[char] = marshal.loads(kept)  # noqa: S302 - as above
        return part


def cut(tables: dict[str, Any]) -> dict[str, bytes]:
    """Return tables by a character as they are kept to be read one by one; see `Parts`."""
    return {char: marshal.dumps(table) for char, table in tables.items()}


@cache
def _made_of(room: Path) -> bytes:
    """Return a digest of all that a room says."""
    files = sorted(path for path in room.iterdir() if path.is_file())
    return blake2b(b"".join(blake2b(path.read_bytes()).digest() for path in files)).digest()


def beside(name: str, module: str) -> Path:
    """Return the path of what is kept under a name beside the compiled form of a module."""
    return Path(cache_from_source(module)).with_name(f"{name}.{sys.implementation.cache_tag}.table")


def write(path: Path, content: bytes) -> None:
    """Write a file in one step: whoever reads meanwhile reads the one before, or none."""
    path.parent.mkdir(exist_ok=True)
    handle, made = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(made).chmod(0o644)
        Path(made).replace(path)
    except OSError:
        Path(made).unlink(missing_ok=True)
        raise
