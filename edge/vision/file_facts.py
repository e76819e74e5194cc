"""What a file says of itself: its format, author, dates and program, and what in it could do harm."""

from __future__ import annotations

import io
import warnings

from PIL import ExifTags, Image

from edge.domain.page_seen import FileFacts
from edge.vision.pdf_active import UNPACKED_AT_MOST, active_in, shut
from edge.vision.pdf_pages import is_pdf, told_by_pdf
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
    told = told_by_pdf(data, UNPACKED_AT_MOST)
    if told is None:
        return FileFacts("PDF", alarming=("unknown",))
    said, plain = told
    known, version = said["metadata"], said["version"]
    alarming = [name for name in ("script", "attachment", "form") if said[name]]
    alarming += [*active_in(data), *active_in(plain), *(() if said["whole"] and not shut(data) else ("unknown",))]
    return FileFacts(
        format=f"PDF {version // 10}.{version % 10}" if version else "PDF",
        author=_short(known.get("Author")),
        created=_short(known.get("CreationDate")),
        modified=_short(known.get("ModDate")),
        made_with=_short(known.get("Producer") or known.get("Creator")),
        alarming=tuple(dict.fromkeys(alarming)),
    )


def _short(said: object) -> str:
    return " ".join(str(said).replace("\0", " ").split())[:SHORT] if said else ""
