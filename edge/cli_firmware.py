"""``storeroom firmware …``: what the boards run, new programs for them over the bus, the first one by USB."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from edge.cli import CONFIG_OPTION, language
from edge.cli_node import done_by
from edge.cli_options import JSON_OPTION, tell
from edge.cli_people import ask_pin
from edge.clock import SystemClock
from edge.config import Config, load
from edge.control import Progress, Verb
from edge.devices import board_files, board_firmware, board_usb, carriage_modbus, firmware_image
from edge.devices.board_firmware import BoardFirmware
from edge.devices.motion_socket import answers, ask
from edge.domain.access import require
from edge.errors import DeviceFault, RuleRefused
from edge.processes import Child
from edge.store.database import Database
from edge.store.people import People
from edge.words import say
from firmware import registers as r

MOTION_SOCKET = "motion.sock"
MOTION_STARTS_S = 15
LOOK_AGAIN_S = 1.0
PROGRESS_S = 0.3
SOMEBODY_S = 900  # how long an offered image waits for somebody at the board
IMAGE = click.option("--image", "file", type=click.Path(path_type=Path, exists=True), help="A file of firmware build.")


def control_verbs(database: Database, people: People) -> dict[str, Verb]:
    """What ``edge/app.py`` adds to the running node's control socket: an update is in the trace before it begins."""

    def firmware_event(args: dict[str, Any], _progress: Progress) -> dict[str, Any]:
        person = people.by_pin(args["by"]["id"], args["by"]["pin"])
        require(person.roles, "firmware")
        body = {"boards": args["boards"], "image": args["image"], "version": args["version"]}
        action = f"firmware.{args['what']}"
        database.write(lambda change: change.event(action, subject=args["image"], actor=person.id, body=body))
        return {"id": person.id}

    return {"firmware_event": firmware_event}


@click.group()
def firmware() -> None:
    """The boards' program: compare it with this release, sign it, send it.

    Example: storeroom firmware check
    """


@firmware.command()
@IMAGE
@CONFIG_OPTION
@JSON_OPTION
def check(file: Path | None, config_path: Path, as_json: bool) -> None:
    """Compare every board with this release; say what to do. Changes nothing; exit 0 when every board is right.

    Example: storeroom firmware check --json
    """
    wanted = firmware_image.read(file).number if file else None
    with _boards(load(config_path)) as boards:
        found = _described(boards)
    verdicts = [board_firmware.verdict(board, wanted) for board in found]
    if as_json:
        shown = [{**board.as_json(), "verdict": told} for board, told in zip(found, verdicts, strict=True)]
        click.echo(json.dumps(shown, ensure_ascii=False))
    else:
        for line in _table(found, verdicts):
            click.echo(line)
    if bad := sum(told != "good" for told in verdicts):
        raise DeviceFault("firmware_differs", "do_as_shown", count=bad, of=len(found))


@firmware.command()
@click.option("--image", "file", type=click.Path(path_type=Path, exists=True), required=True, help="Of firmware build.")
@click.option("--board", "addresses", type=int, multiple=True, help="Only this address; may be given again.")
@click.option("--by", required=True, help="Id of the technician; the PIN is asked for.")
@click.option("--wait/--no-wait", default=True, show_default=True, help="Wait until somebody has held Start.")
@CONFIG_OPTION
def update(file: Path, addresses: tuple[int, ...], by: str, wait: bool, config_path: Path) -> None:
    """Send an image to the boards that do not run it, then offer it: Start held for three seconds starts it.

    Goes on where it broke off. Only while nothing is armed or moves; a move that is chosen meanwhile goes first.

    Example: storeroom firmware update --image storeroom-0.2.img --by 019aa1…
    """
    config, image = load(config_path), firmware_image.read(file)
    proof = {"id": by, "pin": ask_pin(tell("ask_pin", id=by))}
    with _boards(config) as boards:
        behind = [one for one in _described(boards) if not addresses or one.address in addresses]
        behind = [one for one in behind if one.image != image.number or one.slot == "safe"]
        if missing := set(addresses) - {one.address for one in _described(boards)}:
            raise DeviceFault("firmware_no_board", "look_at_boards", board=min(missing))
        if not behind:
            click.echo(_say("nothing_to_do"))
            return
        numbers = [one.address for one in behind]
        told = {"boards": numbers, "image": f"{image.number:08x}", "version": _version(image.version), "by": proof}
        _record(config, {**told, "what": "sent"})
        for address in numbers:
            _send(boards, address, file)
        for address in numbers:
            boards("firmware_activate", address=address)
        click.echo(_say("offered"))
        if wait:
            _wait(boards, numbers, image.number)
            _record(config, {**told, "what": "started"})


@firmware.command()
@click.argument("file", type=click.Path(path_type=Path))
def key(file: Path) -> None:
    """Make the key that signs this site's images, and FILE with .pub for the boards. Keep it off the node.

    Example: storeroom firmware key /media/stick/release.pem
    """
    firmware_image.write_key(file, firmware_image.new_key())
    click.echo(_say("key_made", file=file, public=file.with_suffix(".pub")))


@firmware.command()
@click.option("--key", "key_file", type=click.Path(path_type=Path), required=True, help="Of firmware key.")
@click.option("--plain", is_flag=True, help="Sources instead of bytecode.")
@click.argument("file", type=click.Path(path_type=Path))
def build(key_file: Path, plain: bool, file: Path) -> None:
    """Make a signed image of this release's board program.

    Example: storeroom firmware build --key /media/stick/release.pem storeroom-0.2.img
    """
    files = firmware_image.sources()
    image = firmware_image.sign(files if plain else firmware_image.compiled(files), firmware_image.read_key(key_file))
    firmware_image.write(image, file)
    size = sum(len(data) for _name, data in image.files)
    click.echo(_say("built", file=file, version=_version(image.version), image=f"{image.number:08x}", bytes=size))


