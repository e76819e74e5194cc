"""A frame or a scan becomes a page: found, squared, stood upright, measured and read."""

from __future__ import annotations

import io
from dataclasses import asdict
from functools import partial
from typing import Any

from PIL import Image

from edge.domain.page_seen import Found, Measures, PageLine
from edge.vision.lie import Turned, lie, upright
from edge.vision.page_measures import edge_width_px, light, slope_cdeg
from edge.vision.reader import Reader, Region
from edge.vision.sheet import find_sheet, squared
from edge.vision.stamp import cells, find_stamp

JPEG_QUALITY = 85
FILLS_THE_SCAN = 0.97  # of each side: a scan whose paper ends here shows the scanner's lid, not a desk


def page_in(picture: Image.Image, reader: Reader, number: int, *, of_camera: bool) -> tuple[dict[str, Any], bytes]:
    """The answer's ``page`` and its JPEG. A scan without a visible rim is the page itself; a camera's frame is not.

    Raises DeviceFault as Reader.read.
    """
    sheet = find_sheet(picture)
    found: Found
    if sheet is None or (not of_camera and min(sheet.least_px) > FILLS_THE_SCAN * max(picture.size)):
        found, page = ("nothing" if of_camera else "whole"), picture
        short_px, long_px = sorted(picture.size)
        cut_off = False
    else:
        found, page = "squared", squared(picture, sheet)
        short_px, long_px = (round(side) for side in sheet.least_px)
        cut_off = sheet.cut_off and of_camera
    if found == "nothing":
        regions: list[Region] = []
        turned: Turned = 0
    else:
        regions = reader.read(page)
        turned = lie(regions, partial(reader.stood_up, page))
        page, regions = upright(page, regions, turned)
    stamp = find_stamp(page) if regions else None
    stamped = reader.read_cells(cells(page, stamp)) if stamp else []
    paper, contrast, glare_pm = light(page)
    lines = [PageLine(one.text, one.confidence, one.weakest, one.quad) for one in regions]
    measures = Measures(
        found=found,
        cut_off=cut_off,
        short_px=short_px,
        long_px=long_px,
        edge_px=edge_width_px(page),
        paper=paper,
        contrast=contrast,
        glare_pm=glare_pm,
        slope_cdeg=slope_cdeg([line.quad for line in lines]),
        turned_deg=turned,
    )
    said = {
        "number": number,
        "width": page.width,
        "height": page.height,
        "lines": [asdict(line) for line in lines],
        "measures": asdict(measures),
        "stamp": [[cell.line.text, cell.agreed] for cell in stamped],
    }
    return said, _jpeg(page)


def _jpeg(page: Image.Image) -> bytes:
    out = io.BytesIO()
    page.save(out, "JPEG", quality=JPEG_QUALITY)
    return out.getvalue()
