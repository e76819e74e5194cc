"""PDF and OFD at the front door: pages come out as pictures, everything else with its reason."""

import io
import resource
import subprocess
import sys
import tracemalloc
import zipfile
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from edge.errors import InputRefused
from edge.vision.file_facts import file_facts
from edge.vision.pictures import pages_of

A4_PT = (595, 842)


def pdf(objects: dict[int, bytes], trailer: bytes = b"") -> bytes:
    """A whole PDF of these objects; 1 is its catalogue."""
    out, at = bytearray(b"%PDF-1.7\n"), {}
    for number, body in objects.items():
        at[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % at[number] for number in sorted(objects))
    return bytes(
        out + b"trailer<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, trailer, start)
    )


def document(
    pages: int = 1,
    size: tuple[int, int] = A4_PT,
    extra: bytes = b"",
    trailer: bytes = b"",
    more: dict[int, bytes] | None = None,
) -> bytes:
    kids = b" ".join(b"%d 0 R" % (3 + number) for number in range(pages))
    objects = {1: b"<</Type/Catalog/Pages 2 0 R%s>>" % extra, 2: b"<</Type/Pages/Count %d/Kids[%s]>>" % (pages, kids)}
    for number in range(pages):
        objects[3 + number] = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 %d %d]>>" % size
    return pdf({**objects, **(more or {})}, trailer)


LOCK = b"/Encrypt<</Filter/Standard/V 2/R 3/Length 128/P -44/O(%s)/U(%s)>>/ID[(0123456789abcdef)(0123456789abcdef)]"
LOCKED = document(trailer=LOCK % (b"o" * 32, b"u" * 32))


def code_of(data: bytes) -> str:
    with pytest.raises(InputRefused) as refused:
        list(pages_of(data, "x.pdf"))
    assert refused.value.params["file"] == "x.pdf"
    return refused.value.code


def test_the_rows_of_a_page_are_let_go_once_they_are_a_picture():
    drawn = pages_of(document(2), "x.pdf")
    tracemalloc.start()
    try:
        next(drawn)
        assert tracemalloc.get_traced_memory()[0] < 5_000_000, "A4 is 26 MB of rows beside its picture"
    finally:
        tracemalloc.stop()
        drawn.close()


def test_where_the_system_itself_limits_the_processor_a_document_is_drawn_all_the_same():
    script = (
        "import sys; from edge.vision.pictures import pages_of\n"
        "print(len(list(pages_of(sys.stdin.buffer.read(), 'x'))))"
    )
    limit = lambda: resource.setrlimit(resource.RLIMIT_CPU, (3600, 3600))  # noqa: E731
    done = subprocess.run(
        [sys.executable, "-c", script], input=document(), capture_output=True, preexec_fn=limit, check=False
    )
    assert (done.stdout, done.returncode) == (b"1\n", 0), done.stderr.decode()


def test_each_page_is_drawn_at_300_dpi_and_a_plan_of_a_square_metre_coarser():
    first, second = pages_of(document(2), "x.pdf")
    assert first.mode == "RGB" and first.size == second.size == (2480, 3509)
    (plan,) = pages_of(document(1, (2835, 2835)), "x.pdf")
    assert plan.width * plan.height <= 20_100_000


def test_a_scan_inside_a_pdf_comes_out_as_it_looks():
    out = io.BytesIO()
    scan = Image.new("RGB", (1240, 1754), (200, 60, 60))
    scan.save(out, "PDF", resolution=150)
    (page,) = pages_of(out.getvalue(), "x.pdf")
    assert abs(page.width - 2480) < 2 and abs(page.height - 3508) < 2
    assert all(abs(a - b) < 6 for a, b in zip(page.getpixel((900, 900)), (200, 60, 60), strict=True))


def test_locked_cut_short_empty_and_endless_documents_are_told_apart():
    assert code_of(LOCKED) == "pdf_locked"
    assert code_of(b"%PDF-1.7 and nothing more") == "pdf_damaged"
    assert code_of(document(0)) in ("pdf_empty", "pdf_damaged")
    assert code_of(document(2001, (72, 72))) == "picture_too_many_pages"


