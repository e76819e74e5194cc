"""What workflows may ask of the hardware: small Protocols. ``<what>_<how>.py`` beside this file says how."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from edge.domain.bays import Unplaced
from edge.domain.block import BlockState, MovePlan
from edge.domain.page_seen import FileFacts, PageSeen


class Carriages(Protocol):
    """The shelving block: our own boards through the motion process, or a block without motors (``hand_cranked.py``).

    Nothing here can start a motor: only Start on the block can.
    """

    def state(self) -> BlockState:
        """The newest snapshot, at once; ``alive`` False when the motion process is silent."""
        ...

    def arm(self, plan: MovePlan, move_id: int) -> None:
        """Prove the movers' circuits and light Start. Raises DeviceFault or RuleRefused; nothing moves."""
        ...

    def disarm(self) -> None: ...

    def find_positions(self, move_id: int) -> None:
        """After power-up: arm finding; the carriages move only while a person holds Start."""
        ...

    def doubt(self) -> None:
        """No position is believed, whatever boards say, until all are found anew: what a restart would forget."""
        ...

    def let_local(self) -> None:
        """The maintenance key is turned and signed for: its control point may drive, held. Ends when it is turned back.

        Raises RuleRefused where no key is turned."""
        ...

    def light(self, column: int, slot_light: int, aisle_side: Literal["none", "left", "right", "both"]) -> None:
        """Light one slot's LED (0 = none) and the aisle lamps of one carriage."""
        ...

    def programs(self) -> list[dict[str, Any]]:
        """What every board says of its program: the fields of BoardFirmware, and its ``verdict``. Raises LinkFault."""
        ...

    def stop(self) -> None:
        """STOP: overtakes everything, needs nobody's leave, never raises."""
        ...


class Cranked(Protocol):
    """A block that people move by crank: what they say of it is all that is known. Left edges in mm are returned."""

    def done(self) -> tuple[int, ...]:
        """What was armed has been cranked. Raises RuleRefused."""
        ...

    def stands_open(self, aisle: int) -> tuple[int, ...]:
        """All free rail is in this aisle. Raises RuleRefused."""
        ...


@dataclass(frozen=True, slots=True)
class CodeSeen:
    """One code in a frame. ``quad`` = four corners in pixels, clockwise from top left."""

    text: str
    symbology: str
    quad: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class LineSeen:
    """One printed line. ``weakest``: confidence in its least sure character; ``agreed``: both networks read it."""

    text: str
    weakest: float
    agreed: bool
    quad: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Look:
    """One frame of a camera, read; ``age_ms`` its age then. ``jpeg``: the label cut out of it where ``cropped``, else
    the frame, in which nothing looks like a label. ``lines`` in reading order.
    """

    camera: str
    codes: tuple[CodeSeen, ...]
    jpeg: bytes
    age_ms: int
    lines: tuple[LineSeen, ...] = ()
    cropped: bool = False


@dataclass(frozen=True, slots=True)
class BaySeen:
    """One bay from pictures. ``seen``: ``{"slot", "state", "codes", "lines", "between"}`` of each slot.

    ``picture``: JPEG, all slots side by side.
    """

    seen: tuple[dict[str, Any], ...]
    unplaced: tuple[Unplaced, ...]
    picture: bytes


class Eyes(Protocol):
    """The cameras, through the vision process."""

    def look(self, camera: str) -> Look:
        """Take a fresh frame and read codes and print in it. DeviceFault when camera or process is silent."""
        ...

    def alive(self) -> bool: ...

    def print_fault(self) -> str:
        """The code of the error for which codes are read and print is not; "" while it is."""
        ...

    def still(self, camera: str) -> tuple[bytes, int]:
        """A fresh frame, unread, and its age in ms. DeviceFault as ``look``."""
        ...

    def unplaced(self, index: dict[str, dict[str, str]], jpegs: Sequence[bytes]) -> tuple[Unplaced, ...]:
        """Of ``jpegs`` those that show nothing of the bay; nothing is read. As ``read_bay``."""
        ...

    def read_bay(self, index: dict[str, dict[str, str]], jpegs: Sequence[bytes]) -> BaySeen:
        """``index``: ``slots`` (slot label → slot) and ``expected`` (slot → label). DeviceFault when silent."""
        ...

    def frame_ages_ms(self) -> dict[str, int]:
        """Camera → how long ago its last new frame came; of those that are watched."""
        ...


class PageReader(Protocol):
    """Pages under the document camera and in files, through the vision process: squared, measured and read."""

    def live(self, camera: str) -> bytes:
        """What lies under the camera now, as a small JPEG. DeviceFault as ``page``."""
        ...

    def page(self, camera: str) -> tuple[PageSeen, bytes]:
        """What lies under the camera, and the frame itself. DeviceFault when camera or process is silent."""
        ...

    def pages(self, name: str, data: bytes, on_page: Callable[[PageSeen], None]) -> FileFacts:
        """Each page of a file in turn. InputRefused ``picture_*`` or ``pdf_*`` for one that cannot be read."""
        ...

    def count(self, name: str, data: bytes) -> int:
        """Pages of a file, each of them opened and none of them read. Raises as ``pages``."""
        ...


class Reader(Protocol):
    """Card reader: each call returns the uids (bytes) presented since the last one."""

    def cards(self) -> list[bytes]: ...

    def online(self) -> bool: ...

    def signal(self, accepted: bool) -> None:
        """Green with one beep, or red with two."""
        ...


class Scanner(Protocol):
    """Hand-held code scanner in the aisle: each call returns the texts scanned since the last one."""

    def scans(self) -> list[str]: ...

    def online(self) -> bool: ...


class Door(Protocol):
    """The lock and the contacts of the storeroom door. Whoever is inside opens it by hand, without any of this."""

    @property
    def fitted(self) -> bool: ...

    def is_closed(self) -> bool: ...

    def exit_pressed(self) -> bool:
        """Whether the handle or button inside was used since the last call."""
        ...

    def unlock(self) -> int:
        """Release the lock; for how long, in ms. Only the enrolled panel and the door's own reader lead here."""
        ...

    def lock(self) -> None:
        """At once, where its time still ran."""
        ...


class Printer(Protocol):
    """Printers of this machine."""

    def names(self) -> list[str]:
        """The usual one first; [] = there is none."""
        ...

    def send(self, printer: str, title: str, pdf: bytes, copies: int = 1) -> None:
        """DeviceFault ``printer_unknown`` or ``printer_refused``."""
        ...


class Sounder(Protocol):
    """The alarm buzzer."""

    def sound(self, on: bool) -> None: ...
