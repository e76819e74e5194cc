"""``[[camera]]`` and ``[camera.controls]`` of node.toml: what is plugged in, what it sees, and how it is set.

Controls bear libcamera's own names, so that its manual holds; whether a camera has one is seen when it is opened.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from edge.config_table import Table
from edge.domain import slot_codes
from edge.errors import InputRefused
from edge.words import Words

DRIVERS = ("picamera2", "v4l2", "socket", "folder")
# mast: a trolley's lens, a whole section in two shots of all of them; else the bay that a fixed camera sees
SEES = ("counter", "pages", "mast")

Control = str | bool | int | float | tuple[int, ...] | tuple[float, ...]

NAMED = {  # each of its values by name, as in libcamera.controls.<control>Enum
    "AfMode": ("Manual", "Auto", "Continuous"),
    "AfRange": ("Normal", "Macro", "Full"),
    "AfSpeed": ("Normal", "Fast"),
    "AeMeteringMode": ("CentreWeighted", "Spot", "Matrix"),
    "AeFlickerMode": ("Off", "Manual"),
    "AwbMode": ("Auto", "Incandescent", "Tungsten", "Fluorescent", "Indoor", "Daylight", "Cloudy"),
}
FLAGS = ("AeEnable", "AwbEnable")
WHOLE = {"ExposureTime": (1, 10_000_000), "AeFlickerPeriod": (1_000, 100_000)}  # both in µs
FRACTIONS = {
    "LensPosition": (0.0, 32.0),  # dioptres: 2.0 is half a metre
    "AnalogueGain": (1.0, 64.0),
    "ExposureValue": (-8.0, 8.0),
    "Sharpness": (0.0, 16.0),
    "Contrast": (0.0, 32.0),
    "Brightness": (-1.0, 1.0),
}
SEVERAL = {"ColourGains": (2, 0.0, 32.0), "ScalerCrop": (4, 0, 100_000)}  # red, blue; x, y, width, height in pixels


@dataclass(frozen=True, slots=True)
class Camera:
    """``px_per_mm`` at its working distance; 0 = nobody has measured it. ``controls``: of picamera2, by name."""

    id: str
    driver: str
    path: str
    sees: str = "counter"
    px_per_mm: float = 0.0
    controls: Mapping[str, Control] = field(default_factory=dict)

    @property
    def bay(self) -> str:
        """The bay before which it hangs; "" for one that sees something else."""
        return "" if self.sees in SEES else self.sees

    @property
    def watched(self) -> bool:
        """A mast is unplugged when nobody walks it, and a folder shows what somebody put there."""
        return self.sees != "mast" and self.driver != "folder"


def camera_in(table: Table) -> Camera:
    driver = table.choice("driver", DRIVERS)
    controls = table.maybe("controls")
    return Camera(
        table.text("id"),
        driver,
        table.text("path", default=""),
        _sees(table),
        table.number("px_per_mm", 0.0, 100.0, default=0.0),
        _controls(controls, driver) if controls else {},
    )


def _sees(table: Table) -> str:
    sees = table.text("sees", default="counter")
    if sees in SEES:
        return sees
    bay = slot_codes.prefix(sees)
    try:
        slot_codes.parse(f"{bay}-1-01")
    except InputRefused:
        table.wrong("sees", Words("config_problem.camera_sees", {"known": ", ".join(SEES), "value": sees}))
    return bay


def _controls(table: Table, driver: str) -> dict[str, Control]:
    found: dict[str, Control] = {}
    for name in table.names():
        if name in NAMED:
            found[name] = table.choice(name, NAMED[name])
        elif name in FLAGS:
            found[name] = table.flag(name, default=False)
        elif name in WHOLE:
            found[name] = table.whole(name, *WHOLE[name])
        elif name in FRACTIONS:
            found[name] = table.number(name, *FRACTIONS[name], default=FRACTIONS[name][0])
        elif name in SEVERAL:
            found[name] = table.numbers(name, *SEVERAL[name])
        else:
            known = sorted((*NAMED, *FLAGS, *WHOLE, *FRACTIONS, *SEVERAL))
            table.wrong(name, Words("config_problem.no_such_control", {"known": ", ".join(known)}))
    if found and driver != "picamera2":
        table.wrong("", Words("config_problem.controls_without_driver", {"driver": driver}))
    if "LensPosition" in found and found.get("AfMode") != "Manual":
        table.wrong("LensPosition", Words("config_problem.lens_not_manual"))
    if any(name in found for name in ("ExposureTime", "AnalogueGain")) and found.get("AeEnable", True):
        table.wrong("AeEnable", Words("config_problem.exposure_not_manual"))
    return found
