"""Check an exported trace with nothing but Python 3.8 or newer: python3 trace_verify.py [FOLDER]

Each line of trace.jsonl is {"body", "envelope", "hash", "salt"}: hash = SHA-256 of the envelope text; the envelope
names the hash of the event before ("prev") and body_hash = SHA-256(salt bytes + body text). A body may be withheld
(null); the chain holds without it. Compare the heads printed at the end with those on paper or at the centre.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

GENESIS = "0" * 64
SAYS = {
    "as_exported": "the line is not as it was exported",
    "hash": "the envelope does not have this hash",
    "body": "the body does not have the hash that the envelope names",
    "chain": "it does not follow the event before",
    "checkpoint": "a signed checkpoint names another hash",
    "unreadable": "it cannot be read",
    "cut": "the line has no end",
    "missing": "it is missing: a checkpoint names an event behind the last line",
}


def canonical(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8")


def fault(line: bytes, last: dict[str, tuple[int, str]], points: dict[tuple[str, int], str]) -> str:
    """What is wrong with this line, a name of SAYS, or "". last: epoch -> (seq, hash), kept up to date here."""
    try:
        row = json.loads(line)
        said = json.loads(row["envelope"])
        if canonical(row) != line or sorted(row) != ["body", "envelope", "hash", "salt"]:
            return "as_exported"
        if hashlib.sha256(row["envelope"].encode("utf-8")).hexdigest() != row["hash"]:
            return "hash"
        if row["body"] is not None:
            salted = bytes.fromhex(row["salt"]) + row["body"].encode("utf-8")
            if hashlib.sha256(salted).hexdigest() != said["body_hash"] or row["salt"] != row["salt"].lower():
                return "body"
        seq, head = last.get(said["epoch"], (0, GENESIS))
        if said["seq"] != seq + 1 or said["prev"] != head:
            return "chain"
        if points.get((said["epoch"], said["seq"]), row["hash"]) != row["hash"]:
            return "checkpoint"
        last[said["epoch"]] = (said["seq"], row["hash"])
    except (ValueError, KeyError, TypeError, AttributeError):
        return "unreadable"
    return ""


def check(folder: Path) -> tuple[int, str, dict[str, tuple[int, str]]]:
    """(lines good or the bad one's number, "" or a name of SAYS, the end of each epoch)"""
    signed = (folder / "checkpoints.jsonl").read_text("utf-8").splitlines()
    points = {(point["epoch"], point["seq"]): point["head"] for point in map(json.loads, signed)}
    last: dict[str, tuple[int, str]] = {}
    number = 0
    with (folder / "trace.jsonl").open("rb") as lines:
        for number, line in enumerate(lines, 1):
            why = fault(line[:-1], last, points) if line.endswith(b"\n") else "cut"
            if why:
                return number, why, last
    if any(seq > last.get(epoch, (0, ""))[0] for epoch, seq in points):
        return number + 1, "missing", last
    return number, "", last


def main() -> None:
    number, why, last = check(Path(sys.argv[1] if len(sys.argv) > 1 else "."))
    if why:
        sys.exit(f"BAD: event on line {number}: {SAYS[why]}")
    sys.stdout.write(f"good: {number} events\n")
    for epoch, (seq, head) in last.items():
        sys.stdout.write(f"epoch {epoch} ends at {seq} with {head}\n")


if __name__ == "__main__":
    main()
