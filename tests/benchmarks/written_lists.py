"""The generated catalogue as other people's lists: CSV and XLSX as offices keep them, EAD 2002 as archives do."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import escape

from openpyxl import Workbook

from tests.benchmarks.generated_catalogue import entries

HEADINGS = (
    *("全宗号", "档号", "题名", "责任者", "文号", "日期", "保管期限", "密级", "盒号", "页数"),
    *("案卷档号", "案卷题名", "范围和提要"),
)
RETENTION = {"Y": "永久", "D30": "30年", "D10": "10年"}
LEVEL = {"internal": "内部", "secret": "机密"}


def rows(count: int) -> Iterator[tuple[str, ...]]:
    for no, entry in enumerate(entries(count)):
        item = entry.item
        told = (item.fonds_no, item.ref_code, item.title, item.responsible, item.doc_no, item.date)
        kept = RETENTION[item.retention], LEVEL[item.secret_level], entry.box, str(no % 30 + 1)
        volume = (entry.volume.ref_code, entry.volume.title) if entry.volume else ("", "")
        yield *told, *kept, *volume, entry.scope


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
        lies_in = ""
        for no, row in enumerate(rows(count)):
            told = dict(zip(HEADINGS, map(escape, row), strict=True))
            if told["案卷档号"] != lies_in:
                file.write("</c>\n" if lies_in else "")
                lies_in = told["案卷档号"]
                file.write(_volume(told) if lies_in else "")
            scope = f"<scopecontent><p>{told['范围和提要']}</p></scopecontent>" if told["范围和提要"] else ""
            file.write(
                f'<c id="c{no}" level="item"><did><unitid>{told["档号"]}</unitid>'
                f"<unittitle>{told['题名']}</unittitle><unitdate>{told['日期'][:4]}</unitdate>"
                f"<origination>{told['责任者']}</origination>"
                f'<container type="box">{told["盒号"]}</container></did>{scope}</c>\n'
            )
        file.write("</c>" if lies_in else "")
        file.write("</dsc></archdesc></ead>\n")


def _volume(told: dict[str, str]) -> str:
    return f'<c level="file"><did><unitid>{told["案卷档号"]}</unitid><unittitle>{told["案卷题名"]}</unittitle></did>\n'
