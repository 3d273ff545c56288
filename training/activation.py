"""Activation: a printed one-time code instead of six thousand passwords.

A password takes a processor a quarter of a second to hash, so that it can be guessed only slowly.
The code is drawn at random and needs no such thing: 6,000 slips cost no more than 6,000 hashes.
"""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.utils import timezone

from .models import Activation, Member

ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""32 signs; those that look like another one, 0 O 1 I, are not among them."""

LENGTH = 10
"""Signs of a code: 50 bits."""

DAYS = 60
"""Days until a slip is of no use any more."""

TRIES = 5
"""Wrong codes until a slip is locked; its chair prints another."""


class Refused(ValueError):
    """The slip is not known, used, locked or too old, or the code is not its."""


@dataclass(frozen=True, slots=True)
class Slip:
    """What is printed for one member; the code stands nowhere else."""

    member: Member
    number: int
    code: str

    @property
    def code_in_groups(self) -> str:
        return f"{self.code[:5]} {self.code[5:]}"


def make_slips(members, user) -> list[Slip]:
    """Make a new slip for each member without an account; older open ones are of no use then."""
    today = timezone.localdate()
    with transaction.atomic():
        chosen = list(members.filter(user=None, left_on=None).select_for_update().order_by("pk"))
        Activation.objects.filter(member__in=chosen, used_on=None).delete()
        codes = ["".join(secrets.choice(ALPHABET) for _ in range(LENGTH)) for _ in chosen]
        made = Activation.objects.bulk_create(
            Activation(
                member=member,
                code_sha256=_hash(code),
                made_by=user,
                made_on=today,
                expires_on=today + timedelta(days=DAYS),
            )
            for member, code in zip(chosen, codes, strict=True)
        )
    return [
        Slip(member, row.pk, code) for member, row, code in zip(chosen, made, codes, strict=True)
    ]


def plain(code: str) -> str:
    """Return a code as typed without blanks and dashes, in capitals."""
    return "".join(sign for sign in code.upper() if sign.isalnum())


def _hash(code: str) -> str:
    return sha256(code.encode()).hexdigest()


def member_of(number: int, code: str) -> Member:
    """Return whose slip this is, if the code is right. Raises Refused otherwise, and counts it."""
    with transaction.atomic():
        slip = (
            Activation.objects.select_for_update(of=("self",))
            .select_related("member")
            .filter(pk=number, used_on=None)
            .first()
        )
        if slip is None or slip.tries >= TRIES or slip.expires_on < timezone.localdate():
            raise Refused
        right = secrets.compare_digest(slip.code_sha256, _hash(plain(code)))
        if not right:
            slip.tries += 1
            slip.save(update_fields=["tries"])
    if not right or slip.member.left_on:
        raise Refused
    return slip.member


def activate(number: int, code: str, password: str) -> User:
    """Make the account of a slip's member, with this password, and use the slip up.

    Raises Refused as `member_of` does, and ValidationError where the password is too weak.
    """
    member = member_of(number, code)
    user = User(username=user_name(member), first_name=member.name[:150])
    validate_password(password, user)
    user.set_password(password)
    with transaction.atomic():
        used = Activation.objects.filter(pk=number, used_on=None, code_sha256=_hash(plain(code)))
        if not used.update(used_on=timezone.localdate()):
            raise Refused  # somebody was faster with the same slip
        user.save(force_insert=True)
        Member.objects.filter(pk=member.pk).update(user=user)
    return user


def user_name(member: Member) -> str:
    """Return what a member signs in with: the employer's code and the staff number."""
    return f"{member.employer.code}-{member.staff_no}"[:150]
