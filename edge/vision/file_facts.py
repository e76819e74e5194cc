"""What a file says of itself: its format, author, dates and program, and what in it could do harm."""

from __future__ import annotations

import ctypes
import io
import warnings

import pypdfium2
from PIL import ExifTags, Image
from pypdfium2 import raw

from edge.domain.page_seen import FileFacts
from edge.vision.pdf_active import UNPACKED_AT_MOST, active_in, shut
from edge.vision.pdf_pages import is_pdf, one_at_a_time
from edge.vision.pictures import DAMAGE, FORMATS

SHORT = 200  # characters kept of what a file says
BEHIND_THE_END = 4096  # bytes that may follow a JPEG's end mark: some cameras write a preview


def file_facts(data: bytes) -> FileFacts:
    """Of a file that the front door let in; never raises for what one says wrongly."""
    if is_pdf(data):
        return _of_pdf(data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(data), formats=FORMATS) as picture:
                form = picture.format or ""
                exif = picture.getexif()
    except (*DAMAGE, Image.DecompressionBombError):
        return FileFacts("")
    behind = form == "JPEG" and len(data) - (data.rfind(b"\xff\xd9") + 2) > BEHIND_THE_END
    taken = exif.get_ifd(ExifTags.IFD.Exif).get(ExifTags.Base.DateTimeOriginal)
    return FileFacts(
        format=form,
        author=_short(exif.get(ExifTags.Base.Artist)),
        created=_short(taken),
        modified=_short(exif.get(ExifTags.Base.DateTime)),
        made_with=_short(exif.get(ExifTags.Base.Software) or exif.get(ExifTags.Base.Model)),
        alarming=("bytes_behind_end",) if behind else (),
    )


def _of_pdf(data: bytes) -> FileFacts:
    with one_at_a_time:
        try:
            document = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError:
            return FileFacts("PDF", alarming=("unknown",))
        try:
            told = document.get_metadata_dict()
            listed = {
                "script": raw.FPDFDoc_GetJavaScriptActionCount(document) > 0,
                "attachment": raw.FPDFDoc_GetAttachmentCount(document) > 0,
                "form": raw.FPDF_GetFormType(document) in (raw.FORMTYPE_XFA_FULL, raw.FORMTYPE_XFA_FOREGROUND),
            }
            version = ctypes.c_int()
            known = raw.FPDF_GetFileVersion(document, version)
            plain = _in_plain(document, data)
        finally:
            document.close()
    return FileFacts(
        format=f"PDF {version.value // 10}.{version.value % 10}" if known else "PDF",
        author=_short(told.get("Author")),
        created=_short(told.get("CreationDate")),
        modified=_short(told.get("ModDate")),
        made_with=_short(told.get("Producer") or told.get("Creator")),
        alarming=tuple(dict.fromkeys([*(name for name, there in listed.items() if there), *active_in(data), *plain])),
    )


def _in_plain(document: pypdfium2.PdfDocument, data: bytes) -> tuple[str, ...]:
    """What is active in it once PDFium has unlocked and unpacked every object; ``unknown`` where it cannot."""
    out = _Bounded(len(data) + UNPACKED_AT_MOST)
    try:
        document.save(out, flags=raw.FPDF_REMOVE_SECURITY)
    except pypdfium2.PdfiumError:
        return ("unknown",)
    unknown = ("unknown",) if out.left < 0 or shut(data) else ()
    return active_in(out.getvalue()) + unknown


class _Bounded(io.BytesIO):
    """Takes ``left`` bytes and no more: an object of a few bytes may unpack to gigabytes."""

    def __init__(self, left: int) -> None:
        super().__init__()
        self.left = left

    def write(self, part: bytes, /) -> int:  # type: ignore[override]
        self.left -= len(part)
        return super().write(part) if self.left >= 0 else len(part)


def _short(said: object) -> str:
    return " ".join(str(said).replace("\0", " ").split())[:SHORT] if said else ""
