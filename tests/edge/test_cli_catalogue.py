"""``storeroom import`` and ``search`` as a person types them, with and without a running node."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from edge import cli_import, cli_search
from edge.config import load
from edge.control import SOCKET, ControlServer
from edge.errors import InputRefused, RuleRefused
from edge.store import box_places
from edge.store.begin import DATABASE_FILE
from edge.store.catalogue import Catalogue
from edge.store.database import Database
from edge.store.keys import read_keys
from edge.store.people import People
from edge.store.readers import Readers
from edge.store.trace import Trace
from tests.edge.fresh_node import PIN, add_person, begun, opened

LIST = """档号,题名,盒号,存放位置
Z109-WS·2011-Y-0001,关于档案的通知,0001,B1-A-02-R-01-1-01
,没有编号,,
A-1,題名,0002,
"""


@pytest.fixture
def config_path(tmp_path: Path) -> Path:
    return begun(tmp_path)[0]


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    path = tmp_path / "list.csv"
    path.write_text(LIST, "gbk")
    return path


@pytest.fixture
def run(config_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    monkeypatch.setenv("STOREROOM_LANG", "zh-Hans")
    commands = {command.name: command for command in (*cli_import.COMMANDS, *cli_search.COMMANDS)}

    def run(verb: str, *args: str | Path, pin: str = "") -> Result:
        texts = [*map(str, args), "--config", str(config_path)]
        return CliRunner().invoke(commands[verb], texts, input=f"{pin}\n", catch_exceptions=True)

    return run


def test_a_list_comes_in_and_is_found_while_no_node_runs(run: Callable[..., Result], listed: Path) -> None:
    done = run("import", listed)
    assert done.exit_code == 0, done.output
    assert "照收 1，整理后收 1，未收 1" in done.output and "没有档号、盒号或其他编号" in done.output
    found = run("search", "檔案")
    assert "Z109-WS·2011-Y-0001\t关于档案的通知" in found.stdout and "B1-A-02-R-01-1-01" in found.stdout
    assert "权限" in found.stderr


def test_a_hit_says_where_its_box_is_whether_it_is_in_and_what_matched(
    run: Callable[..., Result], listed: Path, config_path: Path
) -> None:
    run("import", listed)
    [shelved] = [line for line in run("search", "B1-A-02").stdout.splitlines() if line.startswith("Z109\t")]
    assert shelved == "Z109\tZ109 全宗 0001 号盒\t0001 号盒，储位 B1-A-02-R-01-1-01\t按储位"
    with opened(config_path) as database:
        catalogue = Catalogue(database)
        box = catalogue.box_by_no("0001")
        item = catalogue.item_by_ref("Z109-WS·2011-Y-0001")
        assert box is not None and item is not None
        database.write(lambda change: catalogue.set_text(change, item.id, 2, "经研究同意立项", "hand", 0.9, "p"))
        database.write(lambda change: box_places.take_box(change, box.id, "p", "retrieval"))
    assert "0001 号盒，不在架，储位 B1-A-02-R-01-1-01" in run("search", "档案").stdout
    assert run("search", "同意").stdout.rstrip().endswith("按文字: 第 2 页 经研究【同意】立项")


@pytest.mark.parametrize(
    ("asked", "because"),
    [
        ("檔案", "按文字: 题名 【档案】"),
        ("dangan", "按全拼: 题名 【档案】"),
        ("dadtz", "按拼音首字母: 题名 【档案的通知】"),
        ("关于档安", "相近：有一字之差: 题名 【关于档案】"),
        ("Z109-WS·2011·Y-1", "按号码: 档号 【Z109-WS·2011-Y-0001】"),
    ],
)
def test_a_hit_says_which_of_its_signs_were_asked_for(
    run: Callable[..., Result], listed: Path, asked: str, because: str
) -> None:
    run("import", listed)
    assert because in [line.split("\t")[-1] for line in run("search", asked).stdout.splitlines()]


def test_a_list_that_is_full_says_that_there_may_be_more(run: Callable[..., Result], listed: Path) -> None:
    run("import", listed)
    assert "可能还有" in run("search", "--fonds", "Z109", "--limit", "1").stderr
    assert "可能还有" not in run("search", "档案").stderr


def test_json_is_for_programs(run: Callable[..., Result], listed: Path) -> None:
    [answer] = json.loads(run("import", listed, "--json").stdout)
    assert [answer[name] for name in ("rows", "taken", "mended", "refused", "state")] == [3, 1, 1, 1, "sealed"]
    assert answer["not_plain"][0]["place"] == "3"
    [hit] = json.loads(run("search", "Z109-WS·2011·Y-1", "--json").stdout) or [None]
    assert hit is not None and hit["box_no"] == "0001"


def test_filters_narrow_what_is_found_and_alone_find_all_that_passes(run: Callable[..., Result], listed: Path) -> None:
    run("import", listed)
    assert "关于档案的通知" in run("search", "档案", "--year", "2010-2012", "--retention", "Y").stdout
    assert "关于档案的通知" in run("search", "--category", "ws", "--order", "number").stdout
    assert run("search", "档案", "--year", "2012").stdout == ""
    assert run("search", "档案", "--place", "B1-A-03").stdout == ""
    refused = run("search", "档案", "--year", "long ago")
    assert refused.exit_code != 0 and "years_unreadable" in str(refused.exception)
    [hit] = json.loads(run("search", "dangan", "--json").stdout)
    assert hit["why"] == "pinyin" and hit["marks"][0]["ranges"] == [[2, 4]]


def test_who_is_cleared_finds_more_and_the_trace_has_it(
    run: Callable[..., Result], tmp_path: Path, config_path: Path
) -> None:
    (tmp_path / "secret.csv").write_text("档号,题名,密级\nZ109-WS·2011-Y-0002,要件,机密\n", "utf-8")
    with opened(config_path) as database:
        [admin] = People(database, read_keys(load(config_path).node.keys_dir).site).all()
    add_person(config_path, admin.id, "linna", "李娜", ("archivist", "cleared_secret"))
    run("import", tmp_path / "secret.csv")
    assert "要件" not in run("search", "要件").stdout
    assert "要件" in run("search", "要件", "--by", "linna", pin=PIN).stdout
    assert "要件" not in run("search", "要件", "--by", "linna", pin="999111").stdout
    with opened(config_path) as database:
        [event] = [event for event in Trace(database).recent(5) if event.action == "search.secret"]
    assert (event.actor, event.level) == ("linna", "secret")


def test_a_dry_run_says_how_columns_are_read_and_every_row_is_told_afterwards(
    run: Callable[..., Result], tmp_path: Path
) -> None:
    rows = "".join(f"Z109-WS·2011-Y-{no:04d},\n" for no in range(1, 301))
    (tmp_path / "long.csv").write_text("档号,题名,登记人\n" + rows + "A-1,甲,张\n", "utf-8")
    told = run("import", tmp_path / "long.csv", "--dry-run").stdout
    assert "档号 → 档号, 题名 → 题名" in told and "没有用到的栏目：登记人" in told
    run("import", tmp_path / "long.csv")
    import_id = run("import", "--list").stdout.split()[0]
    lines = run("import", "--rows", import_id).stdout.splitlines()
    assert len(lines) == 301 and lines[0].strip().startswith("2：未收") and "没有题名" in lines[299]


def test_an_import_that_was_killed_goes_on_where_it_was(
    run: Callable[..., Result], tmp_path: Path, config_path: Path
) -> None:
    rows = "".join(f"Z109-WS·2011-Y-{no:04d},关于第{no}号档案的通知\n" for no in range(1, 3_000))
    (tmp_path / "long.csv").write_text("档号,题名\n" + rows, "utf-8")
    node = load(config_path).node
    readers = Readers(node.data_dir / DATABASE_FILE, read_keys(node.keys_dir).database)

    def rows_done() -> int:
        with readers.read() as db:
            row = db.execute("SELECT rows_done FROM import_file WHERE state = 'pending'").fetchone()
        return int(row["rows_done"]) if row else 0

    command = [sys.executable, "-m", "edge.cli", "import", str(tmp_path / "long.csv"), "--config", str(config_path)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        deadline = time.monotonic() + 100
        while rows_done() < 400 and process.poll() is None:
            assert time.monotonic() < deadline
            time.sleep(0.02)
        process.kill()
    before = rows_done()
    readers.close()
    assert 400 <= before < 2_999
    assert run("search", "档案").stdout == ""  # nothing shows of what is not sealed
    [answer] = json.loads(run("import", tmp_path / "long.csv", "--json").stdout)
    assert (answer["resumed"], answer["rows"], answer["taken"]) == (True, 2_999, 2_999)
    undone = run("import", "--undo", answer["import"])
    assert undone.exit_code == 0 and run("search", "档案").stdout == ""


def test_a_dry_run_leaves_the_store_as_it_was(run: Callable[..., Result], listed: Path, config_path: Path) -> None:
    assert "试运行，未写入" in run("import", listed, "--dry-run").output
    with opened(config_path) as database:
        assert Catalogue(database).counts()["items"] == 0


def test_boxes_without_a_place_get_one_when_asked(run: Callable[..., Result], listed: Path) -> None:
    done = run("import", listed, "--place")
    assert "已为 1 盒排定储位，尚有 0 盒没有储位" in done.output


def test_a_wrong_file_is_an_error_with_its_place(run: Callable[..., Result], tmp_path: Path) -> None:
    path = tmp_path / "broken.xml"
    path.write_text("<ead>\n<archdesc></ead>", "utf-8")
    error = run("import", path).exception
    assert isinstance(error, InputRefused)
    assert (error.code, error.params["file"], error.params["line"]) == ("xml_broken", "broken.xml", 2)


def test_a_file_of_which_nothing_could_be_taken_is_no_success(run: Callable[..., Result], tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("题名,盒号\n甲,\n", "utf-8")
    assert run("import", path).exit_code == 2


def test_import_without_a_file_says_what_it_wants(run: Callable[..., Result]) -> None:
    done = run("import")
    assert done.exit_code == 2 and "which file?" in done.output


def test_taking_back_needs_something_unfinished(run: Callable[..., Result]) -> None:
    error = run("import", "--discard").exception
    assert isinstance(error, RuleRefused) and error.code == "no_import_pending"


class _RoomOfStore:
    """As much of a room as the verbs of this file use."""

    def __init__(self, database: Database, layout: Any) -> None:
        self.database, self.layout = database, layout
        self.people = People(database, b"\x00" * 32)


@pytest.fixture
def node(config_path: Path) -> Iterator[Database]:
    """The store in the hands of a process that answers the control socket, as a running node does."""
    config = load(config_path)
    with opened(config_path) as database:
        room = _RoomOfStore(database, config.block)
        verbs = cli_import.control_verbs(room) | cli_search.control_verbs(room)  # type: ignore[arg-type]
        server = ControlServer(config.node.run_dir / SOCKET, verbs)
        yield database
        server.close()


def test_while_the_node_runs_the_import_goes_through_it(
    run: Callable[..., Result], listed: Path, node: Database, tmp_path: Path
) -> None:
    assert run("import", listed).exit_code == 0
    assert Catalogue(node).counts()["items"] == 2
    assert "关于档案的通知" in run("search", "档案").stdout
    error = run("import", listed).exception
    assert isinstance(error, RuleRefused) and error.code == "file_known"
    missing = run("import", tmp_path / "nowhere.csv").exception
    assert isinstance(missing, InputRefused) and missing.code == "file_unreadable"


def test_the_command_line_says_errors_in_one_sentence_with_the_next_step(config_path: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "edge.cli", "import", str(tmp_path / "nowhere.csv"), "--config", str(config_path)],
        capture_output=True,
        text=True,
        check=False,
        env={"STOREROOM_LANG": "en", "PATH": "/usr/bin:/bin"},
        timeout=100,
    )
    assert done.returncode == InputRefused.exit_code
    assert done.stderr.strip().splitlines() == [
        "storeroom: The file nowhere.csv cannot be read (No such file or directory)"
        " — Check whether this is the right file"
    ]
