"""``storeroom trace …``: prove the trace, hand it to a stranger, read it. Needs no lock: also while the node runs."""

from __future__ import annotations

import json
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import click
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from edge.cli import CONFIG_OPTION, language
from edge.cli_options import JSON_OPTION, tell
from edge.clock import iso_utc
from edge.config import Config, load
from edge.domain.trace import LEVELS, Event
from edge.errors import StoreError
from edge.store.begin import DATABASE_FILE
from edge.store.keys import Keys, read_keys
from edge.store.readers import Readers
from edge.store.trace import TraceView
from edge.store.trace_export import ExportFault, verify_export
from edge.store.trace_export import export as export_trace
from edge.store.verify import Finding, Report
from edge.store.verify import verify as verify_store
from edge.words import spoken
from edge.workflows.upkeep_words import broken


@click.group()
def trace() -> None:
    """The trace 留痕: every event, chained and signed.

    Example: storeroom trace verify
    """


def said(finding: Finding) -> str:
    """One finding as a plain sentence."""
    one = broken(finding.why, finding.seq, finding.seq_to, finding.epoch, finding.detail)
    return str(spoken(language(), one))


@trace.command()
@click.option("--export", "folder", type=click.Path(path_type=Path), help="Check an exported trace instead.")
@CONFIG_OPTION
@JSON_OPTION
def verify(folder: Path | None, config_path: Path, as_json: bool) -> None:
    """Check every event from the first to the last; name the first bad one. Changes nothing.

    Example: storeroom trace verify --json
    """
    if folder is not None:
        _verify_export(folder, config_path, as_json)
        return
    config, keys = _node(config_path)
    path = config.node.data_dir / DATABASE_FILE
    if not path.exists():
        raise StoreError("no_database", "run_init", path=str(path))
    bar: Any
    with click.progressbar(length=_count(path, keys), label=tell("verifying"), file=sys.stderr, hidden=as_json) as bar:
        report = verify_store(path, keys.database, keys.signing.public_key(), lambda done: bar.update(done - bar.pos))
    if as_json:
        click.echo(json.dumps(_report(report), ensure_ascii=False))
    else:
        for finding in report.findings:
            click.echo(said(finding))
        counted = {"events": report.events, "epochs": report.epochs, "signatures": report.signatures}
        click.echo(tell("trace_checked", **counted))
    if report.findings:
        raise StoreError("trace_broken", "keep_evidence", said=said(report.findings[0]))
    if not as_json:
        click.echo(tell("trace_good", epoch=report.head.epoch, seq=report.head.seq, hash=report.head.hash))


def _count(path: Path, keys: Keys) -> int:
    """Events in the file, for the progress bar; 1 when not even that can be read."""
    readers = Readers(path, keys.database)
    try:
        with readers.read() as db:
            return int(db.execute("SELECT coalesce(max(id), 1) FROM event").fetchone()[0])
    except StoreError as error:
        if error.code != "damaged":
            raise
        return 1
    finally:
        readers.close()


def _verify_export(folder: Path, config_path: Path, as_json: bool) -> None:
    public_key: Ed25519PublicKey | None = None
    if config_path.exists():
        with suppress(StoreError):  # an auditor's machine has no keys: then the export's own key is believed
            public_key = read_keys(load(config_path).node.keys_dir).signing.public_key()
    fault = verify_export(folder, public_key)
    if as_json:
        bad = None if fault is None else {"line": fault.line, "why": fault.why}
        click.echo(json.dumps({"good": fault is None, "bad": bad, "own_key": public_key is not None}))
    if fault is not None:
        raise StoreError("trace_broken", "keep_evidence", said=_said_of_export(fault))
    if not as_json:
        click.echo(tell("export_good" if public_key else "export_good_own_word"))


def _said_of_export(fault: ExportFault) -> str:
    if not fault.line:
        return tell("export_forged")
    return tell("export_bad", line=fault.line, why=tell(f"export_why.{fault.why}"))


def _report(report: Report) -> dict[str, object]:
    return {
        "good": not report.findings,
        "events": report.events,
        "epochs": report.epochs,
        "checkpoints": report.checkpoints,
        "signatures": report.signatures,
        "head": {"epoch": report.head.epoch, "seq": report.head.seq, "hash": report.head.hash},
        "findings": [
            {"why": one.why, "epoch": one.epoch, "seq": one.seq, "seq_to": one.seq_to, "detail": one.detail}
            for one in report.findings
        ],
    }


@trace.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--level", type=click.Choice(LEVELS), default="internal", show_default=True, help="Bodies above stay here."
)
@CONFIG_OPTION
@JSON_OPTION
def export(folder: Path, level: str, config_path: Path, as_json: bool) -> None:
    """Write the trace as JSON lines with checkpoints, public key and a script that checks them with Python alone.

    Example: storeroom trace export /media/usb/trace-2026-11
    """
    config, keys = _node(config_path)
    with _view(config, keys) as view:
        done = export_trace(view, keys.signing.public_key(), folder, level=level)
    if as_json:
        click.echo(json.dumps({"events": done.events, "withheld": done.withheld, "head": done.head.hash}))
    else:
        click.echo(tell("exported", events=done.events, withheld=done.withheld, folder=folder, hash=done.head.hash))


@trace.command()
@click.option("--limit", type=click.IntRange(1, 10_000), default=20, show_default=True)
@click.option("--subject", help="Only events about this id.")
@click.option("--action", help="Only actions that begin so, for example move.")
@CONFIG_OPTION
@JSON_OPTION
def show(limit: int, subject: str | None, action: str | None, config_path: Path, as_json: bool) -> None:
    """The newest events, newest first.

    Example: storeroom trace show --action move. --limit 5
    """
    config, keys = _node(config_path)
    with _view(config, keys) as view:
        events = view.recent(limit, subject, action)
    if as_json:
        click.echo(json.dumps([_shown(event) for event in events], ensure_ascii=False))
        return
    for event in events:
        body = (event.body or b"-").decode("utf-8")
        when = iso_utc(event.fields()["utc_ms"])
        click.echo(f"{event.seq:>8}  {when}  {event.action}  {event.subject}  {event.actor}  {body}")


def _shown(event: Event) -> dict[str, object]:
    body = None if event.body is None else json.loads(event.body)
    return {**event.fields(), "hash": event.hash, "body": body}


class _view:
    """A TraceView for the length of a ``with``."""

    def __init__(self, config: Config, keys: Keys) -> None:
        path = config.node.data_dir / DATABASE_FILE
        if not path.exists():
            raise StoreError("no_database", "run_init", path=str(path))
        self._readers, self._node_id = Readers(path, keys.database), config.node.id

    def __enter__(self) -> TraceView:
        return TraceView(self._readers, self._node_id)

    def __exit__(self, *_error: object) -> None:
        self._readers.close()


def _node(config_path: Path) -> tuple[Config, Keys]:
    config = load(config_path)
    return config, read_keys(config.node.keys_dir)
