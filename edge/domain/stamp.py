"""What an archive stamp 归档章 says: fonds 全宗号, year 年度, item 件号, organ 机构(问题), retention 保管期限 and
pages 页数.

Proposals for a person; a cell that was not read for certain, or breaks its grammar, proposes nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from edge.domain.archive_numbers import retention_code
from edge.domain.records import Item

_FONDS = re.compile(r"[A-Z]{0,3}\d{1,5}")
_YEAR = re.compile(r"(?:19|20)\d\d")
_COUNT = re.compile(r"\d{1,5}")


@dataclass(frozen=True, slots=True)
class Stamp:
    """ "" where nothing is proposed; ``retention`` as a code: Y, D30, D10."""

    fonds_no: str = ""
    year: str = ""
    item_no: str = ""
    org: str = ""
    retention: str = ""
    pages: str = ""

    @property
    def empty(self) -> bool:
        return not any((self.fonds_no, self.year, self.item_no, self.org, self.retention, self.pages))

    def fills(self, item: Item) -> dict[str, str]:
        """Fields of the item that say nothing, as the stamp has them."""
        said = {"retention": (item.retention, self.retention), "pages": (item.pages, self.pages)}
        return {name: proposed for name, (there, proposed) in said.items() if proposed and not there}

    def numbers(self) -> list[str]:
        """Archive numbers it may stand for, of loose papers 文书, with and without the organ."""
        if not (self.fonds_no and self.year and self.item_no and self.retention):
            return []
        item = f"{int(self.item_no):04d}"
        middle = [f"{self.org}-"] if self.org.isascii() and self.org else []
        return [
            f"{self.fonds_no}-WS{joint}{self.retention}-{part}{item}"
            for joint in (f"·{self.year}-", f"·{self.year}·")
            for part in (*middle, "")
        ]


def stamp_of(cells: Sequence[tuple[str, bool]]) -> Stamp:
    """``cells``: text of the six, row by row, and whether both networks read it so and were sure."""
    if len(cells) != 6:
        return Stamp()
    fonds, year, item, org, retention, pages = (_plain(text) if certain else "" for text, certain in cells)
    return Stamp(
        fonds if _FONDS.fullmatch(fonds) else "",
        year if _YEAR.fullmatch(year) else "",
        item.lstrip("0") if _COUNT.fullmatch(item) else "",
        org,
        retention_code(retention) or "",
        pages.lstrip("0") if _COUNT.fullmatch(pages) else "",
    )


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).upper().split())