@firmware.command()
@click.option("--port", required=True, help="The board's USB port, for example /dev/ttyACM0.")
@click.option("--image", "file", type=click.Path(path_type=Path, exists=True), required=True, help="Of firmware build.")
@click.option("--trust", type=click.Path(path_type=Path, exists=True), required=True, help="The .pub of firmware key.")
@click.option("--board", "address", type=int, help="Also write what node.toml says about the board of this address.")
@CONFIG_OPTION
def flash(port: str, file: Path, trust: Path, address: int | None, config_path: Path) -> None:
    """The first program of a board, over USB: loader, safe program, image and the key whose images it will take.

    Example: storeroom firmware flash --port /dev/ttyACM0 --image storeroom-0.2.img --trust release.pub --board 4
    """
    public = trust.read_bytes()
    files = board_files.first_flash(firmware_image.read(file, public), public)
    if address is not None:
        files |= {board_files.CONFIG: _config_file(load(config_path), address)}
    board_usb.flash(port, files)
    click.echo(_say("flashed", port=port))


def _config_file(config: Config, address: int) -> bytes:
    for column in config.block.columns:
        if column.address == address:
            values = carriage_modbus.board_config(config.block, config.motion, column.no)
            return board_files.config_file(r.KIND_CARRIAGE, values)
    if any(board.address == address for board in config.sensor_boards):
        return board_files.config_file(r.KIND_SENSORS, {"address": address})
    raise RuleRefused("firmware_no_board", "look_at_boards", board=address)


COMMANDS = (firmware,)


# --- inside ---
Ask = Callable[..., dict[str, Any]]


@contextmanager
def _boards(config: Config) -> Iterator[Ask]:
    """The motion process: the running node's, or one for the length of this command."""
    path = config.node.run_dir / MOTION_SOCKET
    child = None
    if not answers(path):
        config.node.run_dir.mkdir(parents=True, exist_ok=True)
        child = Child("edge.motion", config.path, SystemClock()).start()
        for _ in range(10 * MOTION_STARTS_S):
            if answers(path):
                break
            time.sleep(0.1)
    try:
        yield lambda what, **params: ask(path, what, **params)
    finally:
        if child:
            child.stop()


def _described(boards: Ask) -> list[BoardFirmware]:
    return [board_firmware.from_json(value) for value in boards("firmware", within_s=120.0)["boards"]]


def _record(config: Config, args: dict[str, Any]) -> None:
    done_by(config, lambda database, keys: control_verbs(database, People(database, keys.site)), "firmware_event", args)


def _send(boards: Ask, address: int, file: Path) -> None:
    boards("firmware_send", address=address, file=str(file.resolve()))
    progress = boards("firmware_progress")
    bar: Any
    label = _say("sending", board=address)
    with click.progressbar(length=progress["bytes"], label=label, file=sys.stderr) as bar:
        while progress["busy"]:
            time.sleep(PROGRESS_S)
            progress = boards("firmware_progress")
            bar.update(progress["sent"] - bar.pos)


def _wait(boards: Ask, addresses: list[int], image: int) -> None:
    """Until each runs the image; whoever gives up takes the offer back."""
    left = set(addresses)
    try:
        for _ in range(int(SOMEBODY_S / LOOK_AGAIN_S)):
            for board in _described(boards):
                if board.address in left and board.image == image and board.heard and board.slot != "safe":
                    left.discard(board.address)
                    click.echo(_say("runs", board=board.address))
            if not left:
                return
            time.sleep(LOOK_AGAIN_S)
    except KeyboardInterrupt:
        pass
    for address in sorted(left):
        boards("firmware_cancel", address=address)
    raise DeviceFault("firmware_nobody_came", "update_again", boards=", ".join(map(str, sorted(left))))


def _table(found: list[BoardFirmware], verdicts: list[str]) -> Iterator[str]:
    yield _say("release", version=_version(board_firmware.RELEASE), map=_version(board_firmware.RELEASE_MAP))
    for board, told in zip(found, verdicts, strict=True):
        where = _say("column", column=board.column) if board.column else _say("sensors")
        if not board.heard:
            yield _say("row_silent", board=board.address, where=where, verdict=_say(f"verdict.{told}"))
            continue
        yield _say(
            "row",
            board=board.address,
            where=where,
            version=_version(board.firmware_version),
            map=_version(board.map_version),
            config=_say("config_as_commissioned" if _config_ok(board) else "config_other"),
            slot=board.slot or "-",
            image=f"{board.image:08x}",
            boot=_say(f"boot.{board.boot_reason}"),
            boots=board.boot_count,
            verdict=_say(f"verdict.{told}"),
        )
        for entry in board.log[:3]:
            if entry.kind == "fault":
                faults = ", ".join(_fault(name) for name in entry.what)
                yield _say("logged", boot=entry.boot_count, minutes=entry.uptime_s // 60, what=faults)


def _fault(name: str) -> str:
    return name if name.startswith("bit_") else say(language(), f"fault.{name}")


def _config_ok(board: BoardFirmware) -> bool:
    return board.crc_wanted is None or board.crc_wanted == board.config_crc


def _version(number: int) -> str:
    return f"{number >> 8}.{number & 0xFF}"


def _say(msgid: str, **params: Any) -> str:
    return say(language(), f"firmware.{msgid}", **params)
