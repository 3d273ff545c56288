"""Seals: the day's records under one hash, chained to the day before and signed.

Whoever has a seal printed or kept can tell later whether any record before it was changed, without
trusting whoever runs the portal. What a seal does not prove is that the person was the person.

The tree is that of RFC 9162 (2.1.1): leaves and inner nodes are hashed with a different byte in
front. The signature is Ed25519 (RFC 8032).
"""

import json
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from portal.health import TOLD, WELL, Finding

from .models import Record, Seal, SealKey
from .recording import canonical, leaf_of

_BATCH = 2000
"""Records read at a time."""


def told(record: Record) -> dict:
    """Return a record as an export tells it: what its leaf is made of, and the leaf."""
    return json.loads(canonical(record)) | {"leaf": record.leaf_sha256}


def merkle_root(leaves: Iterable[str]) -> str:
    """Return the root over leaf hashes, all in hexadecimal; of no leaves the hash of nothing.

    An odd node goes up as it is: what RFC 9162's halving at the largest power of two comes to.
    """
    level = [bytes.fromhex(leaf) for leaf in leaves]
    if not level:
        return sha256().hexdigest()
    while len(level) > 1:
        pairs = zip(level[::2], level[1::2], strict=False)
        above = [sha256(b"\x01" + left + right).digest() for left, right in pairs]
        level = above + level[len(above) * 2 :]
    return level[0].hex()


def chain_of(number: int, root: str, count: int, previous: str) -> str:
    """Return what a seal signs: the hash of its number, its root and count, and the seal before."""
    return sha256(f"{number}:{count}:{root}:{previous}".encode()).hexdigest()


def private_key(path: Path | None = None) -> Ed25519PrivateKey:
    """Return the server's key for seals, made at first and kept in a file only its owner reads."""
    path = path or settings.SEAL_KEY_FILE
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        made = Ed25519PrivateKey.generate()
        raw = made.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
        path.touch(mode=0o600)
        path.write_text(raw.hex())
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(path.read_text().strip()))


def public_of(key: Ed25519PrivateKey) -> str:
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()


def findings() -> Iterator[Finding]:
    """Yield what `doctor` says of the key: without the one that sealed another is made."""
    path, last = settings.SEAL_KEY_FILE, Seal.objects.order_by("-number").first()
    if last is None:
        return
    what, todo = "seals", "put the one back that was kept; else `seal_records` goes on with "
    if not path.exists():
        yield Finding(what, TOLD, f"there are seals, and no {path}", f"{todo}a new one")
    elif public_of(private_key())[:16] != last.key_id:
        yield Finding(what, TOLD, f"{path} is not what the last seal was made with", f"{todo}it")
    else:
        yield Finding(what, WELL, "their key is here")


def seal(key: Ed25519PrivateKey | None = None) -> Seal | None:
    """Seal what was recorded since the last seal; return None where there is nothing.

    Two at once seal one after the other.
    """
    key = key or private_key()
    public = public_of(key)
    today = timezone.localdate()
    with transaction.atomic():
        _one_at_a_time()
        last = Seal.objects.order_by("-number").first()
        rows = list(Record.objects.unsealed().values_list("pk", "leaf_sha256"))
        if not rows:
            return None
        SealKey.objects.get_or_create(
            key_id=public[:16], defaults={"public": public, "from_on": today}
        )
        number, previous = (last.number + 1, last.chain) if last else (1, "")
        root = merkle_root(leaf for _, leaf in rows)
        chain = chain_of(number, root, len(rows), previous)
        return Seal.objects.create(
            number=number,
            from_id=rows[0][0],
            to_id=rows[-1][0],
            count=len(rows),
            root=root,
            previous=previous,
            chain=chain,
            signature=key.sign(bytes.fromhex(chain)).hex(),
            key_id=public[:16],
            sealed_on=today,
        )


def _one_at_a_time() -> None:
    """Let no other seal, and no record that is still to be committed with a smaller number, come
    in between: on PostgreSQL numbers are given before the commit. SQLite has one writer anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {Record._meta.db_table} IN SHARE ROW EXCLUSIVE MODE")


def faults() -> Iterator[str]:
    """Yield what is wrong with records and seals, each told by its number; nothing if all is well.

    Every leaf is made anew from its record, every root from the leaves, and every signature is
    checked.
    """
    keys = {one.key_id: one.public for one in SealKey.objects.all()}
    previous, sealed_to = "", 0
    for number, one in enumerate(Seal.objects.order_by("number"), 1):
        leaves = []
        records = Record.objects.filter(pk__gt=sealed_to, pk__lte=one.to_id).order_by("pk")
        for row in records.iterator(_BATCH):
            leaf = leaf_of(row)
            if leaf != row.leaf_sha256:
                yield f"record {row.pk}: what it says is not what was recorded"
            leaves.append(leaf)
        if len(leaves) != one.count:
            yield f"seal {one.number}: {one.count} records were sealed, {len(leaves)} are there"
        root = merkle_root(leaves)
        if root != one.root:
            yield f"seal {one.number}: its records are not those that were sealed"
        if one.number != number or one.previous != previous:
            yield f"seal {one.number}: a seal before it is missing"
        if one.chain != chain_of(one.number, one.root, one.count, one.previous):
            yield f"seal {one.number}: it was changed"
        if not _is_signed(one, keys.get(one.key_id, "")):
            yield f"seal {one.number}: its signature is not valid"
        previous, sealed_to = one.chain, one.to_id
    for row in Record.objects.filter(pk__gt=sealed_to).order_by("pk").iterator(_BATCH):
        if leaf_of(row) != row.leaf_sha256:
            yield f"record {row.pk}: what it says is not what was recorded"


def export() -> Iterator[dict]:
    """Yield all that a check needs, each with its type: records, seals, public keys. A seal that is
    made meanwhile is not among them: its records may not be either."""
    seals, keys = list(Seal.objects.order_by("number")), list(SealKey.objects.order_by("pk"))
    for row in Record.objects.order_by("pk").iterator(_BATCH):
        yield {"type": "record", "id": row.pk} | told(row)
    for one in seals:
        yield {
            "type": "seal",
            "number": one.number,
            "to_id": one.to_id,
            "chain": one.chain,
            "signature": one.signature,
            "key_id": one.key_id,
        }
    for key in keys:
        yield {"type": "key", "key_id": key.key_id, "public": key.public}


def _is_signed(one: Seal, public: str) -> bool:
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public))
        key.verify(bytes.fromhex(one.signature), bytes.fromhex(one.chain))
    except (InvalidSignature, ValueError):
        return False
    return True
