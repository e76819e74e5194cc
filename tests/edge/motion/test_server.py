"""The motion process answers every question, also one it stumbles over."""

import asyncio
import json

from edge.clock import SystemClock
from edge.devices.motion_process import SILENT_MS
from edge.motion.server import PUSH_AT_LEAST_MS, Server
from edge.motion.updating import Updating


class Stumbling:
    """A block whose disarming fails in a way that nobody foresaw."""

    async def disarm(self):
        raise ZeroDivisionError("nobody foresaw this")


async def asked(path, question):
    clock = SystemClock()
    server = asyncio.create_task(Server(path, Stumbling(), Updating([], lambda: True, clock), clock).run())
    while not path.exists():
        await asyncio.sleep(0.01)
    reader, writer = await asyncio.open_unix_connection(str(path))
    writer.write(json.dumps(question).encode() + b"\n")
    answer = json.loads(await asyncio.wait_for(reader.readline(), 10))
    writer.close()
    server.cancel()
    return answer


def test_a_mistake_of_ours_is_answered_with_a_code_and_written_down(tmp_path, caplog):
    answer = asyncio.run(asked(tmp_path / "motion.sock", {"id": 7, "do": "disarm"}))
    assert answer["id"] == 7
    assert (answer["error"]["family"], answer["error"]["code"]) == ("DeviceFault", "internal")
    assert "nobody foresaw this" in caplog.text


def test_a_block_where_nothing_changes_speaks_often_enough_not_to_be_taken_for_silent():
    assert 3 * PUSH_AT_LEAST_MS < SILENT_MS
