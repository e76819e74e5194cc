"""A printed page as a person holds it: its picture, its words, and what type it carries."""

import io
import re
import zlib

import pypdfium2
from PIL import Image


def picture(pdf: bytes, page: int = 0, dpi: int = 150) -> Image.Image:
    return pypdfium2.PdfDocument(io.BytesIO(pdf))[page].render(scale=dpi / 72).to_pil()


def words(pdf: bytes) -> list[str]:
    """The text of each page, blanks and line ends taken out."""
    document = pypdfium2.PdfDocument(io.BytesIO(pdf))
    return ["".join(document[page].get_textpage().get_text_bounded().split()) for page in range(len(document))]


def size_mm(pdf: bytes, page: int = 0) -> tuple[int, int]:
    width, height = pypdfium2.PdfDocument(io.BytesIO(pdf))[page].get_size()
    return round(width / 72 * 25.4), round(height / 72 * 25.4)


def fonts(pdf: bytes) -> set[str]:
    return {name.decode() for name in re.findall(rb"/BaseFont /([^\s/]+)", pdf)}


def embedded_fonts(pdf: bytes) -> int:
    return len(re.findall(rb"/FontFile3 \d+ 0 R", pdf))


def streams(pdf: bytes) -> list[bytes]:
    return [zlib.decompress(part) for part in re.findall(rb"stream\n(.*?)\nendstream", pdf, re.DOTALL)]
