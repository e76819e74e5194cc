"""PDF at the front door: each page drawn as it would be printed. Needs no password, runs no script, fetches nothing.

A text layer is not believed: what is searched must be what is seen, so pages are read like any other picture. PDFium
runs in a process for each document (edge/vision/pdf_child.py): what asks too much of it ends there.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Generator, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from PIL import Image

from edge.errors import InputRefused

PAGES_AT_MOST = 2000  # of one file of any format
PAGE_CPU_S = 60  # a plan of many lines takes some on a Pi
CHILD = Path(__file__).with_name("pdf_child.py")

Answer = tuple[dict[str, Any], bytes]


def is_pdf(data: bytes) -> bool:
    """Readers look for the mark in the first kilobyte."""
    return b"%PDF-" in data[:1024]


def pages_of_pdf(data: bytes, name: str) -> Iterator[Image.Image]:
    """Raises InputRefused ``pdf_locked``, ``_damaged``, ``_empty``, ``_overruns``, ``picture_too_many_pages``."""
    count, drawn = -1, 0
    with closing(_answers(data, "pages", PAGE_CPU_S)) as answers:
        for answer, rows in answers:
            if refused := answer.get("refused"):
                raise InputRefused(refused, "unlock_file" if refused == "pdf_locked" else "scan_again", file=name)
            if count < 0:
                count = answer["count"]
                if not count:
                    raise InputRefused("pdf_empty", "scan_again", file=name)
                if count > PAGES_AT_MOST:
                    raise InputRefused(
                        "picture_too_many_pages", "split_file", file=name, pages=count, most=PAGES_AT_MOST
                    )
                continue
            drawn += 1
            picture = Image.frombuffer("RGB", tuple(answer["size"]), rows, "raw", "RGB", answer["stride"], 1)
            del rows  # copied: a page of A4 is 26 MB of them
            yield picture
    if drawn != count:
        raise InputRefused("pdf_overruns", "print_to_new_pdf", file=name, page=drawn + 1)


def told_by_pdf(data: bytes, unpacked_at_most: int) -> Answer | None:
    """What the file tells of itself, as the child has it, and the file in plain; None where that asks too much."""
    with closing(_answers(data, "facts", PAGE_CPU_S, unpacked_at_most)) as answers:
        return next(answers, None)


def _answers(data: bytes, verb: str, *limits: int) -> Generator[Answer, None, None]:
    """All that a child answers, until it ends or is ended."""
    argv = [sys.executable, "-P", str(CHILD), verb, *map(str, limits)]
    child = subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert child.stdin and child.stdout
    try:
        with suppress(BrokenPipeError):
            child.stdin.write(data)
            child.stdin.close()
        while head := child.stdout.readline():
            answer = json.loads(head)
            payload = [child.stdout.read(answer["bytes"])]
            if len(payload[0]) < answer["bytes"]:
                return
            yield answer, payload.pop()  # not held here while somebody works with it
    finally:
        child.kill()
        child.wait()
        child.stdout.close()
        with suppress(BrokenPipeError):
            child.stdin.close()
