"""An evidence extract as it is handed over, and as a stranger checks it."""

import io
import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from edge import cli_evidence
from edge.config import load
from edge.errors import InputRefused, RuleRefused
from edge.store import evidence_verify
from edge.store.catalogue import Catalogue
from edge.store.corrections import Corrections
from edge.store.keys import read_keys
from edge.store.trace import Trace
from edge.words import load as words
from edge.words import say
from tests import needs
from tests.edge.fresh_node import PIN, add_person, begun, bring_in, opened, typed

NUMBER = "Z109-WS·2011-Y-0001"


@pytest.fixture(scope="module")
def config_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Fonds Z109 with an open and a secret item; the open one's page was read, and other things happened meanwhile."""
    path, admin = begun(tmp_path_factory.mktemp("node"))
    bring_in(path, f"档号,题名,密级,盒号\n{NUMBER},通知,,1\nZ109-WS·2011-Y-0002,要件,机密,1\n")
    add_person(path, admin, "linna", "李娜", ("archivist", "cleared_secret"))
    with opened(path) as database:
        item = Catalogue(database).item_by_ref(NUMBER)
        correct = Corrections(database).correct
        for pages in (4, 5):
            changed = {"pages": pages, "persons": "王芳"}
            database.write(
                lambda change, changed=changed: correct(
                    change, "item", item.id, changed, reason="漏数一页", actor="linna"
                )
            )
        catalogue, trace = Catalogue(database), Trace(database)
        item = catalogue.item_by_ref(NUMBER)
        trace.checkpoint(read_keys(load(path).node.keys_dir).signing, now=True)
        database.write(lambda change: catalogue.set_text(change, item.id, 1, "正文", "engine", 0.9, "linna"))
        for number in range(5):
            database.write(lambda change, number=number: catalogue.add_fonds(change, f"Y{number:03d}", "别的", "linna"))
    return path


@pytest.fixture
def run(config_path: Path) -> Callable[..., Result]:
    return typed(cli_evidence.evidence_command, config_path)


@pytest.fixture(scope="module")
def extract(config_path: Path, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    out = tmp_path_factory.mktemp("out") / "a.zip"
    done = CliRunner().invoke(cli_evidence.evidence_command, [NUMBER, "--out", str(out), "--config", str(config_path)])
    assert done.exit_code == 0, (done.output, done.exception)
    return out.read_bytes()


def test_a_stranger_checks_it_with_the_script_inside_and_python_alone(extract: bytes, tmp_path: Path):
    (tmp_path / "evidence.zip").write_bytes(extract)
    with zipfile.ZipFile(io.BytesIO(extract)) as archive:
        archive.extract("verify.py", tmp_path)
        readme = archive.read("README.txt").decode("utf-8")
    assert "python3 verify.py" in readme and NUMBER in readme
    command = [sys.executable, "-I", str(tmp_path / "verify.py"), str(tmp_path / "evidence.zip")]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    found = json.loads(done.stdout)
    assert found["record"]["item"]["title"] == "通知" and found["record"]["source"]["file"] == "list.csv"


def recipe(extract: bytes, folder: Path) -> str:
    """The commands in the extract's own README.txt, saved and run as it says."""
    with zipfile.ZipFile(io.BytesIO(extract)) as archive:
        readme = archive.read("README.txt").decode("utf-8")
    (folder / "check.sh").write_text(readme[readme.index("# sh, unzip") :], "utf-8")
    (folder / "evidence.zip").write_bytes(extract)
    command = ["sh", "check.sh", "evidence.zip"]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder, timeout=60).stdout


