"""Check an evidence extract with nothing but Python 3.8 or newer: python3 verify.py EXTRACT.zip

Every byte counts. README.txt, reasons.json, record.json and this script have the hashes that the event "evidence.made"
names; it names the events about the item as well. Each line of trace.jsonl is {"body", "envelope", "hash", "salt"}:
hash = SHA-256 of the envelope text; the envelope names the hash of the event before ("prev") and body_hash =
SHA-256(salt bytes + body text). Each run of events ends in one that a checkpoint names; the node signed the checkpoint
(Ed25519) with the key whose public half is node.pub. Whether that key is the archive's, ask the archive: compare the
fingerprint printed at the end.

The corrections in record.json are proved one by one: an event that changed the item names ("kept") the SHA-256 over all
corrections up to then, each as its ten values in this order (id, level, subject, act,
field, old, new, reason, actor, utc_ms) joined by the character U+001F and ended by U+001E.
"""

from __future__ import annotations

import hashlib
import io
import json
import sys
import zipfile
from pathlib import Path
from typing import Any, NamedTuple

NAMES = ("README.txt", "record.json", "trace.jsonl", "checkpoints.jsonl", "node.pub", "verify.py", "reasons.json")
CORRECTION = ("id", "level", "subject", "act", "field", "old", "new", "reason", "actor", "utc_ms")
HASHED = ("README.txt", "record.json", "node.pub", "verify.py", "reasons.json")  # the other two prove themselves

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)


class Wrong(NamedTuple):
    """``code``: of reasons.json, which says it in words. ``where``: the file, or the line of trace.jsonl."""

    code: str
    where: str = ""


