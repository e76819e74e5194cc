"""/main.py of every board: starts one of two images, or the safe program when none can be trusted.

Written over USB only; an update never touches it. It imports nothing of an image before it has chosen one.
A *trial* is an image that a person has just activated: it gets one start, and if it is not confirmed in it the one
before runs again. The *active* image gets TRIES starts; then the safe program answers, until the next power-up.
"""

import binascii
import hashlib
import json
import os
import sys

RECORD = "slots.json"
MANIFEST = "manifest"
SAFE = "safe"
TRIES = 3


def record_from(kept):
    """active, trial, previous: slot folders or ""; tries: starts not yet confirmed; reverted: what was given up.

    What is missing or strange in ``kept`` is as on a board that was never updated: image a, if it is whole.
    """
    record = {"active": "a", "trial": "", "previous": "", "tries": 0, "reverted": ""}
    for name in record:
        if isinstance(kept, dict) and isinstance(kept.get(name), type(record[name])):
            record[name] = kept[name]
    return record


def read_record():
    try:
        with open(RECORD) as file:
            return record_from(json.load(file))
    except (OSError, ValueError):
        return record_from(None)


def write_record(record):
    with open(RECORD + ".new", "w") as file:
        json.dump(record, file)
    os.rename(RECORD + ".new", RECORD)


def image_files(manifest):
    """[(name, bytes, SHA-256 in hexadecimal), …] of a manifest, or None when it is none."""
    try:
        found = json.loads(manifest)
        if found["format"] != 1:
            return None
        return [(str(name), int(count), str(digest)) for name, count, digest in found["files"]]
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def file_is_whole(path, count, digest, opened=open):
    """Whether the file has this length and hash. Reads in pieces, for the heap's sake."""
    hasher = hashlib.sha256()
    try:
        with opened(path, "rb") as file:
            while True:
                piece = file.read(512)
                if not piece:
                    break
                count -= len(piece)
                hasher.update(piece)
    except OSError:
        return False
    return count == 0 and binascii.hexlify(hasher.digest()).decode() == digest


def is_whole(slot, opened=open):
    """Whether every file of this slot's manifest is there, byte for byte."""
    try:
        with opened(slot + "/" + MANIFEST, "rb") as file:
            files = image_files(file.read())
    except OSError:
        return False
    if not files:
        return False
    for name, count, digest in files:
        if not file_is_whole(slot + "/" + name, count, digest, opened):
            return False
    return True


def choose(record, whole):
    """The slot to start; ``record`` becomes what has to be written before. ``whole(slot)`` looks at its files."""
    trial = record["trial"]
    if trial:
        if record["tries"] == 0 and whole(trial):
            record["tries"] = 1
            return trial
        record["trial"] = ""
        record["tries"] = 0
        record["reverted"] = trial
    if record["tries"] < TRIES and whole(record["active"]):
        record["tries"] += 1
        return record["active"]
    record["tries"] = 0
    if not whole(record["active"]) and record["previous"] and whole(record["previous"]):
        record["reverted"] = record["active"]
        record["active"] = record["previous"]
        record["previous"] = ""
        record["tries"] = 1
        return record["active"]
    return SAFE


def start():
    """Choose, remember, run. A program that ends with an error is tried again after a reset."""
    record = read_record()
    slot = choose(record, is_whole)
    write_record(record)
    sys.path.insert(0, slot)
    try:
        import firmware

        firmware.SLOT = slot
        from firmware import main

        main.run()
    except Exception as error:  # noqa: BLE001  the board's outermost frame: whatever it was, start again
        print("storeroom:", slot, "ended:", repr(error))
        if hasattr(sys, "print_exception"):  # MicroPython's
            sys.print_exception(error)
        for name in list(sys.modules):
            if name.startswith("firmware"):
                del sys.modules[name]
        sys.path[0] = SAFE
        from firmware import hal

        hal.reset()


if __name__ == "__main__":
    start()
