"""Signing in with the passwords of an organisation's directory: LDAP, where settings name one.

The protocol is python-ldap's, an extra (`requirements-ldap.txt`). Nothing is said to a directory
but under TLS, and its certificate is looked at. `directory_client.py` asks it, in a process that is
ended where it takes too long; whose account it is, and its roles, say `organisation.py`.
"""

import json
import logging
import subprocess
import sys
import time
from importlib.util import find_spec

from django.conf import settings
from django.core import checks

from .persons import Person

AWAY = "directory-away"
"""Code of the error where the directory did not answer, and so nothing was guessed."""

_PATIENCE = 10
"""Seconds to wait for all that is asked of the directory for one sign-in."""

_REST = 10
"""Seconds in which nobody else waits for a directory that has not answered."""

_log = logging.getLogger("portal.sign_in")
_rests_until = 0.0


class Away(Exception):
    """The directory does not answer, or not as it should."""


@checks.register
def check_directory(app_configs, **kwargs) -> list[checks.CheckMessage]:
    """Say so where a directory is named, and nobody could sign in by it as things are set."""
    if not settings.LDAP_URL:
        return []
    wrong = []
    if not find_spec("ldap"):
        wrong.append(("python-ldap is not installed", "pip install -r requirements-ldap.txt"))
    if not all(one.startswith(("ldap://", "ldaps://")) for one in settings.LDAP_URL.split()):
        wrong.append(("LDAP_URL is not ldaps://… or ldap://…", "others have no TLS"))
    if not settings.LDAP_BASE:
        wrong.append(("LDAP_BASE is not set", "name what people lie below: ou=people,dc=…"))
    if "{name}" not in settings.LDAP_FILTER:
        wrong.append(("LDAP_FILTER finds everybody", "say {name} where the user name belongs"))
    return [checks.Error(f"{told}.", hint=hint, id="portal.E002") for told, hint in wrong]


def person_of(name: str, password: str) -> Person | None:
    """Return whom the directory knows by a name and takes the password of; without a name nobody,
    where it answers."""
    global _rests_until
    if time.monotonic() < _rests_until:
        raise Away
    asked = {
        "url": settings.LDAP_URL,
        "ca_file": settings.LDAP_CA_FILE,
        "bind_dn": settings.LDAP_BIND_DN,
        "bind_password": settings.LDAP_BIND_PASSWORD,
        "base": settings.LDAP_BASE,
        "filter": settings.LDAP_FILTER,
        "called": settings.LDAP_NAME,
        "number": settings.LDAP_NUMBER,
        "groups": list(settings.LDAP_ROLES),
        "member_filter": settings.LDAP_MEMBER_FILTER,
        "name": name,
        "password": password,
        "patience": _PATIENCE / 2,
    }
    try:
        done = subprocess.run(
            [sys.executable, "-m", "portal.directory_client"],
            cwd=settings.BASE_DIR,
            input=json.dumps(asked).encode(),
            capture_output=True,
            timeout=_PATIENCE,
        )
    except subprocess.TimeoutExpired as error:
        _rests_until = time.monotonic() + _REST
        raise Away("it has not answered in time") from error
    if done.returncode:
        raise Away(done.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2])
    told = json.loads(done.stdout)
    if "away" in told:
        _rests_until = time.monotonic() + _REST
        raise Away(told["away"])
    for group in told.get("unknown", ()):
        _log.error("LDAP_ROLES names %r, which the directory does not know", group)
    try:
        return Person(**told["person"]) if told else None
    except ValueError as error:
        raise Away(f"{settings.LDAP_NUMBER} is no number for somebody") from error
