"""Somebody as an organisation tells of them."""

from collections.abc import Collection
from dataclasses import dataclass

_LONGEST = 255
"""Characters of a number for somebody, as OpenID Connect has it."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody as the organisation knows them; `number` never changes."""

    number: str
    name: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    groups: Collection[str] = ()

    def __post_init__(self):
        if not self.number.isprintable() or not 0 < len(self.number) <= _LONGEST:
            raise ValueError("The number for somebody is none.")
