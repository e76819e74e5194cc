"""A line whose text is known: each network reads it before it reads for anybody.

A runtime that computes a network otherwise gives blanks or other signs and no error; nobody may take them for answers.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

from PIL import Image

from edge.errors import DeviceFault


@cache
def picture() -> Image.Image:
    """RGB, the line alone. Raises DeviceFault ``ocr_missing``."""
    try:
        with files("models").joinpath(_known()["file"]).open("rb") as stored, Image.open(stored) as line:
            return line.convert("RGB")
    except OSError as error:
        raise DeviceFault("ocr_missing", "install_again", what=_known()["file"]) from error


def says(read: str) -> bool:
    """Whether ``read`` is what is written there; blanks do not count."""
    return "".join(read.split()) == _known()["text"]


def refuse(file: str) -> DeviceFault:
    """``networks_misread``, for the network of ``file``."""
    return DeviceFault("networks_misread", "install_litert", what=file)


@cache
def _known() -> dict[str, str]:
    known: dict[str, str] = tomllib.loads(files("models").joinpath("manifest.toml").read_text("utf-8"))["known"]
    return known
