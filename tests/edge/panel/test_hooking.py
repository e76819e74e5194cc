"""A folder hooked at the panel: the plan, each file, the report, and a person's word on what is in doubt."""

import hashlib

from tests.edge.page_desk import page

NUMBER = "J001-WS·2011-Y-BGS-00071"


def test_a_folder_is_planned_hooked_and_settled(desk):
    contents = {f"a/{NUMBER}.pdf": b"one", "2012/J001-WS·2011-Y-BGS-00072.pdf": b"two", "谁.pdf": b"three"}
    names = [path.rpartition("/")[2] for path in contents]
    desk.room.page_reader.files = {name: [page("屋面渗漏" + name)] for name in names}
    files = [{"path": path, "sha256": hashlib.sha256(data).hexdigest()} for path, data in contents.items()]
    folder = {"root": "U盘", "files": files}
    assert desk.signed_in("reader").post("/api/v1/hooking/plan", json=folder).json()["code"] == "not_allowed"
    client = desk.signed_in()
    plan = client.post("/api/v1/hooking/plan", json=folder).json()["files"]
    assert [(one["state"], one["code"]) for one in plan] == [
        ("planned", "by_name"),
        ("unsure", "folder_year"),
        ("refused", "no_number"),
    ]
    assert "年度 2012" in plan[1]["why"] and client.get("/api/v1/hooking").json()["run"] is None
    begun = client.post("/api/v1/hooking/begin", json=folder).json()
    assert sorted(begun["send"]) == sorted(list(contents)[:2])
    url = f"/api/v1/hooking/{begun['run']}"
    for path in begun["send"]:
        client.post(f"{url}/file", params={"path": path}, content=contents[path])
    counts = client.post(f"{url}/end").json()
    assert (counts["hooked"], counts["unsure"], counts["refused"]) == (1, 1, 1)
    (hooked,) = client.get(f"{url}/files?state=hooked").json()["files"]
    assert (hooked["path"], hooked["why"]) == (f"a/{NUMBER}.pdf", "按文件名，文件夹没有矛盾") and hooked["item_id"]
    assert client.get(f"{url}/files?state=lost").status_code == 422
    report = client.get("/api/v1/hooking").json()
    (doubtful,) = [one for one in report["files"] if one["settles"]]
    settled = client.post(f"{url}/settle", json={"path": doubtful["path"], "reason": "文件夹放错"}).json()
    assert settled["state"] == "settled"
    assert len(desk.room.search.find("屋面渗漏", clearance="internal")) == 2
    desk.clock.advance(1)
    client.post("/api/v1/hooking/begin", json={**folder, "root": "另一个"})
    told = client.get(f"/api/v1/hooking?run={begun['run']}").json()
    assert [(one["root"], bool(one["ended_ms"]), one["person_name"]) for one in told["runs"]] == [
        ("另一个", False, "李文清"),
        ("U盘", True, "李文清"),
    ]
    assert told["run"]["root"] == "U盘" and client.get("/api/v1/hooking").json()["run"]["root"] == "另一个"
    assert desk.signed_in("reader").get(f"{url}/files?state=hooked").json()["code"] == "not_allowed"
