"""What the vision process answers about bays of shelving, on the same socket as looks (edge/vision/server.py).

``{"do": "still", "camera": "mast-top"}`` → ``{"ok": {"age_ms": 40, "jpeg_bytes": n}}`` + the frame
``{"do": "bay", "index_bytes": i, "jpegs": [n, …]}`` + index + frames → ``{"ok": {"seen": […], "unplaced": […],
"jpeg_bytes": m}}`` + all slots as one picture. Index: ``{"slots": {slot label: slot}, "expected": {slot: label}}``;
``{"do": "bay_labels", …}``, index and frames as above → ``{"ok": {"unplaced": […]}}``: in a second, nothing is read.
seen: ``{"slot", "state", "codes", "lines", "between"}``; unplaced: ``{"picture", "others", "blurred"}``.
Refused: ``{"error": {…}}``.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import partial
from io import BufferedIOBase
from typing import Any

from PIL import Image

from edge.clock import Clock
from edge.domain import slot_codes
from edge.errors import LinkFault
from edge.vision.cameras import Cameras
from edge.vision.pictures import BYTES_AT_MOST, frame
from edge.vision.reader import Reader
from edge.vision.shelf import SectionSeen, SlotSeen, read_section
from edge.vision.shelf_grid import Place
from edge.vision.shelf_labels import Opener, unplaced_of
from edge.vision.shelf_picture import side_by_side

INDEX_BYTES_AT_MOST = 1_000_000
JPEG_QUALITY = 80

Answer = tuple[dict[str, Any], bytes]


@dataclass(frozen=True, slots=True)
class BayIndex:
    """The slots of one bay by code and by place, and what the index has in them; from the JSON above."""

    labels: dict[str, Place]
    expected: dict[Place, str]
    codes: dict[Place, str]

    @classmethod
    def of(cls, index: dict[str, Any]) -> BayIndex:
        """Raises InputRefused ``slot_code_unreadable``."""
        slots = {code: slot_codes.parse(code) for code in index["slots"].values()}
        places = {code: (slot.level, slot.position) for code, slot in slots.items()}
        return cls(
            {label: places[code] for label, code in index["slots"].items()},
            {places[code]: label for code, label in index["expected"].items()},
            {place: code for code, place in places.items()},
        )

    def as_json(self, slot: SlotSeen) -> dict[str, Any]:
        return {
            "slot": self.codes[slot.level, slot.position],
            "state": slot.state,
            "codes": list(slot.codes),
            "lines": [[line.text, line.weakest, line.agreed] for line in slot.lines],
            "between": self.codes.get((slot.level, slot.between), ""),
        }


class BayRequests:
    KINDS = ("still", "bay", "bay_labels")

    def __init__(self, cameras: Cameras, reader: Reader, clock: Clock) -> None:
        self._cameras, self._reader, self._clock = cameras, reader, clock

    def answers(self, request: dict[str, Any], sent: BufferedIOBase) -> Iterator[Answer]:
        """``sent``: where index and frames follow. Raises DeviceFault or LinkFault."""
        if request["do"] == "still":
            asked_ms = self._clock.monotonic_ms()
            still = self._cameras.still(str(request.get("camera")))
            age_ms = still.age_ms + self._clock.monotonic_ms() - asked_ms
            yield {"age_ms": age_ms, "jpeg_bytes": len(still.jpeg)}, still.jpeg
            return
        sizes = [int(size) for size in request.get("jpegs", ())]
        index_bytes = int(request.get("index_bytes", 0))
        if not 0 < index_bytes <= INDEX_BYTES_AT_MOST or any(size <= 0 for size in sizes) or sum(sizes) > BYTES_AT_MOST:
            raise LinkFault("vision_unknown_request", "update_storeroom", do=str(request["do"]))
        index = BayIndex.of(json.loads(sent.read(index_bytes)))
        jpegs = [sent.read(size) for size in sizes]
        if [len(jpeg) for jpeg in jpegs] != sizes:
            raise LinkFault("vision_unknown_request", "update_storeroom", do=str(request["do"]))
        openers: list[Opener] = [partial(frame, jpeg) for jpeg in jpegs]
        if request["do"] == "bay_labels":
            yield {"unplaced": [asdict(one) for one in unplaced_of(openers, index.labels)]}, b""
            return
        section: SectionSeen = read_section(openers, index.labels, index.expected, self._reader)
        picture = _jpeg(side_by_side(section.thumbs, index.codes))
        seen = [index.as_json(slot) for slot in section.slots]
        yield {"seen": seen, "unplaced": [asdict(one) for one in section.unplaced], "jpeg_bytes": len(picture)}, picture


def _jpeg(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=JPEG_QUALITY)
    return out.getvalue()
