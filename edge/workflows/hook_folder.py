"""Hooking a folder that the node itself can read: every file looked at, then taken; cut off, the same call goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from edge.domain.hooking import Planned
from edge.domain.page_gate import Wanted
from edge.domain.people import Person
from edge.errors import InputRefused
from edge.store.hookings import HookedFile, Hookings
from edge.workflows import hook_scans
from edge.workflows.hook_scans import Offered
from edge.workflows.rights import needs
from edge.workflows.room import Room

Progress = Callable[[dict[str, Any]], None]

LITTER = frozenset(("thumbs.db", "desktop.ini"))  # what other systems leave in folders; so do names with a leading dot
DIGESTS = frozenset(("sha256sums", "sha256sums.txt", "manifest-sha256.txt"))
BYTES_AT_MOST = 400_000_000


@dataclass(frozen=True, slots=True)
class Hooked:
    """``run_id`` "" and ``files`` empty after a dry run; ``ignored``: files that are no scans by their very name."""

    run_id: str
    plan: list[Planned]
    files: list[HookedFile]
    ignored: int


@needs("digitise")
def hook_folder(
    room: Room, person: Person, folder: Path, wanted: Wanted, *, dry_run: bool, progress: Progress = lambda _said: None
) -> Hooked:
    """InputRefused ``hook_no_folder``, ``hook_empty``."""
    if not folder.is_dir():
        raise InputRefused("hook_no_folder", "check_path", file=str(folder))
    paths, ignored, handed = _listed(folder)
    if not paths:
        raise InputRefused("hook_empty", "choose_other_folder", file=str(folder))
    offered = []
    before = hook_scans.sha256_of(room, str(folder))
    for number, path in enumerate(paths, 1):
        offered.append(_look(room, person, folder, path, handed.get(path, ""), before))
        progress({"doing": "look", "done": number, "total": len(paths)})
    if dry_run:
        return Hooked("", hook_scans.plan(room, person, offered), [], ignored)
    run_id, planned = hook_scans.begin(room, person, str(folder), offered)
    waiting = [one for one in Hookings(room.database).files(run_id) if one.waits]
    for number, one in enumerate(waiting, 1):
        data = (folder / one.path).read_bytes()
        hook_scans.take(room, person, run_id, one.path, data, wanted, handed.get(one.path, ""))
        progress({"doing": "take", "done": number, "total": len(waiting)})
    hook_scans.end(room, person, run_id)
    return Hooked(run_id, planned, Hookings(room.database).files(run_id), ignored)


def _listed(folder: Path) -> tuple[list[str], int, dict[str, str]]:
    """Paths of what may be scans, how many others there are, and digests that were handed over with them."""
    paths: list[str] = []
    handed: dict[str, str] = {}
    ignored = 0
    for path in sorted(folder.rglob("*")):
        if path.is_dir() and not path.is_symlink():
            continue
        name = path.relative_to(folder).as_posix()
        if path.name.lower() in DIGESTS and path.is_file():
            handed |= {(path.parent / told).relative_to(folder).as_posix(): digest for digest, told in _digests(path)}
        elif path.name.startswith(".") or path.name.lower() in LITTER:
            ignored += 1
        else:
            paths.append(name)
    return paths, ignored, handed


def _digests(path: Path) -> Iterator[tuple[str, str]]:
    """Digest and name of each line as sha256sum writes it; a name that leads elsewhere is none."""
    for line in path.read_text("utf-8", "replace").splitlines():
        digest, _, name = line.strip().partition(" ")
        plain = name.strip().lstrip("*").removeprefix("./")
        if len(digest) == 64 and plain and ".." not in Path(plain).parts and not Path(plain).is_absolute():
            yield digest, plain


def _look(
    room: Room,
    person: Person,
    folder: Path,
    path: str,
    handed_sha256: str,
    before: Callable[[str, str], Offered | None],
) -> Offered:
    file = folder / path
    if file.is_symlink() or not file.is_file():
        return Offered(path, "", "", wrong=("not_a_file", {}))
    try:
        told = file.stat()
        stamp = f"{told.st_size} {told.st_mtime_ns}"
        known = before(path, stamp)
        if known is not None:
            return known
        if told.st_size > BYTES_AT_MOST:
            too_large = {"file": file.name, "megabytes": told.st_size // 1_000_000}
            return Offered(path, "", stamp, wrong=("picture_file_too_large", too_large))
        return hook_scans.look(room, person, path, stamp, file.read_bytes(), handed_sha256)
    except OSError as error:
        return Offered(path, "", "", wrong=("picture_not_opened", {"file": file.name, "why": error.strerror or ""}))
