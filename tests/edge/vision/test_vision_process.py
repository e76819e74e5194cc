"""The vision process as the node meets it: cameras, socket, client, and what happens when one of them dies."""

import io
import os
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest
import zxingcpp
from ai_edge_litert.interpreter import Interpreter
from PIL import Image

from edge.clock import SystemClock
from edge.config_camera import Camera
from edge.devices.eyes_process import STARTING_MS, EyesProcess
from edge.domain import labels
from edge.errors import DeviceFault
from edge.vision.__main__ import load
from edge.vision.cameras import Cameras
from edge.vision.reader import Reader
from edge.vision.recognise import Recogniser
from edge.vision.server import VisionServer

BOX = labels.make("B", 42)
WAIT_S = 20


def jpeg_of(text: str) -> bytes:
    pixels = memoryview(zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode).to_image(scale=6))
    picture = Image.frombytes("L", (pixels.shape[1], pixels.shape[0]), pixels.tobytes())
    out = io.BytesIO()
    picture.save(out, "JPEG")
    return out.getvalue()


class CameraProgram:
    """A camera behind a Unix socket, as a camera program would serve it."""

    def __init__(self, path: Path, answer: bytes) -> None:
        self._server = socket.socket(socket.AF_UNIX)
        self._server.bind(str(path))
        self._server.listen()
        self.answer = answer
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                link, _ = self._server.accept()
            except OSError:
                return
            with link:
                if link.recv(100) == b"still\n":
                    link.sendall(self.answer)

    def close(self) -> None:
        self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()


def framed(jpeg: bytes) -> bytes:
    return len(jpeg).to_bytes(4, "big") + jpeg


@pytest.fixture
def eyes(tmp_path):
    folder = tmp_path / "stills"
    folder.mkdir()
    program = CameraProgram(tmp_path / "camera.sock", framed(jpeg_of(BOX)))
    cameras = (
        Camera("counter", "socket", str(tmp_path / "camera.sock")),
        Camera("shelf", "folder", str(folder)),
        Camera("pi", "picamera2", "0"),
    )
    clock = SystemClock()
    server = VisionServer(tmp_path / "vision.sock", Cameras(cameras, clock), clock, Reader(threads=1))
    client = EyesProcess(tmp_path / "vision.sock", clock)
    yield client, program, folder, server
    client.close()
    server.close()
    program.close()


def test_a_look_brings_the_label_its_codes_and_its_age(eyes):
    look = eyes[0].look("counter")
    assert (look.camera, [code.text for code in look.codes]) == ("counter", [BOX])
    assert look.jpeg == jpeg_of(BOX) and not look.cropped, "the code fills the frame: there is nothing to cut"
    assert 0 <= look.age_ms < 10_000


def test_the_folder_driver_takes_the_newest_picture_and_says_how_old_it_is(eyes):
    client, _, folder, _ = eyes
    with pytest.raises(DeviceFault, match="camera_silent"):
        client.look("shelf")
    for name, text, age_s in (("b.jpg", labels.make("B", 1), 3600), ("a.jpg", BOX, 120)):
        (folder / name).write_bytes(jpeg_of(text))
        os.utime(folder / name, (time.time() - age_s, time.time() - age_s))
    look = client.look("shelf")
    assert [code.text for code in look.codes] == [BOX]
    assert 119_000 < look.age_ms < 180_000


def test_a_broken_or_missing_camera_is_a_fault_and_the_others_go_on(eyes):
    client, program, _, _ = eyes
    program.answer = framed(b"\xff\xd8 no picture")
    with pytest.raises(DeviceFault, match="frame_unreadable"):
        client.look("counter")
    program.answer = framed(jpeg_of(BOX))[:500]
    with pytest.raises(DeviceFault, match="camera_silent"):
        client.look("counter")
    with pytest.raises(DeviceFault, match="camera_unknown"):
        client.look("attic")
    program.answer = framed(jpeg_of(BOX))
    assert client.look("counter").codes, "it works again without anybody's help"


