"""Check an export of training records without the portal that wrote it.

    python docs/verify.py records.jsonl [HASH OF A SEAL YOU KEPT]

The export is JSON Lines: records, then seals, then public keys, each with its `type`. Needs Python
and `cryptography` alone. Change nothing here to make an export pass: write your own.
"""

import json
import sys
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

NOT_IN_LEAF = ("type", "id", "leaf")


def leaf_of(record):
    said = {name: value for name, value in record.items() if name not in NOT_IN_LEAF}
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(b"\x00" + text.encode()).digest()


def root_of(level):
    while len(level) > 1:
        pairs = [level[at : at + 2] for at in range(0, len(level), 2)]
        level = [
            sha256(b"\x01" + b"".join(two)).digest() if len(two) == 2 else two[0] for two in pairs
        ]
    return level[0].hex() if level else sha256().hexdigest()


def main(path, kept=""):
    with open(path, encoding="utf-8") as file:
        lines = [json.loads(line) for line in file]
    records, seals, keys = (
        [one for one in lines if one["type"] == name] for name in ("record", "seal", "key")
    )
    public = {one["key_id"]: one["public"] for one in keys}
    wrong, previous, sealed = [], "", 0
    for record in records:
        if leaf_of(record).hex() != record["leaf"]:
            wrong.append(f"record {record['id']} was changed")
    for seal in seals:
        own = [one for one in records if sealed < one["id"] <= seal["to_id"]]
        root = root_of([leaf_of(one) for one in own])
        chain = sha256(f"{seal['number']}:{len(own)}:{root}:{previous}".encode()).hexdigest()
        if chain != seal["chain"]:
            wrong.append(f"seal {seal['number']} does not hold for its records")
        try:
            key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public.get(seal["key_id"], "")))
            key.verify(bytes.fromhex(seal["signature"]), bytes.fromhex(seal["chain"]))
        except (InvalidSignature, ValueError):
            wrong.append(f"seal {seal['number']} is not signed by its key")
        previous, sealed = seal["chain"], seal["to_id"]
    if kept and kept not in {one["chain"] for one in seals}:
        wrong.append("the seal you kept is not among these")
    print("\n".join(wrong) or f"{len(records)} records and {len(seals)} seals hold")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
