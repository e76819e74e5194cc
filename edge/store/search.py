"""Search: numbers, labels and prefixes from b-trees; words from bigrams; pinyin from initials and syllables.

The indexes without positions name candidates, the record's own text decides. Only where nothing is found is one wrong
character forgiven. What a person is not cleared for is left out without a count, and nothing of an unsealed import is
found.
"""

from __future__ import annotations

import heapq
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from functools import partial
from itertools import islice

from edge.domain import archive_numbers, box_numbers, labels, pinyin, search_near, search_text, slot_codes
from edge.domain.records import Box, Hit, Why
from edge.domain.search_query import ANY, MAX_QUERY, Filters, Order, Terms, terms
from edge.errors import InputRefused
from edge.store import catalogue_rows as rows
from edge.store import search_forgiving, volume_rows
from edge.store.connection import Row
from edge.store.readers import Reads
from edge.store.search_explain import Explain
from edge.store.search_numbers import Numbers
from edge.store.search_rows import Candidates, in_order, number_order

RANKED = 2000  # newest hits among which "best" chooses
SHORT = 2  # letters that may begin any of a thousand terms of the sound index
NEWEST = 400  # records looked through for them before it is asked

_JOINED = re.compile(r"[A-Z0-9]+(?:-[A-Z0-9]+)+-?")
Judge = Callable[[Row], Why | None]
Matching = Callable[[str, str, Order], Iterator[Row]]


class Search:
    def __init__(self, database: Reads) -> None:
        self._database = database

    def find(
        self, query: str, *, clearance: str, limit: int = 50, filters: Filters = ANY, order: Order = "newest"
    ) -> list[Hit]:
        """At most ``limit``: exact numbers and labels first, then boxes, then items in ``order``.

        An empty query with filters finds all that passes them.
        """
        text = query.strip()[:MAX_QUERY]
        if not text and filters == ANY:
            return []
        with self._database.read() as db:
            candidates = Candidates(db, clearance, filters)
            finder = _Finder(candidates, Numbers(db, candidates))
            return finder.find(text, limit, order) if text else finder.passing(limit, order)


