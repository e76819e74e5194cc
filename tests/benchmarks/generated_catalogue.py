"""A catalogue of any size from a fixed seed: real words by Zipf's law in an archive's own phrases, one item in ten with
the text of a page."""

from __future__ import annotations

import json
import math
import time
from bisect import bisect
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate, islice
from pathlib import Path
from random import Random
from typing import Any

from pypinyin.constants import PHRASES_DICT

from edge.domain import archive_numbers
from edge.domain.records import NewItem
from edge.store import catalogue_rows as rows
from edge.store.database import Change, Database

FONDS = ("Z109", "C038", "J019")
KINDS = ("通知", "请示", "批复", "报告", "会议纪要", "决定", "意见", "函", "办法", "统计表")
OFFICES = ("BGS", "RSC", "CWC", "KJC", "DAS")
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林郑"
WITH_TEXT = 10  # one item in …
TEXT_CHARACTERS = 576
PER_BOX = 40
BATCH = 500


@dataclass(frozen=True, slots=True)
class Entry:
    item: NewItem
    page: str


SEED = 20261122
DRAWN = "drawn.json"  # beside a store that is not finished: how far it is, and the state of chance there


def entries(count: int, random: Random | None = None, drawn: tuple[int, Any] | None = None) -> Iterator[Entry]:
    """``drawn``: how many earlier ones to leave out, and the state of ``random`` after them."""
    random = random or Random()
    random.seed(SEED)
    words = [word for word in PHRASES_DICT if 2 <= len(word) <= 4]
    random.shuffle(words)
    weights = list(accumulate(1 / (rank + 20) for rank in range(len(words))))

    def word() -> str:
        return words[min(bisect(weights, random.random() * weights[-1]), len(words) - 1)]

    people = [random.choice(SURNAMES) + word()[:2] for _ in range(2000)]
    if drawn:
        random.setstate(drawn[1])
    for no in range(drawn[0] if drawn else 0, count):
        fonds, office, year = random.choice(FONDS), random.choice(OFFICES), 1980 + int(45 * math.sqrt(random.random()))
        retention = random.choice(("Y", "D30", "D10"))
        title = f"关于{word()}{word()}{random.choice(('', word()))}{word()}的{random.choice(KINDS)}"
        ref_code = archive_numbers.compose(fonds, "WS", year, retention, office, no)
        item = NewItem(
            fonds,
            title,
            ref_code=ref_code,
            ref_key=archive_numbers.key_of(ref_code),
            year=year,
            retention=retention,
            secret_level="secret" if random.random() < 0.005 else "internal",
            responsible=f"{word()}办公室 {random.choice(people)}",
            doc_no=f"{word()[:2]}〔{year}〕{random.randint(1, 400)}号",
            date=f"{year}{random.randint(1, 12):02d}{random.randint(1, 28):02d}",
        )
        page = ""
        if no % WITH_TEXT == 0:
            while len(page) < TEXT_CHARACTERS:
                page += "".join(word() for _ in range(random.randint(3, 7))) + "，"
        yield Entry(item, page)


def fill(database: Database, count: int, ends: float = math.inf) -> int:
    """Into a store, in boxes of 40, by the store's own inserts; how many it holds now.

    Goes on where an earlier run ended and stops by itself at ``ends`` of the monotonic clock. The finished index is
    one piece, as upkeep leaves it every night.
    """
    with database.read() as db:
        done = int(db.execute("SELECT count(*) FROM item").fetchone()[0])
    if not done:
        database.write(lambda change: [rows.insert_fonds(change.db, fonds, "") for fonds in FONDS], telemetry=True)
    random, place = Random(), database.path.parent / DRAWN
    drawn = _drawn(place, done)
    later = enumerate(islice(entries(count, random, drawn), 0 if drawn else done, None), done)
    while batch := list(islice(later, BATCH)):
        ready = [(no, entry, rows.index_of(entry.item, [entry.page] if entry.page else [])) for no, entry in batch]
        database.write(lambda change, ready=ready: _add(change, ready), telemetry=True)
        done += len(batch)
        if done < count and time.monotonic() > ends:
            place.write_text(json.dumps([done, random.getstate()]))
            return done
    for table in ("item_words", "item_sounds"):
        optimise = f"INSERT INTO {table} ({table}) VALUES ('optimize')"
        database.write(lambda change, optimise=optimise: change.db.execute(optimise), telemetry=True)
    database.write(lambda change: change.db.execute("ANALYZE"), telemetry=True)
    return done


def _drawn(place: Path, done: int) -> tuple[int, Any] | None:
    if not place.exists():
        return None
    known, (version, state, gauss) = json.loads(place.read_text())
    return (done, (version, tuple(state), gauss)) if known == done else None


def _add(change: Change, batch: list[tuple[int, Entry, rows.ItemIndex]]) -> None:
    boxes: dict[int, str] = {}
    ready: list[rows.ReadyItem] = []
    for no, entry, index in batch:
        shelf = no // PER_BOX
        if shelf not in boxes:
            number = f"{shelf:06d}"
            found = change.db.execute("SELECT id FROM box WHERE box_no = ?", (number,)).fetchone()
            boxes[shelf] = (
                found["id"] if found else rows.insert_box(change.db, change.utc_ms, fonds_no=FONDS[0], box_no=number).id
            )
        ready.append(rows.ready_item(change.utc_ms, entry.item, boxes=(boxes[shelf],), index=index))
    rows.insert_items(change.db, ready)
    change.db.executemany(
        "INSERT INTO item_text SELECT no, 1, ?, 'generated', 0.9, ? FROM item WHERE id = ?",
        [
            (entry.page, change.utc_ms, made.id)
            for made, (_no, entry, _index) in zip(ready, batch, strict=True)
            if entry.page
        ],
    )


def spoiled(text: str, random: Random) -> str:
    """``text`` with one character inside replaced, as a reader of blurred print would."""
    place = random.randrange(len(text))
    return text[:place] + random.choice("飞鱼井丹丸夭戊") + text[place + 1 :]
