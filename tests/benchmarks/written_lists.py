"""The generated catalogue as other people's lists: CSV and XLSX as offices keep them, EAD 2002 as archives do."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import escape

from openpyxl import Workbook

from tests.benchmarks.generated_catalogue import PER_BOX, entries

HEADINGS = ("全宗号", "档号", "题名", "责任者", "文号", "日期", "保管期限", "密级", "盒号", "页数")
RETENTION = {"Y": "永久", "D30": "30年", "D10": "10年"}
LEVEL = {"internal": "内部", "secret": "机密"}


def rows(count: int) -> Iterator[tuple[str, ...]]:
    for no, entry in enumerate(entries(count)):
        item = entry.item
        told = (item.fonds_no, item.ref_code, item.title, item.responsible, item.doc_no, item.date)
        yield *told, RETENTION[item.retention], LEVEL[item.secret_level], f"{no // PER_BOX:06d}", str(no % 30 + 1)


def write(path: Path, count: int) -> Path:
    """In the format that the name's end says."""
    {".csv": _csv, ".xlsx": _xlsx, ".xml": _ead}[path.suffix](path, count)
    return path


def _csv(path: Path, count: int) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADINGS)
        writer.writerows(rows(count))


def _xlsx(path: Path, count: int) -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(HEADINGS)
    for row in rows(count):
        sheet.append(row)
    book.save(path)


def _ead(path: Path, count: int) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write('<?xml version="1.0" encoding="UTF-8"?>\n<ead><eadheader><eadid>Z109</eadid></eadheader>')
        file.write('<archdesc level="fonds"><did><unitid>Z109</unitid><unittitle>住建局</unittitle></did><dsc>\n')
        for no, (_fonds, ref_code, title, responsible, _doc_no, date, *_rest) in enumerate(rows(count)):
            file.write(
                f'<c id="c{no}" level="item"><did><unitid>{escape(ref_code)}</unitid>'
                f"<unittitle>{escape(title)}</unittitle><unitdate>{date[:4]}</unitdate>"
                f"<origination>{escape(responsible)}</origination>"
                f'<container type="box">{no // PER_BOX:06d}</container></did></c>\n'
            )
        file.write("</dsc></archdesc></ead>\n")
