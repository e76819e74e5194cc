"""What a site keeps for itself, over the panel's routes: who may, what is refused, and the event of every change."""

import io
import zipfile

import pytest

from edge.store import evidence_verify
from edge.workflows import describe
from edge.workflows.archive import archive_in
from tests.edge.panel.test_describing import ITEM, of

__all__ = ["of"]  # a fixture


@pytest.fixture
def archive(desk):
    return archive_in(desk.room.database, desk.room.layout)


LEVEL = {"code": "own_6", "name": "行业秘密", "clearance": "confidential"}
D15 = {"code": "D15", "years": 15, "counts_from": "event", "then_do": "destroy"}
COLUMNS = [{"column": "title", "words": "文件题名", "share": 90}, {"column": "pages", "share": 10}]


@pytest.mark.parametrize("who", ["archivist", "reader", "security", "auditor"])
def test_only_who_keeps_the_sites_tables_sees_and_changes_them(desk, of, who):
    client = desk.signed_in(who)
    assert client.get("/api/v1/site").json()["code"] == "not_allowed"
    assert client.get("/api/v1/site/headings/J001/files").json()["code"] == "not_allowed"
    for path, body in (
        ("secret-level", LEVEL),
        ("retention", D15),
        ("category", {"code": "IS", "name": "信息系统"}),
        ("loanable", {"series_id": of.id, "loanable": "view"}),
        ("headings/J001/files", {"columns": COLUMNS}),
        ("fonds/J001/people", {"person_ids": []}),
    ):
        assert client.post(f"/api/v1/site/{path}", json=body).json()["code"] == "not_allowed", path
    assert len(desk.events("request.refused")) == 6 and not desk.events("site.")


def test_every_change_of_the_tables_is_kept_and_is_an_event(desk, of):
    client, url = desk.signed_in("chief"), "/api/v1/site"
    keeper = desk.people["archivist"].id
    assert client.post(f"{url}/secret-level", json=LEVEL).status_code == 204
    assert client.post(f"{url}/retention", json=D15).status_code == 204
    assert client.post(f"{url}/category", json={"code": "IS", "name": "信息系统"}).json() == {"read_again": 0}
    assert client.post(f"{url}/loanable", json={"series_id": of.id, "loanable": "view"}).status_code == 204
    shown = client.post(f"{url}/headings/J001/files", json={"columns": COLUMNS}).json()["headings"]
    assert [(one["column"], one["words"], one["share"]) for one in shown] == [
        ("title", "文件题名", 90),
        ("pages", "", 10),
    ]
    assert client.post(f"{url}/fonds/J001/people", json={"person_ids": [keeper]}).status_code == 204
    told = client.get(url).json()
    assert LEVEL | {"active": True} in told["secret_levels"] and "D15" in [one["code"] for one in told["retentions"]]
    assert told["own_categories"] == [{"code": "IS", "name": "信息系统"}]
    assert told["series"][0]["loanable"] == "view" and told["fonds"][0]["person_ids"] == [keeper]
    written = ["site.secret_level_set", "site.retention_class_set", "site.category_added", "series.loanable_set"]
    for action in (*written, "fonds.headings_set", "fonds.rights_set"):
        assert [event.actor for event in desk.events(action)] == [desk.people["chief"].id], action


def test_a_class_that_is_turned_off_is_no_longer_offered_and_still_counts_where_it_was_given(desk, of, archive):
    client = desk.signed_in("chief")
    made = client.post("/api/v1/records/item", json={"series_id": of.id, "values": ITEM | {"retention": "D10"}}).json()
    off = {"code": "D10", "years": 10, "counts_from": "year_end", "then_do": "appraise", "active": False}
    assert client.post("/api/v1/site/retention", json=off).status_code == 204
    assert "D10" not in [one["code"] for one in client.get("/api/v1/fields/item").json()["retention"]]
    assert client.get(f"/api/v1/records/item/{made['id']}").json()["kept_until"] == "2022-01-01"
    assert {"D10": False}.items() <= {
        one["code"]: one["active"] for one in client.get("/api/v1/site").json()["retentions"]
    }.items()


@pytest.mark.parametrize("code", ["D5", "E15", "15", "长期", "D15-1"])
def test_a_retention_code_that_numbers_could_not_carry_is_refused(desk, code):
    refused = desk.signed_in("system").post("/api/v1/site/retention", json={**D15, "code": code})
    assert (refused.status_code, refused.json()["code"]) == (422, "retention_code_unfit")


def test_headings_that_no_register_has_are_refused_in_words(desk):
    client = desk.signed_in("system")
    wrong = client.post("/api/v1/site/headings/J001/files", json={"columns": [{"column": "span", "share": 10}]})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "heading_unreadable")
    assert client.get("/api/v1/site/headings/J001/spine").json()["code"] == "heading_unreadable"
    assert client.post("/api/v1/site/headings/X999/files", json={"usual": "2000"}).json()["code"] == "fonds_unknown"
    assert client.post("/api/v1/site/headings/J001/files", json={"usual": "2000"}).json()["headings"][0]["column"] == (
        "item_no"
    )


def test_evidence_is_handed_over_and_checked_at_the_panel(desk, archive, of):
    client = desk.signed_in()
    made = describe.item(archive, desk.people["archivist"], of.id, ITEM)
    extract = client.post(f"/api/v1/records/item/{made.id}/evidence").content
    assert evidence_verify.check(extract)[0] is None
    assert desk.events("evidence.made")[0].actor == desk.people["archivist"].id
    told = client.post("/api/v1/evidence/check?name=a.zip", content=extract).json()
    assert (told["ref_code"], told["own_key"]) == (made.number, True)
    with zipfile.ZipFile(io.BytesIO(extract)) as archive_file:
        files = {name: archive_file.read(name) for name in archive_file.namelist()}
    forged = evidence_verify.pack({**files, "record.json": files["record.json"].replace(b"1", b"2", 1)})
    said = {
        language: client.post(
            "/api/v1/evidence/check?name=a.zip", content=forged, headers={"accept-language": language}
        ).json()["said"]
        for language in ("zh-CN", "zh-TW", "en")
    }
    assert "被改过" in said["zh-CN"] and "被改過" in said["zh-TW"] and "was changed" in said["en"]


def test_evidence_is_for_who_takes_out_and_of_a_secret_item_for_who_is_cleared(desk, archive, of):
    made = describe.item(archive, desk.people["archivist"], of.id, ITEM)
    url = f"/api/v1/records/item/{made.id}/evidence"
    assert desk.signed_in("reader").post(url).json()["code"] == "not_allowed"
    assert desk.signed_in(peer="192.168.1.9").post(url).status_code == 403  # the file is handed over at the panel
    desk.database.write(
        lambda change: change.db.execute("UPDATE item SET secret_level = 'secret' WHERE id = ?", (made.id,)),
        telemetry=True,
    )
    assert desk.signed_in().post(url).json()["code"] == "export_not_cleared"
    assert not desk.events("evidence.made")
