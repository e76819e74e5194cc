"""The most that the vision process itself ever holds, with frames of 12 megapixels: a look, a page, a bay.

The process is the one the node starts, asked over its own socket.
"""

from __future__ import annotations

import json
import random
import re
import socket
import subprocess
import sys
import time
from importlib.resources import files
from pathlib import Path

from edge.domain import labels
from models.scenes import spines
from models.scenes.fonts import FONTS
from models.scenes.pages import pages
from tests.benchmarks.figure import Figure, missed

START_S = 60
ANSWER_S = 600


def measure(folder: Path) -> list[Figure]:
    if not FONTS:
        return [missed("vision process, memory at most", "MB", "the Noto CJK fonts are not installed")]
    stills = folder / "stills"
    stills.mkdir()
    (page,) = pages(1, "camera")
    (stills / "page.jpg").write_bytes(page.jpeg)
    example = files("edge").joinpath("node.example.toml").read_text("utf-8")
    config = folder / "node.toml"
    config.write_text(example.replace('driver = "picamera2"', f'driver = "folder"\npath = "{stills}"', 1), "utf-8")
    command = [sys.executable, "-m", "edge.vision", "--config", str(config)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    path = folder / "run" / "vision.sock"
    try:
        _wait(path)
        figures = []
        for ask, after in (("look", "a look"), ("page", "a look and a page")):
            _ask(path, {"do": ask, "camera": "counter"})
            figures.append(_peak(process.pid, after))
        index, jpegs = _bay()
        told = json.dumps(index).encode()
        request = {"do": "bay", "index_bytes": len(told), "jpegs": [len(jpeg) for jpeg in jpegs]}
        _ask(path, request, told + b"".join(jpegs))
        return [*figures, _peak(process.pid, f"a look, a page and a bay of {len(jpegs)} frames")]
    finally:
        process.terminate()
        process.wait(timeout=START_S)


def _ask(path: Path, request: dict[str, object], after: bytes = b"") -> None:
    """Waits as long as it takes: what is measured is not how busy the machine is."""
    with socket.socket(socket.AF_UNIX) as link:
        link.settimeout(ANSWER_S)
        link.connect(str(path))
        link.sendall(json.dumps(request).encode() + b"\n" + after)
        answer = json.loads(link.makefile("rb").readline())
        assert "ok" in answer, answer


def _wait(path: Path) -> None:
    ends = time.monotonic() + START_S
    while not path.exists() and time.monotonic() < ends:
        time.sleep(0.5)


def _peak(pid: int, after: str) -> Figure:
    status = Path(f"/proc/{pid}/status").read_text("utf-8")
    (kilobytes,) = re.findall(r"VmHWM:\s*(\d+) kB", status)
    return Figure(f"vision process, memory at most, {after}", round(int(kilobytes) / 1024), "MB", "count")


def _bay() -> tuple[dict[str, dict[str, str]], list[bytes]]:
    """A section of six levels in which every eighth box has changed places with its neighbour."""
    dice = random.Random(3)
    places = [(level, position) for level in range(1, 7) for position in range(1, 19)]
    slots = {place: labels.make("S", dice.getrandbits(64)) for place in places}
    homes = {
        place: spines.Spine(labels.make("B", dice.getrandbits(64)), "J019", f"{number:04d}")
        for number, place in enumerate(places, 1)
    }
    stands = dict(homes)
    for one, other in zip(places[::8], places[1::8], strict=False):
        stands[one], stands[other] = stands[other], stands[one]
    code = {place: f"B1-A-01-R-01-{place[0]}-{place[1]:02d}" for place in places}
    index = {
        "slots": {label: code[place] for place, label in slots.items()},
        "expected": {code[place]: spine.label for place, spine in homes.items()},
    }
    return index, spines.pictures(spines.Section(slots, stands), spines.LIGHTS["fair"], dice)
