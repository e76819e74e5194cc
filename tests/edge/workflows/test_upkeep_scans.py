"""A page that was really hooked, and its scan changed or gone: the upkeep says whose it is."""

from contextlib import closing
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from edge.domain.page_gate import Wanted
from edge.store.connection import connect
from edge.store.upkeep_evidence import evidence
from edge.store.upkeep_site import Site
from edge.workflows.hook_folder import hook_folder
from edge.workflows.upkeep_words import told
from tests.edge.page_desk import page

NAME = "A001-WS·2011·Y-0001.pdf"


@pytest.fixture
def site(scene, key: bytes, tmp_path: Path) -> Site:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / NAME).write_bytes(b"scan")
    scene.room.page_reader.files = {NAME: [page("屋面渗漏"), page("附件", number=2, shade=200)]}
    hook_folder(scene.room, scene.archivist, folder, Wanted(), dry_run=False)
    public = Ed25519PrivateKey.from_private_bytes(bytes(31) + b"\x01").public_key()
    return Site(scene.room.database, key, public, (), lambda: True, tmp_path / "scans.db")


def found(site: Site) -> list[tuple[str, int]]:
    every = [one for step in evidence(site, {}) for one in step.findings]
    assert all(told(one) for one in every)
    return [(one.code, one.params["page"]) for one in every]


def damage(site: Site, scene, *statements: str) -> None:
    image = scene.room.pages.of_item(scene.items[0])[1].image
    assert site.scans is not None
    with closing(connect(site.scans, site.key)) as db:
        for statement in statements:
            db.execute(statement, (image,))


def test_hooked_pages_whose_scans_are_there_are_good(site: Site) -> None:
    assert found(site) == []


def test_a_changed_scan_is_told_by_its_page(site: Site, scene) -> None:
    damage(site, scene, "UPDATE scan_piece SET content = x'00' WHERE sha256 = ?")
    assert found(site) == [("scan_differs", 2)]


def test_a_changed_scan_is_named_every_night_until_it_is_good_again(site: Site, scene, monkeypatch) -> None:
    monkeypatch.setattr("edge.store.upkeep_evidence.LEAST_SCANS", 1)  # of three; the others come other nights
    with closing(connect(site.scans, site.key)) as db:
        good = db.execute("SELECT sha256, piece, content FROM scan_piece").fetchall()
    damage(site, scene, "UPDATE scan_piece SET content = x'00' WHERE sha256 = ?")
    position, nights = {}, []
    for _ in range(6):
        steps = list(evidence(site, position))
        position = steps[-1].position
        nights.append([one.code for step in steps for one in step.findings])
    first = nights.index(["scan_differs"])
    assert nights[first:] == [["scan_differs"]] * (6 - first) and first < 3
    with closing(connect(site.scans, site.key)) as db:
        for row in good:
            db.execute("UPDATE scan_piece SET content = ? WHERE sha256 = ? AND piece = ?", (row[2], row[0], row[1]))
    assert [one for step in evidence(site, position) for one in step.findings] == []


def test_a_scan_that_is_gone_is_told_by_its_page(site: Site, scene) -> None:
    damage(site, scene, "DELETE FROM scan_piece WHERE sha256 = ?", "DELETE FROM scan WHERE sha256 = ?")
    assert found(site) == [("scan_missing", 2)]


def test_a_lost_file_of_scans_is_never_a_good_night(site: Site, scene) -> None:
    scene.room.scans.close()
    assert site.scans is not None
    site.scans.unlink()
    assert {code for code, _ in found(site)} == {"scan_missing"}