class _Finder:
    """One query on one read connection."""

    def __init__(self, candidates: Candidates, numbers: Numbers) -> None:
        self._candidates, self._numbers = candidates, numbers
        self._boxes: dict[str, Box | None] = {}

    def passing(self, limit: int, order: Order) -> list[Hit]:
        found = self._candidates.matching("", "", order)
        return [self._hit(row, "filters") for row in islice(found, limit)]

    def find(self, text: str, limit: int, order: Order) -> list[Hit]:
        hits: dict[str, Hit] = {}
        asked = terms(text)
        for hit in self._all(text, asked, limit, order):
            hits.setdefault((hit.item or hit.volume or hit.box).id, hit)  # type: ignore[union-attr]  # it has one
            if len(hits) >= limit:
                break
        explain = Explain(self._candidates, text, asked)
        if hits:
            return [explain.marked(hit) for hit in hits.values()]
        return self._near(asked, limit, explain)

    def _all(self, text: str, asked: Terms, limit: int, order: Order) -> Iterator[Hit]:
        if text.upper().startswith(labels.PREFIX):
            yield from self._by_label(text)
            return
        if any(letter.isdigit() for letter in text):
            numbered = False
            for hit in self._by_number(text, limit):
                numbered = True
                yield hit
            if numbered and _JOINED.fullmatch(archive_numbers.prefix_fold(text)):
                return  # its parts as words would be in every number of the fonds
        if asked.runs or asked.phrases:
            yield from self._boxes_by_words(asked)
            found = self._by_words(asked, order)
            if order == "best":
                found = iter(sorted(islice(found, RANKED), key=lambda one: asked.rank(one[0]["title"])))
            for row, why in found:
                yield self._hit(row, why)

    def _by_label(self, text: str) -> Iterator[Hit]:
        with suppress(InputRefused):
            label = labels.parse(text)
            if label.kind == "B":
                yield from self._box_hits("label = ?", (label.text,), "label")
            elif label.kind == "I":
                yield from self._item_hits("i.label = ?", (label.text,), "label", 1)
            elif label.kind == "S":
                condition = "home_slot = (SELECT code FROM slot WHERE label = ?)"
                yield from self._box_hits(condition, (label.text,), "label")
            elif label.kind == "V":
                for row in self._candidates.volumes.where("i.label = ?", (label.text,), 1, "i.no"):
                    yield self._hit(row, "label")
                condition = "i.volume_id = (SELECT id FROM shown_volume WHERE label = ?)"
                yield from self._item_hits(condition, (label.text,), "label", 1000)

    def _by_number(self, text: str, limit: int) -> Iterator[Hit]:
        number = self._numbers.read(text)
        if number.rule != "foreign":
            for row in self._candidates.records("i.ref_key = ?", (number.key,), limit, "number"):
                yield self._hit(row, "number")
        for row in self._numbers.alike(text, limit):  # zeros were lost or added
            yield self._hit(row, "number")
        for row in self._numbers.nearly(number, limit):
            yield self._hit(row, "near")
        yield from self._by_place(text, limit)
        for box_no in box_numbers.split(text):
            yield from self._box_hits("box_key = ? OR barcode = ?", (rows.box_key(box_no), box_no), "number")
        for row in self._numbers.begun(archive_numbers.prefix_fold(text), limit):
            yield self._hit(row, "number")

    def _by_place(self, text: str, limit: int) -> Iterator[Hit]:
        """The boxes whose home begins so, in shelving order, then the volumes and items that lie in them."""
        slots = slot_codes.prefix(text)
        if "-" not in slots:
            return
        values = (slots, slots + _LAST)
        for row in self._candidates.boxes("home_slot >= ? AND home_slot < ?", values, limit, "home_slot"):
            yield Hit(None, rows.box_of(row), "place")
        for box_id in self._candidates.boxes_at(values, limit):
            for row in self._candidates.volumes.where("i.box_id = ?", (box_id,), limit, "i.no"):
                yield self._hit(row, "place")
            yield from self._item_hits("i.box_id = ?", (box_id,), "place", limit, "i.no")

    def _boxes_by_words(self, asked: Terms) -> Iterator[Hit]:
        for row in self._candidates.boxes_matching(asked.expression(sounded=False)):
            text = rows.box_searchable(row["box_no"], row["fonds_no"], row["title"], row["barcode"])
            if asked.written_in(search_text.normalise(text)):
                yield Hit(None, rows.box_of(row), "words")

    def _by_words(self, asked: Terms, order: Order) -> Iterator[tuple[Row, Why]]:
        """Items and volumes, in order."""
        volumes = self._told(asked, order, self._candidates.volumes.matching)
        yield from in_order(self._items_by_words(asked, order), volumes, order, _row)

    def _items_by_words(self, asked: Terms, order: Order) -> Iterator[tuple[Row, Why]]:
        """Perhaps twice where few letters are asked for: what sounds in every second title is found among the newest
        records before the index has told all that have it."""
        if order == "newest" and any(len(letters) <= SHORT for letters in asked.letters):
            newest = list(self._candidates.newest(NEWEST))
            self._candidates.read_further(newest)
            yield from _judged(newest, partial(self._either, asked))
        yield from self._told(asked, order, self._candidates.items_matching)

    def _told(self, asked: Terms, order: Order, matching: Matching) -> Iterator[tuple[Row, Why]]:
        """As written and as they sound, in order."""
        found = [_judged(matching(asked.expression(sounded=False), "", order), partial(self._written, asked))]
        if asked.letters:
            words, sounds = asked.expression(sounded=True), asked.sound_expression()
            found.append(_judged(matching(words, sounds, order), partial(self._sounded, asked)))
        last = None
        for row, why in heapq.merge(*found, key=_number if order == "number" else _newest):
            if row["no"] != last:
                last = row["no"]
                yield row, why

    def _either(self, asked: Terms, row: Row) -> Why | None:
        return self._written(asked, row) or self._sounded(asked, row)

    def _written(self, asked: Terms, row: Row) -> Why | None:
        return "words" if self._holds(row, asked.written_in) else None

    def _sounded(self, asked: Terms, row: Row) -> Why | None:
        heard = [pinyin.find(row["sounds"], letters) for letters in asked.letters]
        if not all(heard):
            return None
        rest = replace(asked, letters=())
        if not self._holds(row, rest.written_in):
            return None
        return "initials" if heard[0] and heard[0][0] == "initials" else "pinyin"

    def _near(self, asked: Terms, limit: int, explain: Explain) -> list[Hit]:
        hits: dict[str, Hit] = {}
        for nearly in search_near.expressions(asked):
            found = search_forgiving.rows(self._candidates, nearly)
            for row in islice((row for row in found if row["id"] not in hits), limit - len(hits)):
                hits[row["id"]] = explain.nearly(self._hit(row, "near"), nearly.rest, nearly.pattern)
        return [hits[one] for one in sorted(hits, reverse=True)]

    def _holds(self, row: Row, test: Callable[[str], bool]) -> bool:
        """Whether the record's own fields pass, or they, its scope and its pages together."""
        text = self._candidates.text_of(row)
        if test(text):
            return True
        further = self._candidates.further_of(row)
        return bool(further) and test("\n".join([text, *map(search_text.normalise, further)]))

    def _item_hits(
        self, condition: str, values: tuple[str, ...], why: Why, limit: int, order: str = "i.no DESC"
    ) -> Iterator[Hit]:
        for row in self._candidates.items(condition, values, limit, order):
            yield self._hit(row, why)

    def _box_hits(self, condition: str, values: tuple[str, ...], why: Why) -> Iterator[Hit]:
        for row in self._candidates.boxes(condition, values):
            yield Hit(None, rows.box_of(row), why)

    def _hit(self, row: Row, why: Why) -> Hit:
        """An item or a volume with its box."""
        if volume_rows.is_volume(row):
            return Hit(None, self._box(row["box_id"]), why, volume=volume_rows.volume_of(row))
        return Hit(rows.item_of(row), self._box(row["box_id"]), why)

    def _box(self, box_id: str | None) -> Box | None:
        if box_id is not None and box_id not in self._boxes:
            box = self._candidates.box(box_id)
            self._boxes[box_id] = rows.box_of(box) if box else None
        return self._boxes[box_id] if box_id else None


_LAST = "\U0010ffff"


def _judged(found: Iterable[Row], judge: Judge) -> Iterator[tuple[Row, Why]]:
    for row in found:
        why = judge(row)
        if why:
            yield row, why


def _row(found: tuple[Row, Why]) -> Row:
    return found[0]


def _newest(found: tuple[Row, Why]) -> int:
    return -int(found[0]["no"])


def _number(found: tuple[Row, Why]) -> tuple[bool, str, int]:
    return number_order(found[0])
