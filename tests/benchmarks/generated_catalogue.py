"""A catalogue of any size from a fixed seed: real words by Zipf's law in an archive's own phrases. One item in ten has
the text of a page, one in ten is told of by its scope, and one in three lies in a volume 案卷."""

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
from edge.store import volume_rows
from edge.store.database import Change, Database
from edge.store.index_rebuild import TABLES

FONDS = ("Z109", "C038", "J019")
KINDS = ("通知", "请示", "批复", "报告", "会议纪要", "决定", "意见", "函", "办法", "统计表")
OFFICES = ("BGS", "RSC", "CWC", "KJC", "DAS")
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林郑"
WITH_TEXT = 10  # one item in …
TEXT_CHARACTERS = 576
WITH_SCOPE = 0.1  # of all
SCOPE_CHARACTERS = 100
ROUND = 50  # of so many items the first lie in one volume, the others are by item
IN_VOLUME = (5, 28)  # items, as bound files have them
PER_BOX = 40
BATCH = 500  # whole rounds
FIRST_MS = 1_700_000_000_000  # when the first record was made, and each one a millisecond after the one before


@dataclass(frozen=True, slots=True)
class NewVolume:
    fonds_no: str
    ref_code: str
    title: str
    year: int
    retention: str


@dataclass(frozen=True, slots=True)
class Entry:
    item: NewItem
    page: str
    scope: str
    volume: NewVolume | None  # it lies in
    begins: bool  # is the first in its volume
    box: str

    @property
    def further(self) -> list[str]:
        return [text for text in (self.scope, self.page) if text]


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

    def told(characters: int) -> str:
        text = ""
        while len(text) < characters:
            text += "".join(word() for _ in range(random.randint(3, 7))) + "，"
        return text

    volume, lie_in_it = None, 0
    for no in range(drawn[0] if drawn else 0, count):
        fonds, office, year = random.choice(FONDS), random.choice(OFFICES), 1980 + int(45 * math.sqrt(random.random()))
        retention = random.choice(("Y", "D30", "D10"))
        place = no % ROUND
        if place == 0:
            lie_in_it, of_year = random.randint(*IN_VOLUME), 1980 + int(25 * math.sqrt(random.random()))
            number = archive_numbers.compose(fonds, "WS", of_year, retention, office, no // ROUND + 1)
            kinds = "、".join(random.sample(KINDS, 2))
            title = f"{of_year}年{word()}办公室关于{word()}{word()}的{kinds}"
            volume = NewVolume(fonds, number, title, of_year, retention)
        if volume and place < lie_in_it:
            of, ref_code, shelf = volume, f"{volume.ref_code}-{place + 1:03d}", (no - place) // PER_BOX
            fonds, year, retention = of.fonds_no, of.year, of.retention
        else:
            of, shelf = None, no // PER_BOX
            ref_code = archive_numbers.compose(fonds, "WS", year, retention, office, no)
        item = NewItem(
            fonds,
            f"关于{word()}{word()}{random.choice(('', word()))}{word()}的{random.choice(KINDS)}",
            ref_code=ref_code,
            ref_key=archive_numbers.key_of(ref_code),
            year=year,
            retention=retention,
            secret_level="secret" if random.random() < 0.005 else "internal",
            responsible=f"{word()}办公室 {random.choice(people)}",
            doc_no=f"{word()[:2]}〔{year}〕{random.randint(1, 400)}号",
            date=f"{year}{random.randint(1, 12):02d}{random.randint(1, 28):02d}",
        )
        scope = f"记述{told(SCOPE_CHARACTERS)}" if random.random() < WITH_SCOPE else ""
        page = told(TEXT_CHARACTERS) if no % WITH_TEXT == 0 else ""
        yield Entry(item, page, scope, of, bool(of) and place == 0, f"{shelf:06d}")


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
        ready = [(no, entry, rows.index_of(entry.item, entry.further)) for no, entry in batch]
        database.write(lambda change, ready=ready: _add(change, ready), telemetry=True)
        done += len(batch)
        if done < count and time.monotonic() > ends:
            place.write_text(json.dumps([done, random.getstate()]))
            return done
    for table in TABLES:
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
    boxes: dict[str, str] = {}
    ready: list[rows.ReadyItem] = []
    volume_id = None
    for no, entry, index in batch:
        made_ms = FIRST_MS + 2 * no
        if entry.box not in boxes:
            found = change.db.execute("SELECT id FROM box WHERE box_no = ?", (entry.box,)).fetchone()
            boxes[entry.box] = (
                found["id"] if found else rows.insert_box(change.db, made_ms, fonds_no=FONDS[0], box_no=entry.box).id
            )
        box_id = boxes[entry.box]
        if entry.volume and entry.begins:
            volume_id = _add_volume(change, made_ms, entry.volume, box_id)
        in_volume = volume_id if entry.volume else None
        ready.append(rows.ready_item(made_ms + 1, entry.item, boxes=(box_id,), volume_id=in_volume, index=index))
    rows.insert_items(change.db, ready)
    made = [(one.id, entry) for one, (_no, entry, _index) in zip(ready, batch, strict=True)]
    change.db.executemany(
        "INSERT INTO item_text SELECT no, 1, ?, 'generated', 0.9, ? FROM item WHERE id = ?",
        [(entry.page, FIRST_MS, made_id) for made_id, entry in made if entry.page],
    )
    change.db.executemany(
        "INSERT INTO item_description (item_no, scope, described_by, described_ms)"
        " SELECT no, ?, 'bench', ? FROM item WHERE id = ?",
        [(entry.scope, FIRST_MS, made_id) for made_id, entry in made if entry.scope],
    )


def _add_volume(change: Change, made_ms: int, new: NewVolume, box_id: str) -> str:
    made = volume_rows.insert(
        change.db,
        made_ms,
        fonds_no=new.fonds_no,
        ref_code=new.ref_code,
        ref_key=archive_numbers.key_of(new.ref_code),
        title=new.title,
        box_id=box_id,
    )
    change.db.execute(
        "INSERT INTO volume_description (volume_no, year, retention, described_by, described_ms)"
        " SELECT no, ?, ?, 'bench', ? FROM volume WHERE id = ?",
        (new.year, new.retention, made_ms, made.id),
    )
    return made.id


def spoiled(text: str, random: Random) -> str:
    """``text`` with one character inside replaced, as a reader of blurred print would."""
    place = random.randrange(len(text))
    return text[:place] + random.choice("飞鱼井丹丸夭戊") + text[place + 1 :]