def test_it_is_checked_without_our_program_by_the_recipe_in_its_readme(extract: bytes, tmp_path: Path):
    needs.programs("jq", "openssl", "unzip", "xxd")
    (tmp_path / "whole").mkdir()
    assert recipe(extract, tmp_path / "whole").split() == [evidence_verify.check(extract)[1]["fingerprint"]]
    with zipfile.ZipFile(io.BytesIO(extract)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    lines = files["trace.jsonl"].splitlines(keepends=True)
    other = Ed25519PrivateKey.from_private_bytes(bytes(32)).public_key().public_bytes_raw().hex().encode()
    changed = b"".join(lines[1:]).replace(b"pages", b"seiten", 1).replace(b"linna", b"limei")
    record = files["record.json"].replace("通知".encode(), "要件".encode())
    forged = evidence_verify.pack({**files, "record.json": record, "trace.jsonl": changed, "node.pub": other})
    (tmp_path / "forged").mkdir()
    found = recipe(forged, tmp_path / "forged")
    for wrong in ("file", "body", "envelope", "missing", "signature"):
        assert f"BAD {wrong}" in found, wrong
    cut = evidence_verify.pack({**files, "trace.jsonl": b"".join(lines[:-1])})
    (tmp_path / "cut").mkdir()
    assert "BAD end" in recipe(cut, tmp_path / "cut")


def test_what_the_script_finds_wrong_it_says_in_three_languages_and_so_does_the_node(
    extract: bytes, run: Callable[..., Result], tmp_path: Path
):
    with zipfile.ZipFile(io.BytesIO(extract)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    forged = evidence_verify.pack({**files, "record.json": files["record.json"].replace(b"1", b"2", 1)})
    (tmp_path / "verify.py").write_bytes(files["verify.py"])
    (tmp_path / "forged.zip").write_bytes(forged)
    command = [sys.executable, "-I", "verify.py", "forged.zip"]
    done = subprocess.run(command, capture_output=True, check=False, cwd=tmp_path, env={"LANG": "C"})
    said = done.stdout.decode("utf-8").split("\n")
    assert done.returncode == 1 and said[0] == "BAD" and all("record.json" in line for line in said[1:4])
    assert "被改过" in said[1] and "被改過" in said[2] and "was changed" in said[3]
    for language, expected in (("zh-Hans", "被改过"), ("zh-Hant", "被改過"), ("en", "was changed")):
        assert expected in say(language, "error.evidence_broken", **broken(run, tmp_path / "forged.zip").params)


def broken(run: Callable[..., Result], path: Path) -> InputRefused:
    refused = run("--check", path).exception
    assert isinstance(refused, InputRefused) and refused.code == "evidence_broken"
    return refused


def test_everything_that_may_be_wrong_with_an_extract_has_words():
    source = Path(evidence_verify.__file__).read_text("utf-8")
    codes = set(re.findall(r"Wrong\(\"([a-z_]+)\"|return \"([a-z_]+)\"", source))
    assert {f"evidence.wrong.{one or other}" for one, other in codes} <= set(words())
    assert len(codes) > 15


def test_it_holds_the_items_events_with_their_bodies_and_of_others_the_envelopes_alone(extract: bytes):
    with zipfile.ZipFile(io.BytesIO(extract)) as archive:
        rows = [json.loads(line) for line in archive.read("trace.jsonl").splitlines()]
        text = archive.read("trace.jsonl").decode("utf-8")
    told = [json.loads(row["envelope"])["action"] for row in rows if row["body"] is not None]
    corrected = ["item.corrected"] * 2
    assert told == ["import.started", "import.rows", "import.sealed", *corrected, "item.text_set", "evidence.made"]
    linked = [json.loads(row["envelope"])["action"] for row in rows if row["body"] is None]
    assert linked.count("fonds.added") == 5 and "别的" not in text


def test_every_single_byte_counts(extract: bytes):
    """Each byte of the small files and a sample of all others, changed one at a time."""
    assert evidence_verify.check(extract)[0] is None
    step = max(1, len(extract) // 400)
    for place in range(0, len(extract), step):
        changed = bytearray(extract)
        changed[place] ^= 0x01
        assert evidence_verify.check(bytes(changed))[0], f"byte {place} was changed unseen"


def test_a_record_written_anew_with_its_zip_is_found(extract: bytes, tmp_path: Path):
    with zipfile.ZipFile(io.BytesIO(extract)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    for name in evidence_verify.NAMES:
        forged = {**files, name: files[name].replace(b"1", b"2", 1) if b"1" in files[name] else files[name] + b"\n"}
        assert evidence_verify.check(evidence_verify.pack(forged))[0], name
    (tmp_path / "forged.zip").write_bytes(
        evidence_verify.pack({**files, "record.json": files["record.json"].replace("通知".encode(), "要件".encode())})
    )
    done = CliRunner().invoke(cli_evidence.evidence_command, ["--check", str(tmp_path / "forged.zip")])
    assert isinstance(done.exception, InputRefused) and done.exception.code == "evidence_broken"
    assert done.exception.params["why"].params == {"where": "record.json"}


def test_it_tells_every_field_and_each_correction_with_old_value_signer_date_and_reason(extract: bytes):
    wrong, found = evidence_verify.check(extract)
    record = found["record"]
    assert not wrong and record["description"]["persons"] == "王芳" and record["description"]["secret_mark"] == ""
    assert [(one["field"], one["old"], one["new"]) for one in record["corrections"]] == [
        ("pages", "", "4"),
        ("persons", "", "王芳"),
        ("pages", "4", "5"),
    ]
    last = record["corrections"][-1]
    assert record["people"][last["actor"]] == "李娜" and last["reason"] == "漏数一页" and last["utc_ms"]


def test_a_correction_that_was_changed_or_left_out_is_found_even_by_a_new_signature(extract: bytes):
    """Whoever could sign the extract anew could still not change what the trace named when it was corrected."""
    record = evidence_verify.check(extract)[1]["record"]
    kept = [row for row in _bodies(extract) if "kept" in row]
    digests = [row["kept"] for row in kept]
    forged = {**record, "corrections": [{**one, "old": "9"} for one in record["corrections"]]}
    cut = {**record, "corrections": record["corrections"][:-1]}
    assert evidence_verify._corrections(record, digests) == ""
    assert evidence_verify._corrections(forged, digests) and evidence_verify._corrections(cut, digests)


def _bodies(extract: bytes) -> list[dict]:
    with zipfile.ZipFile(io.BytesIO(extract)) as archive:
        rows = [json.loads(line) for line in archive.read("trace.jsonl").splitlines()]
    return [json.loads(row["body"]) for row in rows if row["body"]]


@pytest.mark.parametrize("name", evidence_verify.NAMES)
def test_whatever_bit_of_a_part_is_changed_the_part_is_named(extract: bytes, name: str):
    with zipfile.ZipFile(io.BytesIO(extract)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    for place in range(0, len(files[name]), max(1, len(files[name]) // 40)):
        changed = bytearray(files[name])
        changed[place] ^= 0x01
        forged = evidence_verify.pack({**files, name: bytes(changed)})
        wrong, _ = evidence_verify.check(forged)
        assert wrong and name in evidence_verify.in_words(forged, wrong), (place, wrong)


def test_events_left_out_of_the_middle_are_found(extract: bytes):
    with zipfile.ZipFile(io.BytesIO(extract)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    lines = files["trace.jsonl"].splitlines(keepends=True)
    for gone in range(1, len(lines)):
        cut = b"".join(lines[:gone] + lines[gone + 1 :])
        assert evidence_verify.check(evidence_verify.pack({**files, "trace.jsonl": cut}))[0], gone


def test_the_scripts_own_signature_check_agrees_with_a_library(extract: bytes):
    for number in range(3):
        key, message = Ed25519PrivateKey.from_private_bytes(bytes([number + 1]) * 32), f"text {number}".encode()
        public, signature = key.public_key().public_bytes_raw(), key.sign(message)
        assert evidence_verify.verify(public, message, signature)
        assert not evidence_verify.verify(public, message + b"!", signature)
        assert not evidence_verify.verify(public, message, signature[:-1] + bytes([signature[-1] ^ 1]))


def test_a_secret_item_is_handed_over_for_somebody_cleared_only(run: Callable[..., Result], tmp_path: Path):
    secret = "Z109-WS·2011-Y-0002"
    unknown = run(secret, "--out", tmp_path / "a.zip").exception
    assert isinstance(unknown, InputRefused) and unknown.code == "item_unknown"
    refused = run(secret, "--out", tmp_path / "a.zip", "--clearance", "secret").exception
    assert isinstance(refused, RuleRefused) and refused.code == "export_not_cleared"
    done = run(secret, "--out", tmp_path / "a.zip", "--clearance", "secret", "--by", "linna", pin=PIN)
    assert done.exit_code == 0, (done.output, done.exception)
    assert "完整无改动" in run("--check", tmp_path / "a.zip").stdout
