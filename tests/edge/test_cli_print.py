"""``storeroom print`` as a person types it: files that can be opened, and what the trace says of them."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from edge import cli_print
from edge.errors import InputRefused, RuleRefused
from edge.store import spine_reprints
from edge.store.catalogue import Catalogue
from edge.store.trace import Trace
from edge.vision.codes import codes_in
from tests.edge.fresh_node import PIN, add_person, begun, bring_in, opened, typed
from tests.edge.paper import rendered

ROWS = (
    "档号,题名,密级,盒号,盒厚度,储位\n"
    "Z109-WS·2011-Y-BGS-0001,通知,,1,30,B1-A-03-R-02-4-07\n"
    "Z109-WS·2013-Y-BGS-0009,函,,1,30,B1-A-03-R-02-4-07\n"
    "Z109-KU·2012-D30-0002,要件,机密,2,50,\n"
)


@pytest.fixture(scope="module")
def config_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path, admin = begun(tmp_path_factory.mktemp("node"))
    add_person(path, admin, "linna", "李娜", ("archivist", "cleared_secret"))
    bring_in(path, ROWS)
    return path


@pytest.fixture
def run(config_path: Path) -> Callable[..., Result]:
    return typed(cli_print.print_group, config_path)


def test_a_register_is_printed_and_the_trace_has_it(run: Callable[..., Result], config_path: Path, tmp_path: Path):
    done = run("register", "files", "--out", tmp_path / "a.pdf")
    assert done.exit_code == 0, (done.output, done.exception)
    assert "已印出 2 条，2 页" in done.stdout
    assert "通知" in "".join(rendered.words((tmp_path / "a.pdf").read_bytes()))
    with opened(config_path) as database:
        [event] = Trace(database).recent(1)
    body = json.loads(event.body or b"")
    assert (event.action, body["what"], body["listed"], body["pages"]) == ("print.made", "register.files", 2, 2)
    again = run("register", "files", "--out", tmp_path / "a.pdf").exception
    assert isinstance(again, InputRefused) and again.code == "export_exists"


def test_secret_titles_are_printed_for_somebody_cleared_only(run: Callable[..., Result], tmp_path: Path):
    secret = ("register", "files", "--clearance", "secret", "--out", tmp_path / "a.pdf")
    refused = run(*secret).exception
    assert isinstance(refused, RuleRefused) and refused.code == "export_not_cleared"
    assert not (tmp_path / "a.pdf").exists()
    assert run(*secret, "--by", "linna", pin=PIN).exit_code == 0
    assert "要件" in "".join(rendered.words((tmp_path / "a.pdf").read_bytes()))


def test_a_spine_says_what_lies_in_the_box_and_its_code_finds_it(
    run: Callable[..., Result], config_path: Path, tmp_path: Path
):
    done = run("labels", "box", "--number", "1", "--on", "roll", "--out", tmp_path / "a.pdf", "--json")
    assert done.exit_code == 0, (done.output, done.exception)
    pdf = (tmp_path / "a.pdf").read_bytes()
    assert rendered.size_mm(pdf) == (28, 150)
    (text,) = rendered.words(pdf)
    for words in ("全宗号Z109", "年度2011—2013", "保管期限永久", "机构（问题）BGS", "起止件号0001—0009", "盒号1"):
        assert words in text
    (found,) = codes_in(rendered.picture(pdf, 0, 200))
    with opened(config_path) as database, database.read() as db:
        row = db.execute("SELECT box_no FROM shown_box WHERE label = ?", (found["text"],)).fetchone()
    assert row["box_no"] == "1"


def test_only_spines_that_say_what_is_no_longer_so_are_printed_again(
    run: Callable[..., Result], config_path: Path, tmp_path: Path
):
    nothing = run("labels", "box", "--reprint", "--out", tmp_path / "a.pdf").exception
    assert isinstance(nothing, InputRefused) and nothing.code == "print_nothing"
    with opened(config_path) as database:
        box = Catalogue(database).box_by_no("2")
        database.write(lambda change: spine_reprints.reprint(change, box.id, "numbers"), telemetry=True)
    done = run("labels", "box", "--reprint", "--on", "roll", "--out", tmp_path / "a.pdf")
    assert done.exit_code == 0, (done.output, done.exception)
    (text,) = rendered.words((tmp_path / "a.pdf").read_bytes())
    assert "盒号2" in text
    assert run("labels", "slot", "--reprint", "--out", tmp_path / "b.pdf").exit_code == 2


def test_a_cabinets_label_names_the_classes_it_holds_and_stays_the_same(run: Callable[..., Result], tmp_path: Path):
    texts, codes = [], []
    for name in ("a.pdf", "b.pdf"):
        done = run("labels", "cabinet", "--number", "B1-A-03-R", "--out", tmp_path / name)
        assert done.exit_code == 0, (done.output, done.exception)
        pdf = (tmp_path / name).read_bytes()
        texts += rendered.words(pdf)
        codes += [found["text"] for found in codes_in(rendered.picture(pdf))]
    assert "B1-A-03-R" in texts[0] and "WS文书2011—2013" in texts[0]
    assert len(codes) == 2 and codes[0] == codes[1] and codes[0].startswith("SR1:A")


def test_labels_of_slots_by_their_place(run: Callable[..., Result], tmp_path: Path):
    done = run("labels", "slot", "--place", "B1-A-03-R-02-4", "--out", tmp_path / "a.pdf", "--json")
    assert done.exit_code == 0, (done.output, done.exception)
    said = json.loads(done.stdout)
    (text,) = rendered.words((tmp_path / "a.pdf").read_bytes())
    assert said["listed"] == text.count("B1-A-03-R-02-4-") and "3列右面2节4层7位" in text
    refused = run("labels", "slot", "--number", "B9-Z-01-L-01-1-01", "--out", tmp_path / "b.pdf").exception
    assert isinstance(refused, InputRefused) and refused.code == "slot_unknown"


def test_items_of_one_number_get_one_label(run: Callable[..., Result], tmp_path: Path):
    wanted = ("labels", "item", "--number", "z109-ws.2011-y-bgs-0001", "--on", "roll")
    done = run(*wanted, "--size", "60x30", "--out", tmp_path / "a.pdf")
    assert done.exit_code == 0, (done.output, done.exception)
    pdf = (tmp_path / "a.pdf").read_bytes()
    assert rendered.size_mm(pdf) == (60, 30) and "Z109-WS·2011-Y-BGS-0001" in rendered.words(pdf)[0]
    assert "通知" not in rendered.words(pdf)[0]
    bad = run(*wanted, "--size", "wide", "--out", tmp_path / "b.pdf")
    assert bad.exit_code == 2 and "70x37" in bad.output
