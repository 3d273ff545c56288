"""What people are called: 王芳, as Chinese is written, the name of the family first."""

import re

_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff·]+")


def person_name(user) -> str:
    """Return the name of an account's owner, or else the name they sign in with."""
    family, given = user.last_name.strip(), user.first_name.strip()
    if _HAN.fullmatch(family + given):
        return family + given
    return user.get_full_name() or user.get_username()
