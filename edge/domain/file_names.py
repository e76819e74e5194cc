"""What electronic copies are called: one rule for files and folders, read from the archive number (R064, DA/T 31).

``Z109/WS/2011/Z109-WS·2011-Y-BGS-0001/Z109-WS·2011-Y-BGS-0001-003.jpg``: fonds, category, year, item, page.
"""

from __future__ import annotations

import re

from edge.domain.records import Item

_FORBIDDEN = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]+')  # by one of the systems a file may be taken to
_STEM_AT_MOST = 80


def page_file_name(item: Item, page_no: int, suffix: str = ".jpg") -> str:
    return f"{stem(item)}-{page_no:03d}{suffix}"


def e_file_name(item: Item, number: int, suffix: str) -> str:
    """Of sound, video and other electronic files beside the pages."""
    return f"{stem(item)}-E{number:03d}{suffix}"


def stem(item: Item) -> str:
    """The archive number as written; the item's label where it has none."""
    return safe(item.ref_code or item.label)


def safe(text: str) -> str:
    """As a name every file system takes: nothing forbidden, no dot or blank at its ends, not too long."""
    cleaned = _FORBIDDEN.sub("_", " ".join(text.split())).strip(" .")
    return cleaned[:_STEM_AT_MOST].strip(" .") or "_"
