"""The first flash of a board over its USB port, by mpremote. Old images go first; the loader is written last."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from edge.devices.board_files import FIRST_SLOT, LOADER, SAFE_SLOT
from edge.errors import DeviceFault

FLASH_WITHIN_S = 300

CLEAR = """
import os
def clear(path):
    try:
        names = os.listdir(path)
    except OSError:
        return
    for name in names:
        name = path + "/" + name
        if os.stat(name)[0] & 0x4000:
            clear(name)
        else:
            os.remove(name)
for slot in ("a", "b", "safe"):
    clear(slot)
"""
PROVE = f"""
import sys
sys.modules.pop("main", None)
import main
print("whole", main.is_whole("{FIRST_SLOT}"), main.is_whole("{SAFE_SLOT}"))
"""


def flash(port: str, files: dict[str, bytes]) -> None:
    """Write these files (path on the board → content) and have the board prove them. Raises DeviceFault.

    A running program is interrupted: its outputs rest, and it does not come back until the board is unplugged.
    """
    with tempfile.TemporaryDirectory() as folder:
        stage = Path(folder) / "board"
        for name, data in files.items():
            if name != LOADER:
                path = stage / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)
        loader = Path(folder) / LOADER
        loader.write_bytes(files[LOADER])
        steps = (
            ["exec", CLEAR],
            ["fs", "cp", "-r", str(stage), ":"],
            ["fs", "cp", str(loader), f":{LOADER}"],
            ["exec", PROVE],
        )
        told = [_mpremote(port, step) for step in steps][-1]
    if "whole True True" not in told:
        raise DeviceFault("board_usb_not_whole", "flash_again", port=port)


def _mpremote(port: str, step: list[str]) -> str:
    # resume: a soft reset would start the old program again, under our hands.
    command = [sys.executable, "-m", "mpremote", "connect", port, "resume", *step]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=FLASH_WITHIN_S)
    except subprocess.TimeoutExpired as error:
        raise DeviceFault("board_usb_silent", "check_usb", port=port, why="") from error
    if done.returncode != 0:
        why = (done.stderr or done.stdout).strip().splitlines()
        raise DeviceFault("board_usb_silent", "check_usb", port=port, why=why[-1] if why else "")
    return done.stdout
