"""The bench's own camera freezes, and the process that looks through it goes: an alarm within ten seconds each time."""

import time
from dataclasses import replace

import pytest

from edge.config_camera import Camera
from edge.devices import eyes_process
from edge.devices.eyes_process import EyesProcess
from edge.vision import camera_socket
from edge.vision.cameras import Cameras
from edge.vision.reader import Reader
from edge.vision.server import VisionServer
from edge.workflows import retrieve, watch_protections
from hardware_tests.virtual.counter_camera import CounterCamera

WITHIN_S = 10


class Seen:
    """The room, its vision server on the room's clock, and the bench's camera behind it."""

    def __init__(self, scene, folder):
        self.scene, self.camera = scene, CounterCamera(folder / "camera.sock", lambda: None)
        config = Camera("counter", "socket", str(folder / "camera.sock"))
        self.cameras = Cameras([config], scene.clock)
        self.server = VisionServer(folder / "vision.sock", self.cameras, scene.clock, Reader())
        self.eyes = EyesProcess(folder / "vision.sock", scene.clock, ["counter"])
        self.watch = watch_protections.Watch(replace(scene.room, eyes=self.eyes))
        self.gone = False

    def second(self):
        self.scene.clock.advance(1000)
        if not self.gone:
            self.cameras.look_after("counter")
            until(lambda: self.eyes.frame_ages_ms() == self.cameras.ages_ms())
        self.watch.step()

    def alarmed(self):
        return any(one.active and one.rule == "camera_frozen" for one in self.scene.room.alarms.standing())

    def seconds_until(self, alarmed):
        return next((no for no in range(1, 2 * WITHIN_S) if self.second() or self.alarmed() == alarmed), None)


def until(condition):
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.005)


@pytest.fixture
def seen(scene, tmp_path, monkeypatch):
    monkeypatch.setattr(eyes_process, "HEARTBEAT_S", 0.01)
    seen = Seen(scene, tmp_path)
    until(seen.eyes.alive)
    yield seen
    if not seen.gone:
        seen.server.close()
    seen.eyes.close()
    seen.camera.close()


def test_a_camera_that_sees_is_no_alarm_one_that_freezes_is_and_the_block_moves_all_the_same(seen, monkeypatch):
    for _ in range(WITHIN_S):
        seen.second()
    assert not seen.alarmed()
    seen.camera.frozen = True
    monkeypatch.setattr(camera_socket, "TIMEOUT_S", 0.05)
    assert seen.seconds_until(alarmed=True) <= WITHIN_S
    scene = seen.scene
    loan = retrieve.ask_for(scene.room, scene.archivist, box_id=scene.boxes[2])
    retrieve.choose(scene.room, scene.archivist, loan.id)
    assert scene.block.move.phase == "armed", "motion waits for no camera"
    seen.camera.frozen = False
    monkeypatch.undo()
    assert seen.seconds_until(alarmed=False) <= WITHIN_S


def test_a_vision_process_that_is_gone_is_an_alarm_too(seen):
    seen.second()
    seen.server.close()
    seen.gone = True
    until(lambda: not seen.eyes.alive())
    assert seen.seconds_until(alarmed=True) <= WITHIN_S
