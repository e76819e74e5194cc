"""``storeroom-bench demo``: the whole storeroom on one machine. The composition root of the bench; nothing imports it.

Virtual bench and room page run in this process; node, broker and centre are the ordinary commands as child processes.
"""

from __future__ import annotations

import contextlib
import shutil
import signal
import socket
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

import click
import uvicorn

from edge.store import block_file
from hardware_tests.virtual import room_page
from hardware_tests.virtual.demo_centre import ADMIN_NAME, OTHERS, broker_port, set_up_centre
from hardware_tests.virtual.demo_setup import (
    ADMIN,
    NODE_ID,
    PEOPLE,
    PLACES,
    STRANGER,
    Places,
    contents,
    first_set_up,
    node_toml,
    set_up_node,
)
from hardware_tests.virtual.layouts import demo_layout
from hardware_tests.virtual.live import LiveBench
from hardware_tests.virtual.programs import Program
from hardware_tests.virtual.scene import Contents, DemoCard, DemoScene

READY_S = 60
COMMISSIONED_S = 900  # three minutes of one core, once for each state of the firmware; a busy machine takes its time
SAVE_S = 5


class Demo:
    """One storeroom below ``root``. ``start`` returns when panel, console and room page answer; ``stop`` undoes it."""

    def __init__(
        self, root: Path, *, panel: int, console: int, room: int, say: Callable[[str], None], aisle_mm: int = 900
    ) -> None:
        root.mkdir(parents=True, exist_ok=True)
        self.places = Places(root.resolve(), Path(tempfile.mkdtemp(prefix="storeroom-")))
        self.panel, self.console, self.room = panel, console, room
        self._say, self._layout = say, demo_layout(aisle_mm)
        self._ending = threading.Event()
        self._closing = contextlib.ExitStack()
        self._closing.callback(shutil.rmtree, self.places.run, ignore_errors=True)

    def start(self) -> None:
        places = self.places
        places.bench.mkdir()
        self._say("setting up node and catalogue (the first time takes a minute)")
        with first_set_up(places):
            port = broker_port(places.central_dir / "central.toml")
            places.node_toml.write_text(node_toml(places, self._layout, self.panel, port), "utf-8")
            set_up_node(places)
            commissioning = self._commission()
            set_up_centre(
                places.central_dir, NODE_ID, places.keys, console_port=self.console, port=port, password=ADMIN[1]
            )
        found = contents(places)
        self._say("starting eight carriages and two sensor boards")
        self.bench = self._bench(found)
        self.scene = self._scene(found)
        self._start_programs()
        self._serve_room()
        for name, port, path in (("panel", self.panel, "/healthz"), ("console", self.console, "/healthz")):
            self._wait_for(name, port, path)
        self._finish(commissioning)

    def stop(self) -> None:
        self._ending.set()
        self._closing.close()

    def _commission(self) -> Program:
        """Beside everything else that starts: nothing moves before people have walked every aisle anyway."""
        program = Program.of_module(
            "hardware_tests.virtual.demo_commission",
            str(self.places.node_toml),
            log=self.places.root / "commissioning.log",
        )
        program.start()
        self._closing.callback(program.stop)
        return program

    def _finish(self, commissioning: Program) -> None:
        self._say("commissioning the block, every circuit and carriage (minutes the first time, then a moment)")
        deadline = time.monotonic() + COMMISSIONED_S
        while commissioning.running and time.monotonic() < deadline:
            time.sleep(0.05)
        if commissioning.failed or not (self.places.data / block_file.NAME).exists():
            raise click.ClickException(f"the block was not commissioned:\n{commissioning.tail()}")

    def _bench(self, found: Contents) -> LiveBench:
        kept = self.places.root / "world.json"
        if kept.exists():
            shutil.copy(kept, self.places.bench / "world.json")
        bench = LiveBench(self.places.bench, self._layout, self.places.root / "flash", places=PLACES)
        if not bench.had_a_past:
            bench.plant.boxes = dict(found.standing)
        self._closing.callback(self._keep_world)
        bench.start()
        self._closing.callback(bench.stop)
        return bench

    def _keep_world(self) -> None:
        if (self.places.bench / "world.json").exists():
            shutil.copy(self.places.bench / "world.json", self.places.root / "world.json")

    def _scene(self, found: Contents) -> DemoScene:
        key = bytes.fromhex((self.places.keys / "reader.key").read_text("ascii"))
        cards = [*(DemoCard(person.name, person.uid) for person in PEOPLE), STRANGER]
        scene = DemoScene(self.bench, self.places.bench, reader_key=key, found=found, cards=cards)
        self._closing.callback(scene.close)
        return scene

    def _start_programs(self) -> None:
        root, run = self.places.root, self.places.run
        logs = root / "logs"
        logs.mkdir(exist_ok=True)
        pins = {"GPIOZERO_PIN_FACTORY": "bench", "STOREROOM_BENCH_PINS": str(run / "bench" / "pins.sock")}
        central = str(self.places.central_dir / "central.toml")
        self.scene.programs = {
            "broker": Program.of_module(
                "cloud_sync.cli", "run", "--only", "broker", "--config", central, log=logs / "broker.log"
            ),
            "centre": Program.of_module(
                "cloud_sync.cli", "run", "--only", "service", "--config", central, log=logs / "centre.log"
            ),
            "node": Program.of_module(
                "edge.cli", "run", "--config", str(self.places.node_toml), log=logs / "node.log", env=pins
            ),
        }
        for program in self.scene.programs.values():
            program.start()
            self._closing.callback(program.stop)

    def _serve_room(self) -> None:
        app = room_page.create(self.scene, self._ending.is_set)
        config = uvicorn.Config(
            app, host="127.0.0.1", port=self.room, log_level="warning", access_log=False, timeout_graceful_shutdown=2
        )
        self._server = uvicorn.Server(config)
        self._server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
        threading.Thread(target=self._server.run, name="room-page", daemon=True).start()
        self._closing.callback(setattr, self._server, "should_exit", True)
        threading.Thread(target=self._save_now_and_then, name="world", daemon=True).start()

    def _save_now_and_then(self) -> None:
        while not self._ending.wait(SAVE_S):
            self._keep_world()

    def _wait_for(self, name: str, port: int, path: str) -> None:
        program = self.scene.programs["node" if name == "panel" else "centre"]
        deadline = time.monotonic() + READY_S
        while True:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=2):
                    return
            except urllib.error.HTTPError:
                return  # it answers, if only with what it misses
            except OSError:
                if not program.running:
                    raise click.ClickException(f"the {name} did not come up:\n{program.tail()}") from None
            if time.monotonic() > deadline:
                raise click.ClickException(f"the {name} does not answer on port {port}:\n{program.tail()}")
            time.sleep(0.2)


