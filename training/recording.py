"""Writing records: one fact each, in the transaction of what it records."""

import json
from datetime import UTC
from hashlib import sha256
from uuid import UUID

from django.db import transaction

from .models import Member, Record, RecordKind

FIELDS = ("uid", "member_uid", "kind", "object", "rule", "result", "unit", "by", "at", "corrects")
"""What the leaf of a record is made of."""


def canonical(record: Record) -> bytes:
    """Return a record as its leaf is made of it: JSON with sorted keys and no blanks, in UTF-8.

    It holds no floating-point numbers, so that this is what RFC 8785 (JCS) gives.
    """
    values = {name: getattr(record, name) for name in FIELDS}
    values["at"] = record.at.astimezone(UTC).isoformat(timespec="microseconds")
    for name in ("uid", "member_uid", "corrects"):
        values[name] = str(values[name]) if values[name] else None
    text = json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode()


def leaf_of(record: Record) -> str:
    """Return the SHA-256 of a leaf of the Merkle tree (RFC 9162, 2.1.1), in hexadecimal."""
    return sha256(b"\x00" + canonical(record)).hexdigest()


def record(
    member: Member,
    kind: RecordKind,
    of: dict,
    *,
    by: str,
    rule: dict | None = None,
    result: dict | None = None,
    corrects: UUID | None = None,
) -> Record:
    """Write one record of a member. Only to be called within the transaction of its fact."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("A record stands in the transaction of what it records.")
    unit = member.unit
    made = Record(
        member_uid=member.uid,
        kind=kind,
        object=of,
        rule=rule or {},
        result=result or {},
        unit={"code": unit.code, "name": unit.name, "name_hant": unit.name_hant} if unit else {},
        by=by[:150],
        corrects=corrects,
    )
    made.leaf_sha256 = leaf_of(made)
    made.save(force_insert=True)
    return made
