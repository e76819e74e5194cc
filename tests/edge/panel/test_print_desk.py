"""Printing at the panel: laid out, printed on a printer of this machine or kept as a file, each with its event."""

import json

from edge.devices.printer_cups import PrinterCups
from tests.edge.paper import rendered


def told(event):
    return json.loads(event.body)


def test_a_register_is_laid_out_then_printed_and_the_trace_says_where(desk):
    client = desk.signed_in()
    asked = client.get("/api/v1/print").json()
    assert asked["printers"] == ["窗口打印机"] and "register.volumes" in asked["kinds"]
    assert asked["clearances"] == ["internal"]
    early = client.post("/api/v1/print/send", json={"printer": "窗口打印机"})
    assert early.json()["code"] == "print_not_drawn"
    ready = client.post("/api/v1/print", json={"kind": "register.files", "fonds": "J001", "year": None}).json()
    assert ready["listed"] == 0 or ready["pages"] >= 1
    sent = client.post("/api/v1/print/send", json={"printer": "窗口打印机", "copies": 2})
    assert sent.status_code == 204
    ((printer, pdf, copies),) = desk.room.printer.out
    assert (printer, copies) == ("窗口打印机", 2) and "归档文件目录" in rendered.words(pdf)[0]
    assert "设备采购合同(0108)" not in "".join(rendered.words(pdf))  # secret
    (event,) = desk.events("print.made")
    assert (told(event)["what"], told(event)["to"]) == ("register.files", "窗口打印机")
    gone = client.post("/api/v1/print/send", json={"printer": "别处"})
    assert gone.json()["code"] == "printer_unknown"


def test_what_is_laid_out_is_kept_as_a_file_by_nobody_else(desk):
    client = desk.signed_in()
    client.post("/api/v1/print", json={"kind": "label.box", "numbers": ["0007"], "on": "roll"})
    pdf = client.post("/api/v1/print/file")
    assert pdf.headers["content-type"] == "application/pdf" and "盒号0007" in rendered.words(pdf.content)[0]
    assert [told(event)["to"] for event in desk.events("print.made")] == ["file"]
    assert desk.signed_in("reader").post("/api/v1/print/file").json()["code"] == "not_allowed"


def test_nobody_prints_above_their_clearance_or_what_there_is_none_of(desk):
    client = desk.signed_in()
    above = client.post("/api/v1/print", json={"kind": "register.files", "clearance": "secret"})
    assert above.json()["code"] == "export_not_cleared"
    assert client.post("/api/v1/print", json={"kind": "label.cat"}).json()["code"] == "print_kind_unknown"


def test_a_machine_without_a_printing_system_has_no_printer(monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    assert PrinterCups().names() == []


def test_the_printing_system_is_asked_by_its_own_commands(monkeypatch, tmp_path):
    (tmp_path / "lpstat").write_text(
        '#!/bin/sh\n[ "$1" = -e ] && printf "office\\ncounter\\n" || echo "system default destination: counter"\n'
    )
    (tmp_path / "lp").write_text(f'#!/bin/sh\necho "$@" > {tmp_path}/said\ncat > {tmp_path}/page\n')
    for name in ("lpstat", "lp"):
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    printer = PrinterCups()
    assert printer.names() == ["counter", "office"]
    printer.send("counter", "一号库房", b"%PDF", 3)
    assert (tmp_path / "said").read_text().split() == ["-d", "counter", "-n", "3", "-t", "一号库房", "--", "-"]
    assert (tmp_path / "page").read_bytes() == b"%PDF"
