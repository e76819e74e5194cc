"""Records in which one wrong character is forgiven."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from edge.domain.search_near import Nearly
from edge.store.connection import Row
from edge.store.search_rows import Candidates

NEAR = 5000  # candidates that are looked at, run by run


def rows(candidates: Candidates, nearly: Nearly) -> Iterator[Row]:
    """Those that say it themselves before those whose scope or pages do."""
    unread: list[tuple[Row, str]] = []
    for row in islice(candidates.matching(nearly.expression, "", "newest"), NEAR):
        written = candidates.written(row)
        if nearly.in_text(written):
            yield row
        else:
            unread.append((row, written))
    for row, written in unread:
        further = candidates.further_of(row)
        if further and nearly.in_text("\n".join([written, *further])):
            yield row