def pack(files: dict[str, bytes]) -> bytes:
    """The one way to write the extract, so that no byte of it can be different unseen."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name in NAMES:
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, files[name])
    return out.getvalue()


def canonical(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8")


def check(extract: bytes) -> tuple[Wrong | None, dict[str, object]]:
    """(what is wrong, what was found out)"""
    at: list[str] = []
    try:
        return _check(extract, at)
    except (ValueError, KeyError, TypeError, AttributeError, zipfile.BadZipFile, RuntimeError) as error:
        return Wrong("unreadable", ": ".join([*at[-1:], str(error)])), {}


def _check(extract: bytes, at: list[str]) -> tuple[Wrong | None, dict[str, object]]:
    """``at``: takes in which part is being read, the last one last."""
    with zipfile.ZipFile(io.BytesIO(extract)) as archive:
        if sorted(archive.namelist()) != sorted(NAMES):
            return Wrong("files_differ"), {}
        files = {name: archive.read(name) for name in NAMES}
    if pack(files) != extract:
        return Wrong("zip_differs"), {}
    at.append("node.pub")
    key = bytes.fromhex(files["node.pub"].decode("ascii").strip())
    signed = {}
    at.append("checkpoints.jsonl")
    for line in files["checkpoints.jsonl"].splitlines(keepends=True):
        point = json.loads(line)
        if canonical(point) + b"\n" != line:
            return Wrong("checkpoint_differs"), {}
        said = "storeroom-checkpoint/1 {node} {epoch} {seq} {head} {utc_ms}".format(**point)
        if point["signature"] != point["signature"].lower() or not verify(
            key, said.encode("ascii"), bytes.fromhex(point["signature"])
        ):
            return Wrong("signature_foreign"), {}
        signed[(point["epoch"], point["seq"])] = point["head"]
    rows = files["trace.jsonl"].splitlines(keepends=True)
    last: dict[str, object] = {}
    made: dict[str, object] = {}
    kept: list[tuple[object, object]] = []
    seen = set()
    for number, line in enumerate(rows, 1):
        at.append(f"trace.jsonl {number}")
        row = json.loads(line)
        why, last, body = _event(line, row, last, signed)
        if why:
            return Wrong(why, str(number)), {}
        seen.add((last["epoch"], last["seq"]))
        if last["action"] == "evidence.made" and body is not None:
            made = body
        if body is not None and "kept" in body:
            kept.append((last["subject"], body["kept"]))
    if not made or (last["epoch"], last["seq"]) not in signed:
        return Wrong("end_unsigned"), {}
    about = made["about"]
    if not isinstance(about, list) or any(tuple(event) not in seen for event in about):
        return Wrong("event_missing"), {}
    hashes = made["files"]
    for name in HASHED:
        if not isinstance(hashes, dict) or hashlib.sha256(files[name]).hexdigest() != hashes[name]:
            return Wrong("hash_differs", name), {}
    at.append("record.json")
    record = json.loads(files["record.json"])
    wrong = _corrections(record, [digest for subject, digest in kept if subject == record["item"]["id"]])
    if wrong:
        return Wrong(wrong), {}
    found: dict[str, object] = {"events": len(rows), "checkpoints": len(signed), "utc_ms": last["utc_ms"]}
    found["fingerprint"] = hashlib.sha256(key).hexdigest()
    found["record"] = record
    return None, found


def _corrections(record: dict[str, Any], kept: list[object]) -> str:
    """Every correction was in the trace when it was made, and none is missing; "" or the code of what is wrong."""
    digest, told = hashlib.sha256(), []
    for one in record.get("corrections", []):
        digest.update("\x1f".join(str(one[name]) for name in CORRECTION).encode("utf-8") + b"\x1e")
        told.append(digest.hexdigest())
    if any(one not in told for one in kept):
        return "correction_differs"
    return "correction_unheard" if kept and told and told[-1] != kept[-1] else ""


def _event(
    line: bytes, row: dict[str, object], last: dict[str, object], signed: dict[tuple[str, int], str]
) -> tuple[str, dict[str, object], dict[str, object] | None]:
    """The code of what is wrong with one event or "", its envelope, and its body (None: withheld)."""
    if canonical(row) + b"\n" != line or sorted(row) != ["body", "envelope", "hash", "salt"]:
        return "line_differs", {}, None
    envelope = str(row["envelope"])
    digest = hashlib.sha256(envelope.encode("utf-8")).hexdigest()
    if digest != row["hash"]:
        return "envelope_differs", {}, None
    said = dict(json.loads(envelope), hash=digest)
    body = None
    if row["body"] is not None:
        salted = bytes.fromhex(str(row["salt"])) + str(row["body"]).encode("utf-8")
        if hashlib.sha256(salted).hexdigest() != said["body_hash"] or row["salt"] != str(row["salt"]).lower():
            return "body_differs", {}, None
        body = json.loads(str(row["body"]))
    elif row["salt"] is not None:
        return "salt_left", {}, None
    ended = not last or (last["epoch"], last["seq"]) in signed
    follows = bool(last) and said["epoch"] == last["epoch"] and said["seq"] == int(str(last["seq"])) + 1
    if follows and said["prev"] != last["hash"]:
        return "not_following", {}, None
    if not follows and not ended:
        return "run_unsigned", {}, None
    if signed.get((said["epoch"], said["seq"]), digest) != digest:
        return "checkpoint_names_other", {}, None
    return "", said, body


# Ed25519 as RFC 8032, section 5.1.7, with points (X, Y, Z, T) of its section 5.1.4.


def verify(public: bytes, message: bytes, signature: bytes) -> bool:
    if len(public) != 32 or len(signature) != 64:
        return False
    a, r, s = _point(public), _point(signature[:32]), int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= ORDER:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % ORDER
    left, right = _times(s, BASE), _sum(r, _times(h, a))
    return (left[0] * right[2] - right[0] * left[2]) % P == 0 and (left[1] * right[2] - right[1] * left[2]) % P == 0


def _sum(one: tuple[int, ...], other: tuple[int, ...]) -> tuple[int, ...]:
    a = (one[1] - one[0]) * (other[1] - other[0]) % P
    b = (one[1] + one[0]) * (other[1] + other[0]) % P
    c = 2 * one[3] * other[3] * D % P
    d = 2 * one[2] * other[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def _times(factor: int, point: tuple[int, ...]) -> tuple[int, ...]:
    total: tuple[int, ...] = (0, 1, 1, 0)
    while factor:
        if factor & 1:
            total = _sum(total, point)
        point, factor = _sum(point, point), factor >> 1
    return total


def _point(packed: bytes) -> tuple[int, ...] | None:
    y = int.from_bytes(packed, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT % P
    if (x * x - square) % P or (not x and sign):
        return None
    x = P - x if x & 1 != sign else x
    return (x, y, 1, x * y % P)


BASE = _point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little")) or ()


def in_words(extract: bytes, wrong: Wrong) -> str:
    """In every language of reasons.json; the code alone where that file cannot be read."""
    try:
        with zipfile.ZipFile(io.BytesIO(extract)) as archive:
            said = json.loads(archive.read("reasons.json"))[wrong.code]
        return "\n".join(str(text).replace("{where}", wrong.where) for text in said.values())
    except (ValueError, KeyError, TypeError, AttributeError, zipfile.BadZipFile, RuntimeError):
        return " ".join(wrong)


if __name__ == "__main__":
    content = Path(sys.argv[1]).read_bytes()
    wrong, told = check(content)
    sys.stdout.write(
        ("BAD\n" + in_words(content, wrong) if wrong else json.dumps(told, ensure_ascii=False, indent=1)) + "\n"
    )
    sys.exit(1 if wrong else 0)