@pytest.mark.skipif(Path("/usr/lib/python3/dist-packages/picamera2").exists(), reason="this machine has picamera2")
def test_without_picamera2_only_its_own_camera_fails_and_says_what_to_install(eyes):
    with pytest.raises(DeviceFault) as missing:
        eyes[0].look("pi")
    assert (missing.value.code, missing.value.recovery) == ("camera_driver_missing", "install_picamera2")
    assert eyes[0].look("counter").codes


def test_a_dead_vision_process_is_seen_by_heartbeat_and_by_look(eyes):
    client, _, _, server = eyes
    wait_until(client.alive)
    server.close()
    with pytest.raises(DeviceFault, match="vision_silent"):
        client.look("counter")
    wait_until(lambda: not client.alive())


class BlankRuntime(Interpreter):
    """It computes a file without complaint and gives nothing, as tflite-runtime 2.14 did of 8-bit weights."""

    def get_tensor(self, tensor_index, subgraph_index=0):
        return np.zeros_like(super().get_tensor(tensor_index, subgraph_index))


def test_a_runtime_that_gives_blanks_is_found_out_before_it_reads_and_codes_are_still_read(eyes, monkeypatch):
    client, _, _, server = eyes
    monkeypatch.setattr("ai_edge_litert.interpreter.Interpreter", BlankRuntime)
    assert client.print_fault() == ""
    load(Reader(threads=1), server)
    wait_until(lambda: client.print_fault() == "networks_misread")
    look = client.look("counter")
    assert [code.text for code in look.codes] == [BOX] and look.lines == ()
    with pytest.raises(DeviceFault) as refused:
        Recogniser("small", 1).load()
    assert (refused.value.code, refused.value.recovery) == ("networks_misread", "install_litert")


def test_a_camera_grows_old_while_the_process_that_looks_through_it_is_silent_or_never_came(tmp_path, clock):
    eyes = EyesProcess(tmp_path / "nobody.sock", clock, ["counter"])
    assert eyes.frame_ages_ms() == {"counter": 0}
    clock.advance(STARTING_MS + 9_000)
    assert eyes.frame_ages_ms() == {"counter": 9_000} and not eyes.alive()
    eyes.close()


def test_garbage_on_the_socket_is_answered_with_an_error_and_the_server_lives(eyes, tmp_path):
    with socket.socket(socket.AF_UNIX) as link:
        link.connect(str(tmp_path / "vision.sock"))
        link.sendall(b'[1,2]\n{"do":"fly"}\n\xff\xfe\n')
        link.shutdown(socket.SHUT_WR)
        answers = link.makefile("rb").read().splitlines()
    assert len(answers) == 3 and all(b"vision_unknown_request" in answer for answer in answers)
    assert eyes[0].look("counter").codes


EXAMPLE = Path(__file__).parents[3] / "edge" / "node.example.toml"


def test_the_process_itself_starts_from_node_toml_serves_and_ends_with_sigterm(tmp_path):
    folder_camera = f'driver = "folder"\npath = "{tmp_path}"'
    text = EXAMPLE.read_text("utf-8").replace('driver = "picamera2"', folder_camera)
    config = tmp_path / "node.toml"
    config.write_text(text, "utf-8")
    (tmp_path / "one.jpg").write_bytes(jpeg_of(BOX))
    process = subprocess.Popen([sys.executable, "-m", "edge.vision", "--config", str(config)])
    try:
        client = EyesProcess(tmp_path / "run" / "vision.sock", SystemClock())
        wait_until(client.alive)
        assert client.look("counter").codes[0].text == BOX
        client.close()
    finally:
        process.terminate()
    assert process.wait(WAIT_S) == 0


def wait_until(condition, seconds: float = WAIT_S) -> None:
    for _ in range(int(seconds * 20)):
        if condition():
            return
        time.sleep(0.05)
    raise AssertionError("it did not happen in time")
