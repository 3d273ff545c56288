"""What is said to a directory, in a process of its own: `python -m portal.directory_client`.

It reads what is asked as JSON from its standard input and writes the answer to its standard output.
A process, for OpenLDAP's library waits without end, and at full speed, for a server that freezes
while TLS is agreed on: whoever started this one ends it.
"""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import ldap
from ldap.filter import escape_filter_chars as escaped

_NOT_THEIRS = (ldap.INVALID_CREDENTIALS, ldap.UNWILLING_TO_PERFORM, ldap.INAPPROPRIATE_AUTH)


@contextmanager
def connected(asked: dict[str, Any]) -> Iterator[Any]:
    """Give a connection under TLS on which who may search has signed in."""
    connection = ldap.initialize(asked["url"])
    for option, value in (
        (ldap.OPT_PROTOCOL_VERSION, 3),
        (ldap.OPT_REFERRALS, 0),  # they would have it say passwords elsewhere
        (ldap.OPT_NETWORK_TIMEOUT, asked["patience"]),
        (ldap.OPT_TIMEOUT, asked["patience"]),
        (ldap.OPT_X_TLS_REQUIRE_CERT, ldap.OPT_X_TLS_DEMAND),
        *([(ldap.OPT_X_TLS_CACERTFILE, asked["ca_file"])] if asked["ca_file"] else []),
        (ldap.OPT_X_TLS_NEWCTX, 0),
    ):
        connection.set_option(option, value)
    if not all(one.startswith("ldaps:") for one in asked["url"].split()):
        connection.start_tls_s()
    connection.simple_bind_s(asked["bind_dn"], asked["bind_password"])
    yield connection
    connection.unbind_s()


def person_of(directory: Any, asked: dict[str, Any]) -> dict[str, Any]:
    """Return whom the directory knows by a name and takes the password of, or nothing."""
    wanted = [asked["called"], "givenName", "sn", "mail", asked["number"]]
    search = asked["filter"].replace("{name}", escaped(asked["name"]))
    found = directory.search_s(asked["base"], ldap.SCOPE_SUBTREE, search, wanted)
    found = [(dn, has) for dn, has in found if dn]  # without what is said to lie elsewhere
    if len(found) != 1:
        return {}
    [(dn, has)] = found
    has = {attribute.lower(): values[0] for attribute, values in has.items() if values}
    number = has.get(asked["number"].lower(), b"")

    def text(attribute: str) -> str:
        return has.get(attribute.lower(), b"").decode("utf-8", "replace")

    name = text(asked["called"])
    if not (name and number):
        raise LookupError(f"{dn} has no {asked['called']} or no {asked['number']} to be read")
    groups, unknown = groups_of(directory, asked, dn, name)
    try:
        directory.simple_bind_s(dn, asked["password"])
    except _NOT_THEIRS:
        return {}
    is_text = number.isascii() and number.decode().isprintable()
    person = {
        "number": number.decode() if is_text else number.hex(),
        "name": name,
        "first_name": text("givenName"),
        "last_name": text("sn"),
        "email": text("mail"),
        "groups": groups,
    }
    return {"person": person, "unknown": unknown}


def groups_of(
    directory: Any, asked: dict[str, Any], dn: str, name: str
) -> tuple[list[str], list[str]]:
    """Return which of the groups that settings name somebody is in, and which there are not."""
    member = asked["member_filter"].replace("{dn}", escaped(dn)).replace("{name}", escaped(name))
    found, unknown = [], []
    for group in asked["groups"]:
        try:
            if directory.search_s(group, ldap.SCOPE_BASE, member, ["1.1"]):
                found.append(group)
        except (ldap.NO_SUCH_OBJECT, ldap.INVALID_DN_SYNTAX):
            unknown.append(group)
    return found, unknown


def answer(asked: dict[str, Any]) -> dict[str, Any]:
    """Return what is to be said of somebody, or with no name whether the directory answers."""
    try:
        with connected(asked) as directory:
            return person_of(directory, asked) if asked["name"] else {}
    except ldap.LDAPError as error:
        told = error.args[0] if error.args and isinstance(error.args[0], dict) else {}
        return {"away": " ".join(filter(None, (told.get("desc"), told.get("info")))) or repr(error)}
    except LookupError as error:
        return {"away": str(error)}


if __name__ == "__main__":
    json.dump(answer(json.load(sys.stdin)), sys.stdout)