def refuse_taken_ports(ports: dict[str, int]) -> None:
    for option, port in ports.items():
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                raise click.ClickException(
                    f"port {port} is taken: stop what uses it, or choose another with {option}"
                ) from None


@click.command()
@click.option("--port", default=8080, show_default=True, help="The panel.")
@click.option("--central-port", default=8090, show_default=True, help="The console.")
@click.option("--room-port", default=8070, show_default=True, help="The room.")
@click.option(
    "--data", "root", type=click.Path(path_type=Path), default=Path("demo-data"), show_default=True, help="Kept."
)
@click.option("--seconds", type=int, default=0, help="Stop by itself after so long; 0 = at Ctrl-C.")
def demo(port: int, central_port: int, room_port: int, root: Path, seconds: int) -> None:
    """Run the whole storeroom on this machine: virtual bench, node, panel, broker, central service.

    Example: storeroom-bench demo --data demo-data --seconds 600
    """
    refuse_taken_ports({"--port": port, "--central-port": central_port, "--room-port": room_port})
    try:
        root.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise click.ClickException(
            f"{root} cannot hold the demo's data ({error.strerror}); choose another --data"
        ) from None
    ended = threading.Event()
    _when_told_to_end(_interrupt)
    room = Demo(root, panel=port, console=central_port, room=room_port, say=lambda text: click.echo(f"  {text} …"))
    try:
        room.start()
        _when_told_to_end(lambda *_: ended.set())
        click.echo(greeting(port, central_port, room_port, root))
        ended.wait(seconds or None)
    except KeyboardInterrupt:
        pass  # while it started
    finally:
        _when_told_to_end(signal.SIG_IGN)  # a second Ctrl-C would leave programs behind
        click.echo("  stopping …")
        room.stop()


def _when_told_to_end(handler: Callable[..., object] | signal.Handlers) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, handler)


def _interrupt(*_args: object) -> None:
    raise KeyboardInterrupt


def greeting(port: int, central_port: int, room_port: int, root: Path) -> str:
    lines = [
        "",
        f"  panel    http://localhost:{port}",
        f"  console  http://localhost:{central_port}    {' '.join((ADMIN_NAME, *OTHERS))} / {ADMIN[1]}",
        f"  the room http://localhost:{room_port}",
        "",
        "  people (hold the card to the reader on the room page, or pick the name and type the PIN)",
        *(f"    {person.name:<14} PIN {person.pin}   card {person.uid}   {person.role_words}" for person in PEOPLE),
        f"    {ADMIN[0]:<14} PIN {ADMIN[1]}",
        "",
        "  After power-up nobody knows where the carriages stand: on the room page walk every aisle, hold Start.",
        f"  Data: {root}   Stop: Ctrl-C",
    ]
    return "\n".join(lines)
