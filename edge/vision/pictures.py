"""The front door for pictures from files and cameras: what cannot be read is refused with its reason.

JPEG, PNG, BMP, WebP, TIFF and PDF (each page) come out as upright RGB. OFD is known and refused: no library of a
permissive licence draws it as its signer saw it.
"""

from __future__ import annotations

import io
import struct
import warnings
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import GifImagePlugin, Image, ImageOps, TiffImagePlugin, UnidentifiedImageError, WebPImagePlugin

from edge.errors import DeviceFault, InputRefused
from edge.vision.pdf_pages import PAGES_AT_MOST, is_pdf, pages_of_pdf

FORMATS = (  # each of these modules registers its own
    "JPEG",
    "PNG",
    "BMP",
    WebPImagePlugin.WebPImageFile.format,
    TiffImagePlugin.TiffImageFile.format,
    GifImagePlugin.GifImageFile.format,
)
SUFFIXES = frozenset((".jpg", ".jpeg", ".png", ".bmp", ".webp", ".tif", ".tiff", ".gif", ".pdf", ".ofd"))
PIXELS_AT_MOST = 80_000_000  # an A3 sheet at 600 dpi
BYTES_AT_MOST = 400_000_000
# what Pillow's decoders raise on files that were cut short, damaged or made to deceive
DAMAGE = (OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, TypeError, OverflowError, struct.error)


def pages(path: Path) -> Iterator[Image.Image]:
    """Each page of the file. Raises InputRefused ``picture_*`` with ``file``, as the path was given."""
    try:
        size = path.stat().st_size
        if size > BYTES_AT_MOST:
            raise InputRefused("picture_file_too_large", "scan_smaller", file=str(path), megabytes=size // 1_000_000)
        data = path.read_bytes()
    except OSError as error:
        raise InputRefused("picture_not_opened", "check_path", file=str(path), why=error.strerror or "") from error
    yield from pages_of(data, str(path))


def frame(jpeg: bytes) -> Image.Image:
    """What a camera handed over. DeviceFault ``frame_unreadable`` where it is no picture."""
    try:
        return next(pages_of(jpeg, ""))
    except InputRefused as error:
        raise DeviceFault("frame_unreadable", "check_camera") from error


def pages_of(data: bytes, name: str) -> Iterator[Image.Image]:
    """The same of bytes; ``name`` is told to a person."""
    if not data:
        raise InputRefused("picture_empty", "scan_again", file=name)
    if is_pdf(data):
        yield from pages_of_pdf(data, name)
        return
    if data.startswith(b"PK\x03\x04") and b"OFD.xml" in data:
        raise InputRefused("ofd_not_shown", "save_as_pdf", file=name)
    picture = _opened(data, name)
    with picture:
        frames = getattr(picture, "n_frames", 1)
        if frames > 1 and picture.format not in ("TIFF", "MPO"):
            raise InputRefused("picture_moves", "save_one_frame", file=name)
        if frames > PAGES_AT_MOST:
            raise InputRefused("picture_too_many_pages", "split_file", file=name, pages=frames, most=PAGES_AT_MOST)
        for page in range(frames if picture.format == "TIFF" else 1):
            yield _decoded(picture, page, name)


def _opened(data: bytes, name: str) -> Image.Image:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # size is judged below, damage by its consequences
            picture = Image.open(io.BytesIO(data), formats=FORMATS)
            _ = getattr(picture, "n_frames", 1)
            return picture
    except UnidentifiedImageError as error:
        raise InputRefused("picture_unreadable", "check_is_picture", file=name) from error
    except Image.DecompressionBombError as error:
        raise InputRefused("picture_too_large", "scan_smaller", file=name, megapixels="> 179") from error
    except DAMAGE as error:
        raise InputRefused("picture_damaged", "scan_again", file=name) from error


def _decoded(picture: Image.Image, page: int, name: str) -> Image.Image:
    try:
        if page:
            picture.seek(page)
        width, height = picture.size
        if width * height > PIXELS_AT_MOST:
            raise InputRefused("picture_too_large", "scan_smaller", file=name, megapixels=width * height // 1_000_000)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            picture.load()
            upright = picture.copy() if picture.format == "TIFF" else picture  # whose next page takes the same place
            ImageOps.exif_transpose(upright, in_place=True)
            return _rgb(upright)
    except Image.DecompressionBombError as error:
        raise InputRefused("picture_too_large", "scan_smaller", file=name, megapixels="> 179") from error
    except DAMAGE as error:
        raise InputRefused("picture_damaged", "scan_again", file=name) from error


def _rgb(picture: Image.Image) -> Image.Image:
    """On white paper where it is transparent; greys of more than eight bits from their darkest to their lightest."""
    if picture.mode.startswith(("I", "F")):
        values = np.asarray(picture, np.float32)
        low, spread = values.min(), np.ptp(values) or 1.0
        return Image.fromarray(np.rint((values - low) * (255 / spread)).astype(np.uint8)).convert("RGB")
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        layered = picture.convert("RGBA")
        paper = Image.new("RGBA", layered.size, "white")
        return Image.alpha_composite(paper, layered).convert("RGB")
    return picture if picture.mode == "RGB" else picture.convert("RGB")
