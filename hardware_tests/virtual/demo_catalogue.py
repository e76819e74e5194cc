"""The demo's own catalogue: a seeded register 归档文件目录 as an XLSX, written the way archives write them.

Four fonds, three generations of archive numbers, volumes of accounts and drawings, a Hong Kong company in Traditional
Chinese, some items with a secrecy level; 240 boxes with their slots spread over all faces of the demo block.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

from openpyxl import Workbook

from edge.domain import slot_codes
from hardware_tests.virtual.demo_titles import account_title, drawing_title, hong_kong_title, old_title, paper
from hardware_tests.virtual.layouts import demo_layout

SEED = 20221
HEADINGS = (
    *("序号", "档号", "全宗号", "全宗名称", "文号", "责任者", "题名", "日期", "密级", "页数", "保管期限"),
    *("盒号", "盒厚度(mm)", "存放位置", "案卷档号", "案卷题名", "备注"),
)
_RUN_ON_LEVEL = 3  # boxes side by side on one board


@dataclass
class Entry:
    """One item on its way to a row; ``group`` is what shares boxes."""

    group: tuple[str, ...]
    ref_code: str
    fonds: tuple[str, str]
    title: str
    date: str
    retention: str
    responsible: str = ""
    doc_no: str = ""
    secret_level: str = ""
    pages: int = 1
    volume: tuple[str, str] = ("", "")
    remark: str = ""
    box: tuple[str, int, str] = field(default=("", 50, ""))  # number, thickness in mm, slot


BUREAU = ("Z109", "临江市住房和城乡建设局")
TREASURY = ("Z112", "临江市财政局")
PORT = ("Q031", "临江港务集团有限公司")
HONG_KONG = ("Q077", "临江（香港）航運有限公司")


def entries(seed: int = SEED) -> list[Entry]:
    """All items with their boxes, the same for the same seed."""
    chance = random.Random(seed)
    found = [*_papers(chance), *_accounts(chance), *_drawings(chance), *_old_papers(chance), *_hong_kong(chance)]
    _box(found, chance)
    return found


def write(path: Path, seed: int = SEED) -> None:
    """The register as a workbook: a title line, the headings, a row for each item; numbers as text."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("归档文件目录")
    sheet.append(["临江市联合档案库房归档文件目录"])
    sheet.append(HEADINGS)
    for no, entry in enumerate(entries(seed), 1):
        box_no, thickness_mm, slot = entry.box
        sheet.append(
            [
                *(no, entry.ref_code, *entry.fonds, entry.doc_no, entry.responsible, entry.title, entry.date),
                *(entry.secret_level, entry.pages, entry.retention, box_no, thickness_mm, slot, *entry.volume),
                entry.remark,
            ]
        )
    book.save(path)


def _papers(chance: random.Random) -> Iterator[Entry]:
    """Documents 文书: DA/T 22-2015 up to 2021, DA/T 13-2022 from then on."""
    for year in range(2008, 2025):
        for retention in ("Y", "D30", "D10"):
            for org in ("BGS", "ZHK", "FGK"):
                for no in range(1, chance.randint(6, 11) + 1):
                    joiner = "·" if year >= 2022 else "-"
                    ref_code = f"Z109-WS·{year}{joiner}{retention}{joiner}{org}-{no:04d}"
                    title, doc_no, responsible = paper(chance, year)
                    yield Entry(
                        ("Z109", str(year), retention),
                        ref_code,
                        BUREAU,
                        title,
                        f"{year}{chance.randint(1, 12):02d}{chance.randint(1, 28):02d}",
                        {"Y": "永久", "D30": "30年", "D10": "10年"}[retention],
                        responsible,
                        doc_no,
                        chance.choices(("", "内部", "秘密★10年", "机密★20年"), (90, 5, 3, 2))[0],
                        chance.randint(1, 46),
                    )


