"""Records by what may be their number: its beginning, other zeros, a misread sign."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from edge.domain import archive_numbers, misread_numbers
from edge.domain.archive_numbers import ArchiveNumber
from edge.store import site_tables
from edge.store.connection import Connection, Row
from edge.store.search_rows import Candidates

_LAST = "\U0010ffff"
_NUMBERED = "i.ref_order <> ''"  # names the index item_ref_order, without which every item is read
_PARTS = re.compile(r"[A-Z]\d|-\d")  # digits behind a letter or a joiner: a bare number is anything's


class Numbers:
    def __init__(self, db: Connection, candidates: Candidates) -> None:
        self._db, self._candidates = db, candidates

    def read(self, text: str) -> ArchiveNumber:
        """Read by this site's codes."""
        return site_tables.number_in(self._db, text)

    def begun(self, fold: str, limit: int) -> Iterator[Row]:
        """At most ``limit`` records whose folded number begins with ``fold``, in the order of their numbers."""
        found = f"{_NUMBERED} AND i.ref_order >= ? AND i.ref_order < ? AND i.ref_fold >= ? AND i.ref_fold < ?"
        for first, last in archive_numbers.order_ranges(fold) if fold else ():
            values = (first, last, fold, fold + _LAST)
            for row in self._candidates.records(found, values, limit, "number"):
                limit -= 1
                yield row
            if limit <= 0:
                return

    def alike(self, text: str, limit: int) -> list[Row]:
        """Records whose number has the same parts in the same order, or more behind them, whatever zeros stand before
        their digits: ``kh1`` is KH0001 and what lies in it.
        """
        fold = archive_numbers.prefix_fold(text)
        if not _PARTS.search(fold):
            return []
        key = archive_numbers.order_key(fold)
        found = f"{_NUMBERED} AND i.ref_order >= ? AND i.ref_order < ? AND (i.ref_order = ? OR i.ref_order >= ?)"
        return self._candidates.records(found, (key, f"{key}-{_LAST}", key, f"{key}-"), limit, "number")

    def nearly(self, number: ArchiveNumber, limit: int) -> list[Row]:
        """Records that ``number``, or whose number, may stand for where a sign of the category was misread."""
        codes = site_tables.codes(self._db)
        found, values = "i.ref_key IN (SELECT value FROM json_each(?))", misread_numbers.may_mean(number, codes)
        if not values:
            # a number of no rule is kept behind a tilde
            found = f"+i.ref_key >= '~' AND {_NUMBERED} AND i.ref_order IN (SELECT value FROM json_each(?))"
            values = misread_numbers.may_be_written(number, codes)
        return self._candidates.records(found, (json.dumps(values),), limit, "newest") if values else []
