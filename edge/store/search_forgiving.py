"""Records in which one wrong character is forgiven."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from edge.domain.search_near import Nearly
from edge.store.connection import Row
from edge.store.search_rows import Candidates

NEAR = 5000  # candidates that are looked at, run by run
AT_ONCE = 500  # of them whose scope and pages are read together


def rows(candidates: Candidates, nearly: Nearly) -> Iterator[Row]:
    """Those that say it themselves before those whose scope or pages do."""
    unread: list[tuple[Row, str]] = []
    for row in islice(candidates.matching(nearly.expression, "", "newest"), NEAR):
        written = candidates.written(row)
        if nearly.in_text(written):
            yield row
        else:
            unread.append((row, written))
    for at in range(0, len(unread), AT_ONCE):
        candidates.read_further(row for row, _written in unread[at : at + AT_ONCE])
        for row, written in unread[at : at + AT_ONCE]:
            further = candidates.further_of(row)
            if further and nearly.in_text("\n".join([written, *further])):
                yield row