def _accounts(chance: random.Random) -> Iterator[Entry]:
    """Accounts 会计 by volume: a month is a volume."""
    for year in range(2015, 2021):
        for month in range(1, 13):
            volume = (f"Z112-KU·01·{year}-{month:03d}", f"{year}年{month}月记账凭证")
            for no in range(1, 6):
                yield Entry(
                    ("Z112", str(year), str((month - 1) // 2)),
                    f"{volume[0]}-{no:03d}",
                    TREASURY,
                    account_title(chance, year, month, no),
                    f"{year}.{month}.{chance.randint(1, 28)}",
                    "30年",
                    "临江市财政局国库科",
                    pages=chance.randint(40, 160),
                    volume=volume,
                )


def _drawings(chance: random.Random) -> Iterator[Entry]:
    """Construction 科技: projects, volumes of drawings."""
    for project in range(1, 13):
        for file_no in range(1, 4):
            volume = (f"Q031-KJ·JJ·{project:02d}-{file_no:03d}", drawing_title(chance, project, 0))
            for no in range(1, 9):
                yield Entry(
                    ("Q031", f"{project:02d}", str(file_no)),
                    f"{volume[0]}-{no:03d}",
                    PORT,
                    drawing_title(chance, project, no),
                    f"{1996 + project * 2}-{chance.randint(1, 12):02d}-{chance.randint(1, 28):02d}",
                    "永久",
                    "临江港务集团有限公司工程部",
                    pages=chance.randint(2, 24),
                    volume=volume,
                    remark="底图另存" if chance.random() < 0.1 else "",
                )


def _old_papers(chance: random.Random) -> Iterator[Entry]:
    """The bureau's papers of the eighties: DA/T 13-1994 with 目录号 and 案卷号, dates often incomplete."""
    for file_no in range(1, 31):
        year = 1980 + file_no // 4
        for no in range(1, chance.randint(6, 9) + 1):
            date = chance.choice((f"{year}0000", f"{year}{chance.randint(1, 12):02d}00", f"{year}年{no}月{no + 7}日"))
            yield Entry(
                ("Z109", "1994", str(file_no // 2)),
                f"Z109-002-{file_no:03d}-{no:03d}",
                BUREAU,
                old_title(chance, year),
                date,
                "长期",
                "临江市建设委员会",
                pages=chance.randint(1, 30),
            )


def _hong_kong(chance: random.Random) -> Iterator[Entry]:
    for year in range(2010, 2020):
        for no in range(1, 17):
            yield Entry(
                ("Q077", str(year)),
                f"Q077-WS·{year}-D30-{no:04d}",
                HONG_KONG,
                hong_kong_title(chance, year),
                f"{year}年{chance.randint(1, 12)}月{chance.randint(1, 28)}日",
                "30年",
                "臨江（香港）航運有限公司董事會" if no % 3 else "臨江（香港）航運有限公司會計部",
                secret_level="内部" if chance.random() < 0.08 else "",
                pages=chance.randint(2, 60),
            )


def _box(found: list[Entry], chance: random.Random) -> None:
    """Neighbours of one group share boxes of some ten items; boxes stand in runs of three, all over the block."""
    slots = _slots()
    numbers: dict[str, int] = {}
    for _group, members in groupby(found, key=lambda entry: entry.group):
        waiting = list(members)
        while waiting:
            taken = chance.randint(8, 12)
            if len(waiting) - taken < 4:
                taken = len(waiting)
            fonds_no = waiting[0].fonds[0]
            numbers[fonds_no] = numbers.get(fonds_no, 0) + 1
            box = (f"{numbers[fonds_no]:04d}", chance.choice((30, 40, 50)), next(slots))
            for entry in waiting[:taken]:
                entry.box = box
            waiting = waiting[taken:]


def _slots() -> Iterator[str]:
    """Every face in turn gets the next run of boxes, so that each aisle has something worth opening it for."""
    faces = [
        list(slots) for _face, slots in groupby(slot_codes.all_slots(demo_layout()), key=lambda s: (s.column, s.face))
    ]
    for section_and_level in range(24):
        for face in faces:
            board = [slot for slot in face if (slot.section - 1) * 6 + slot.level - 1 == section_and_level]
            yield from (str(slot) for slot in board[:_RUN_ON_LEVEL])
