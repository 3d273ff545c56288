"""Which release of the portal makes the pages: those that another one made are not shown."""

import hashlib

from django.conf import settings

_MADE_BY = (
    ("articles", ".py .tsv .json"),
    ("portal", ".py"),
    ("templates", ".html .xml"),
    ("locale", ".mo"),
    ("staticfiles", "staticfiles.json"),
)


def _release() -> str:
    """Return a digest of what makes pages, by names, sizes and times of the files."""
    digest = hashlib.blake2b(digest_size=8)
    for folder, ends in _MADE_BY:
        for path in sorted((settings.BASE_DIR / folder).rglob("*")):
            if path.name.endswith(tuple(ends.split())):
                state = path.stat()
                digest.update(f"{path} {state.st_size} {state.st_mtime_ns}".encode())
    told = (settings.TIME_ZONE, settings.QUOTES_FOLLOW_SCRIPT, settings.HTTPS)
    digest.update(repr(told).encode())
    return digest.hexdigest()


RELEASE = _release()
