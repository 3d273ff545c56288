"""Pictures of a page that are no address: in a file beside it, or written into the page itself."""

import base64
import binascii
import hashlib
import posixpath
import re
from urllib.parse import unquote, unquote_to_bytes

_LONGEST = 400
"""Characters of the name of a file beside a page."""

_OTHERWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|/", re.IGNORECASE)
_DRAWING = re.compile(r"\.(?:svgz?|wmf|emf|php|aspx?|jsp)\Z", re.IGNORECASE)
_WRITTEN = re.compile(r"data:image/(?:jpe?g|png|gif|webp)((?:;[\w=.-]+)*),", re.IGNORECASE)


def beside(address: str) -> str:
    """Return the name of the file that an address on a saved page leads to, from where the page
    lies; nothing where that is no place beside it, or no picture the library takes."""
    name = unquote(re.split(r"[?#]", address, maxsplit=1)[0]).replace("\\", "/")
    if not name or len(name) > _LONGEST or _OTHERWHERE.match(name) or "\0" in name:
        return ""
    name = posixpath.normpath(name)
    return "" if _DRAWING.search(name) or posixpath.basename(name) in (".", "..") else name


def inside(address: str) -> tuple[str, bytes] | None:
    """Return a name for the picture that is written into an address, and what it is; None where it
    is none the library takes."""
    head = _WRITTEN.match(address)
    if head is None:
        return None
    written = address[head.end() :]
    if head[1].lower().endswith(";base64"):
        try:
            data = base64.b64decode(unquote_to_bytes(re.sub(r"\s+", "", written)))
        except (binascii.Error, ValueError):
            return None
    else:
        data = unquote_to_bytes(written)
    return f"data:{hashlib.sha256(data).hexdigest()[:32]}", data