def page_of(content: bytes) -> dict[int, bytes]:
    """The third object, a page that draws ``content``, and that content, packed."""
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>"
    return {3: page, 4: b"<</Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (len(content), content)}


def packed_many_times(part: bytes, times: int) -> bytes:
    deflate = zlib.compressobj(9, wbits=-15)
    block = deflate.compress(part) + deflate.flush(zlib.Z_FULL_FLUSH)
    return b"\x78\xda" + block * times + b"\x03\x00"


def test_a_page_that_unpacks_to_gigabytes_ends_its_own_process_and_is_refused_in_words():
    bomb = document(more=page_of(packed_many_times(b" " * 1_000_000, 3000)))
    assert len(bomb) < 4_000_000 and code_of(bomb) == "pdf_overruns"
    assert file_facts(bomb).format.startswith("PDF")
    assert len(list(pages_of(document(), "x.pdf"))) == 1


def test_a_page_that_takes_for_ever_to_draw_is_given_up(monkeypatch):
    monkeypatch.setattr("edge.vision.pdf_pages.PAGE_CPU_S", 1)
    assert code_of(document(more=page_of(packed_many_times(b"0 0 595 842 re f\n" * 1000, 1000)))) == "pdf_overruns"


def test_pages_before_the_one_that_asks_too_much_are_seen_and_it_is_named():
    bomb = page_of(packed_many_times(b" " * 1_000_000, 3000))
    pages = pages_of(document(2, more={4: bomb[3].replace(b"4 0 R", b"5 0 R"), 5: bomb[4]}), "x.pdf")
    assert next(pages).size == (2480, 3509)
    with pytest.raises(InputRefused) as refused:
        next(pages)
    assert (refused.value.code, refused.value.params["page"]) == ("pdf_overruns", 2)


def test_an_ofd_is_named_as_such():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("OFD.xml", "<ofd:OFD/>")
    assert code_of(out.getvalue()) == "ofd_not_shown"
    with zipfile.ZipFile(out := io.BytesIO(), "w") as packed:
        packed.writestr("word/document.xml", "<w/>")
    assert code_of(out.getvalue()) == "picture_unreadable"


def packed_otherwise(filters: bytes = b"/ASCIIHexDecode") -> bytes:
    """Its catalogue, which runs a script, lies in hexadecimal in an object stream."""
    catalogue = b"1 0 <</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript/JS(a)>>>>".hex().encode() + b">"
    objects = {
        2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        3: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]>>",
        4: b"<</Type/ObjStm/N 1/First 4/Filter%s/Length %d>>stream\n%s\nendstream"
        % (filters, len(catalogue), catalogue),
    }
    out, rows = bytearray(b"%PDF-1.7\n"), [bytes(5), b"\2" + (4).to_bytes(3, "big") + b"\0"]
    for number, said in objects.items():
        rows.append(b"\1" + len(out).to_bytes(3, "big") + b"\0")
        out += b"%d 0 obj\n%s\nendobj\n" % (number, said)
    at = len(out)
    rows.append(b"\1" + at.to_bytes(3, "big") + b"\0")
    offsets = b"".join(rows)
    out += b"5 0 obj\n<</Type/XRef/Size 6/W[1 3 1]/Root 1 0 R/Length %d>>stream\n" % len(offsets)
    return bytes(out + offsets + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF" % at)


PACKED = zlib.compress(b"7 0 <</S/JavaScript/JS(app.alert\\(1\\))>>")
STANDS = {
    "as it is opened": (document(extra=b"/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>"), "script"),
    "with its name disguised": (document(extra=b"/OpenAction<</S/J#61va#53cript/JS(a)>>"), "script"),
    "among packed objects": (
        document(
            more={
                4: b"<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>stream\n%s\nendstream"
                % (len(PACKED), PACKED)
            }
        ),
        "script",
    ),
    "among objects packed in another way": (packed_otherwise(), "script"),
    "starting a program": (document(extra=b"/OpenAction<</S/Launch/F(cmd.exe)>>"), "program"),
    "a file pinned to a page": (
        document(more={4: b"<</Type/EmbeddedFile/Length 0>>stream\n\nendstream"}),
        "attachment",
    ),
}


@pytest.mark.parametrize("where", STANDS)
def test_what_acts_by_itself_is_found_wherever_it_stands(where):
    data, what = STANDS[where]
    assert file_facts(data).alarming == (what,)


@pytest.mark.parametrize("filters", [b"/Crypt", b"[/FlateDecode/Unheard]", b" 9 0 R"])
def test_objects_that_nothing_here_unpacks_are_a_doubt_and_never_called_clean(filters):
    harmless = b"<</Filter%s/Type/ObjStm/N 1/First 4/Length 2>>stream\n??\nendstream" % filters
    assert file_facts(document(more={4: harmless})).alarming == ("unknown",)


def test_objects_that_unpack_to_more_than_is_looked_into_are_a_doubt(monkeypatch):
    monkeypatch.setattr("edge.vision.file_facts.UNPACKED_AT_MOST", -100)
    assert file_facts(document()).alarming == ("unknown",)


def test_a_document_that_cannot_be_opened_is_a_doubt_and_never_called_safe():
    assert file_facts(LOCKED).alarming == ("unknown",)


def test_a_file_says_who_made_it_and_what_in_it_could_do_harm():
    info = {4: b"<</Author(Li)/CreationDate(D:20240301)/Producer(Scanner 3)>>"}
    facts = file_facts(document(trailer=b"/Info 4 0 R", more=info))
    assert (facts.format, facts.author, facts.created, facts.made_with, facts.alarming) == (
        *("PDF 1.7", "Li", "D:20240301", "Scanner 3"),
        (),
    )
    script = b"/Names<</JavaScript<</Names[(a)<</S/JavaScript/JS(app.alert\\(1\\))>>]>>>>"
    assert file_facts(document(extra=script)).alarming == ("script",)
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x013B], exif[0x0132] = "陈静", "2024:03:02 10:00:00"
    Image.new("L", (40, 40)).save(out, "JPEG", exif=exif)
    facts = file_facts(out.getvalue())
    assert (facts.format, facts.modified, facts.alarming) == ("JPEG", "2024:03:02 10:00:00", ())
    assert file_facts(out.getvalue() + b"PK" * 4000).alarming == ("bytes_behind_end",)
    assert file_facts(b"nothing").format == ""


SMALL = document(1, (40, 60))


@settings(max_examples=120, deadline=None)
@given(
    st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), min_size=1, max_size=12),
    st.floats(0.02, 1),
)
def test_no_damage_to_a_pdf_gets_past_the_front_door_as_anything_but_a_refusal(hits, kept):
    damaged = bytearray(SMALL[: max(9, int(len(SMALL) * kept))])
    for where, value in hits:
        damaged[min(len(damaged) - 1, 5 + int(where * len(damaged)))] = value
    try:
        for picture in pages_of(bytes(damaged), "x"):
            assert picture.mode == "RGB"
    except InputRefused as refused:
        assert refused.code.startswith(("pdf_", "picture_"))
