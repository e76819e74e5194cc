"""``storeroom-bench cameras``: each camera of a node.toml takes two frames and says how it took them."""

from __future__ import annotations

import json
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import click

from edge import config
from edge.cli import sentence
from edge.clock import SystemClock
from edge.config_camera import Camera as CameraConfig
from edge.errors import StoreroomError
from edge.vision.camera_picamera2 import PiCamera
from edge.vision.cameras import open_camera
from edge.vision.page_measures import edge_width_px, light
from edge.vision.pictures import frame
from edge.words import LANGUAGES, say
from hardware_tests.bench import WORDS

DARK, BURNT = 25, 250  # grey levels of 255 within which paper is paper
SLOW_S = 8.0  # for both frames; a storekeeper waits for one


@dataclass(frozen=True, slots=True)
class Taken:
    """``edge_px``: from dark to light across strokes, None where nothing is written; ``paper``: its grey level."""

    camera: str
    width: int
    height: int
    seconds: float
    edge_px: float | None
    paper: int
    metadata: dict[str, Any]
    controls: dict[str, Any]
    wrong: tuple[str, ...]


@click.command("cameras")
@click.option("--config", "config_path", required=True, type=click.Path(path_type=Path), help="The node's node.toml.")
@click.option("--camera", "only", default="", help="Only this one, by its id.")
@click.option("--save", "folder", type=click.Path(path_type=Path, file_okay=False), help="Folder for the frames.")
@click.option("--language", type=click.Choice(LANGUAGES), help="Default: the node's.")
@click.option("--json", "as_json", is_flag=True, help="Everything the cameras say, as JSON.")
def cameras_command(config_path: Path, only: str, folder: Path | None, language: str | None, as_json: bool) -> None:
    """Take two frames with each camera and print how: exposure, gain, lens, sharpness, and what can be set.

    Stop the node first: a camera has one owner. Lay a printed page before it. Exit 0 only when every camera showed two
    different frames, neither dark nor burnt.

    Example: storeroom-bench cameras --config node.toml --camera counter --save frames
    """
    try:
        node = config.load(config_path)
    except StoreroomError as error:
        raise click.ClickException(sentence(error, language or "en")) from None
    tongue = language or node.node.language
    found = [camera for camera in node.cameras if only in ("", camera.id)]
    if not found:
        raise click.UsageError(say(tongue, "cameras.none", WORDS, camera=only))
    told, failed = [], 0
    for camera in found:
        try:
            taken = look_through(camera, folder)
        except StoreroomError as error:
            failed += 1
            click.echo(f"✗ {camera.id}: {sentence(error, tongue)}", err=True)
            continue
        failed += bool(taken.wrong)
        told.append(asdict(taken))
        if not as_json:
            _show(taken, tongue)
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False, default=str))
    sys.exit(1 if failed else 0)


def look_through(config: CameraConfig, folder: Path | None) -> Taken:
    """Raises DeviceFault where it shows nothing, or refuses a control."""
    camera = open_camera(config, SystemClock())
    try:
        begun = time.monotonic()
        first, second = camera.still(), camera.still()
        seconds = time.monotonic() - begun
        controls = camera.advertised() if isinstance(camera, PiCamera) else {}
    finally:
        camera.close()
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{config.id}.jpg").write_bytes(second.jpeg)
    picture = frame(second.jpeg)
    paper, _contrast, _glare = light(picture)
    wrong = [
        what
        for what, so in (
            ("frozen", config.watched and first.jpeg == second.jpeg),
            ("dark", paper < DARK),
            ("burnt", paper > BURNT),
            ("slow", seconds > SLOW_S),
        )
        if so
    ]
    edge_px = edge_width_px(picture)
    about = {name: second.metadata[name] for name in sorted(second.metadata)}
    return Taken(
        *(config.id, *picture.size, round(seconds, 2), edge_px and round(edge_px, 2)),
        *(paper, about, controls, tuple(wrong)),
    )


def _show(taken: Taken, tongue: str) -> None:
    sharp = "—" if taken.edge_px is None else taken.edge_px
    about = {"camera": taken.camera, "width": taken.width, "height": taken.height, "seconds": taken.seconds}
    mark = "✗" if taken.wrong else "✓"
    click.echo(f"{mark} {say(tongue, 'cameras.frame', WORDS, edge_px=sharp, paper=taken.paper, **about)}")
    for what in taken.wrong:
        click.echo(f"  {say(tongue, f'cameras.{what}', WORDS)}")
    for name, value in taken.metadata.items():
        click.echo(f"  {name} = {value}")
    if taken.controls:
        click.echo(f"  {say(tongue, 'cameras.controls', WORDS)}")
        for name, (lowest, highest, usual) in sorted(taken.controls.items()):
            click.echo(f"    {name}: {lowest} … {highest} ({usual})")
