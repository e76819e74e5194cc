"""Importing at the panel: read, rehearsed, imported, taken back, by those who may."""

import time

LIST = "档号,题名,盒号,登记人\nA001-WS·2011-Y-0101,通知,91,张\nA001-WS.2011-Y-0102,函,91,张\n,没有号,,张\n"


def waited(client, seconds: float = 20):
    deadline = time.monotonic() + seconds
    while (desk := client.get("/api/v1/imports/desk").json())["working"]:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return desk


def sent(client, text: str = LIST, name: str = "list.csv"):
    return client.post("/api/v1/imports/file", params={"name": name}, content=text.encode())


def begun(client, what: str, import_id: str = ""):
    answer = client.post("/api/v1/imports/start", json={"what": what, "import_id": import_id})
    assert answer.status_code == 200, answer.text
    return waited(client)


def test_a_file_is_shown_as_it_would_be_read_before_anything_is_written(desk):
    client = desk.signed_in()
    told = sent(client).json()["upload"]
    assert (told["format"], told["total"], told["ignored"]) == ("csv", 3, ["登记人"])
    assert {pair["heading"]: pair["field"] for pair in told["headings"]} == {
        "档号": "档号",
        "题名": "题名",
        "盒号": "盒号",
    }
    assert told["first"][0]["title"] == "通知"
    assert client.get("/api/v1/imports").json()["imports"] == []


def test_a_rehearsal_says_what_would_become_of_each_row_and_writes_nothing(desk):
    client = desk.signed_in()
    sent(client)
    answer = begun(client, "rehearse")["answer"]
    assert (answer["state"], answer["taken"], answer["mended"], answer["refused"]) == ("dry_run", 1, 1, 1)
    assert [row["verdict"] for row in answer["not_plain"]] == ["mended", "refused"]
    assert all(row["notes"] and "note." not in row["notes"][0] for row in answer["not_plain"])
    assert client.get("/api/v1/imports").json()["imports"] == []


def test_whose_a_list_is_that_names_no_fonds_is_said_at_the_panel(desk):
    client = desk.signed_in()
    assert not sent(client, "题名,盒号\n甲,91\n").json()["upload"]["names_fonds"]
    for what in ("rehearse", "import"):
        body = {"what": what, "fonds": "J019"}
        assert client.post("/api/v1/imports/start", json=body).status_code == 200
        waited(client)
    (hit,) = desk.room.search.find("甲", clearance="internal")
    assert hit.item.fonds_no == "J019"


def test_an_import_is_found_by_search_and_taken_back_whole(desk):
    client = desk.signed_in()
    sent(client)
    done = begun(client, "import")
    assert done["answer"]["state"] == "sealed" and done["upload"] is None
    (listed,) = client.get("/api/v1/imports").json()["imports"]
    assert listed["state"] == "sealed" and desk.room.catalogue.item_by_ref("A001-WS·2011-Y-0101")
    rows = client.get(f"/api/v1/imports/{listed['id']}/rows").json()
    assert [row["verdict"] for row in rows] == ["mended", "refused"]
    assert begun(client, "undo", listed["id"])["answer"]["state"] == "discarded"
    assert desk.room.catalogue.item_by_ref("A001-WS·2011-Y-0101") is None


def test_what_stands_in_the_way_of_undoing_is_said_in_words(desk):
    client = desk.signed_in()
    sent(client)
    begun(client, "import")
    item = desk.room.catalogue.item_by_ref("A001-WS·2011-Y-0101")
    desk.room.database.write(
        lambda change: desk.room.catalogue.set_text(change, item.id, 1, "正文", "engine", 0.9, "p")
    )
    (listed,) = client.get("/api/v1/imports").json()["imports"]
    error = begun(client, "undo", listed["id"])["error"]
    assert error["code"] == "import_depended_on" and "1 页识别文字" in error["said"]


def test_a_file_that_cannot_be_read_is_refused_with_its_reason(desk):
    client = desk.signed_in()
    answer = sent(client, "一,二\n三,四\n")
    assert answer.status_code == 422 and answer.json()["code"] == "headings_unknown"
    assert client.post("/api/v1/imports/start", json={"what": "import"}).json()["code"] == "no_file_chosen"


def test_only_those_with_the_right_import(desk):
    reader = desk.signed_in("reader")
    assert sent(reader).json()["code"] == "not_allowed"
    assert reader.get("/api/v1/imports").json()["code"] == "not_allowed"
    assert reader.get("/api/v1/imports/desk").json()["code"] == "not_allowed"
    assert reader.post("/api/v1/imports/start", json={"what": "discard"}).json()["code"] == "not_allowed"


def test_nobody_else_at_the_panel_sees_what_somebody_has_on_the_desk(desk):
    sent(desk.signed_in())
    desk.app.state.panel.imports.owner = "somebody else"
    other = desk.signed_in()
    assert other.get("/api/v1/imports").json()["desk"]["upload"] is None
    assert other.post("/api/v1/imports/start", json={"what": "import"}).json()["code"] == "no_file_chosen"


def test_columns_too_far_right_are_told_before_and_after(desk):
    client = desk.signed_in()
    wide = "题名,盒号" + "," * 198 + ",甲,乙\n丙,91\n"
    assert sent(client, wide).json()["upload"]["beyond"] == 2
    assert begun(client, "rehearse")["answer"]["columns_beyond"] == 2


def test_every_field_of_a_finding_aid_is_shown_by_its_name(desk):
    rows = "1,,F1,总,Fonds,\n2,1,I1,件,Item,4\n"
    atom = f"legacyId,parentId,identifier,title,levelOfDescription,physicalObjectName\n{rows}"
    fields = sent(desk.signed_in(), atom).json()["upload"]["fields"]
    assert "context_only" in fields and all(name != told for name, told in fields.items())
