"""Dates for a calendar program: iCalendar (RFC 5545), at an address that is the member's secret."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from .models import Member


def key_of(member: Member) -> str:
    """Return the secret of a member's address: it ends with the account's password."""
    secret = f"{member.uid}:{member.user.password}"
    return f"{member.pk}-{salted_hmac('training.calendar', secret).hexdigest()[:32]}"


def address_of(member: Member) -> str:
    """Return the secret address of a member's dates."""
    return f"{reverse('training-calendar')}?k={key_of(member)}"


def member_of_key(key: str) -> Member | None:
    number = key.partition("-")[0]
    if not (number.isdecimal() and len(number) < 19):
        return None
    found = Member.objects.present().filter(pk=number, user__is_active=True)
    member = found.select_related("user").first()
    return member if member and constant_time_compare(key_of(member), key) else None


def calendar_of(name: str, events: Iterable[tuple[int, str, date, str]], host: str) -> str:
    """Return a calendar of whole days, `events` being number, title, day and address of each."""
    stamp = datetime.now(UTC).strftime("%Y%m%dT000000Z")
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//union reading room//training//ZH"]
    lines += [f"X-WR-CALNAME:{_escaped(name)}"]
    for number, title, day, address in events:
        lines += [
            "BEGIN:VEVENT",
            f"UID:task-{number}@{host.partition(':')[0]}",
            f"DTSTAMP:{stamp}",
            f"DTSTART;VALUE=DATE:{day:%Y%m%d}",
            f"DTEND;VALUE=DATE:{day + timedelta(days=1):%Y%m%d}",
            f"SUMMARY:{_escaped(title)}",
            f"URL:{address}",
            "END:VEVENT",
        ]
    return "".join(f"{_folded(line)}\r\n" for line in [*lines, "END:VCALENDAR"])


def _escaped(text: str) -> str:
    for sign in ("\\", ";", ","):
        text = text.replace(sign, f"\\{sign}")
    return text.replace("\r", "").replace("\n", "\\n")


def _folded(line: str) -> str:
    """Return a line folded after at most 75 octets, never within a character (RFC 5545, 3.1)."""
    out, size = [], 0
    for sign in line:
        octets = len(sign.encode())
        if size + octets > 75:
            out.append("\r\n ")
            size = 1
        out.append(sign)
        size += octets
    return "".join(out)
