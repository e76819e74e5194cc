"""What a test needs from the machine and pip does not bring: missing on a desk it is skipped, in CI it fails.

A gate that quietly skips proves nothing: .ci/run installs all of it.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
from pathlib import Path

import pytest

CJK_FONT = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def needed(there: object, what: str) -> None:
    """Go on where ``there`` is true; else skip, or fail where CI=true. ``what``: what is missing and how to get it."""
    if there:
        return
    if os.environ.get("CI") == "true":
        pytest.fail(f"CI must have this: {what}", pytrace=False)
    pytest.skip(what)


def cjk_font() -> Path:
    needed(CJK_FONT.exists(), "needs the Noto CJK fonts: sudo apt install fonts-noto-cjk")
    return CJK_FONT


def micropython_vm() -> None:
    """There is a wheel of it for x86_64 only; elsewhere the bench's boards run under CPython."""
    needed(importlib.util.find_spec("micropython_unix"), "needs the MicroPython VM: make setup installs it on x86_64")


def chromium() -> str:
    """Its path."""
    path = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    needed(path, "needs Chromium: sudo apt install chromium fonts-noto-cjk")
    assert path is not None
    return path


def programs(*names: str) -> None:
    missing = [name for name in names if shutil.which(name) is None]
    needed(not missing, f"needs {', '.join(missing)}: sudo apt install {' '.join(missing)}")
