"""The store's one writer: every change is ``database.write(fn)``: BEGIN IMMEDIATE, fn, its events, commit.

One thread writes. Callers block until their own change is on the disk; changes that arrive while the disk is busy
share the next commit (group commit), each in a savepoint of its own, so one that fails takes no other with it.
``read()`` hands out read-only connections that see one consistent state.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, TypeVar

from edge.clock import Clock
from edge.domain.trace import GENESIS, Head, Moment, make_event, refuse_secrets, wall_jump_ms
from edge.errors import StoreError
from edge.store import tally
from edge.store.connection import Connection, connect, driver_errors, roll_back
from edge.store.lock import DataLock
from edge.store.log_folding import LogFolder
from edge.store.migrate import migrate
from edge.store.readers import Readers
from edge.store.reserve import Reserve
from edge.store.tip import Tip, begin_epoch, insert_event, new_epoch_id, read_tip

T = TypeVar("T")

MAX_GROUP = 64  # changes that share one commit
NODE = "node"  # actor and subject of what nobody asked for


class Change:
    """One transaction in the making, handed to the function given to ``write``. ``utc_ms`` is its one moment."""

    def __init__(self, db: Connection, tip: Tip, moment: Moment, node_id: str) -> None:
        self.db = db
        self.moment = moment
        self.utc_ms = moment.utc_ms
        self.tip = tip
        self.events = 0
        self._node_id = node_id

    def event(
        self,
        action: str,
        *,
        subject: str,
        actor: str,
        body: dict[str, Any],
        level: str = "internal",
        version: int = 1,
    ) -> int:
        """Append to the trace in this transaction; its seq. TypeError or ValueError for a body that may not enter."""
        refuse_secrets(body)
        jump_ms = wall_jump_ms(self.tip.moment, self.moment)
        if jump_ms:
            jumped = {"jump_ms": jump_ms, "trusted": int(self.moment.trusted)}
            self._append("clock.jumped", NODE, NODE, jumped, "internal", 1)
        return self._append(action, subject, actor, body, level, version)

    def start_epoch(self, epoch: str, previous: Head | None, why: str) -> None:
        """Begin ``epoch``; its first event names where the previous one ended in this file."""
        last = previous or Head("", 0, GENESIS)
        self.tip = begin_epoch(self.db, epoch, self.moment)
        body = {"why": why, "previous_epoch": last.epoch, "previous_seq": last.seq, "previous_head": last.hash}
        self._append("epoch.started", NODE, NODE, body, "open", 1)  # the centre links epochs by it

    def _append(self, action: str, subject: str, actor: str, body: dict[str, Any], level: str, version: int) -> int:
        event = make_event(
            node=self._node_id,
            epoch=self.tip.epoch,
            seq=self.tip.seq + 1,
            prev=self.tip.hash,
            moment=self.moment,
            actor=actor,
            subject=subject,
            action=action,
            version=version,
            level=level,
            body=body,
        )
        insert_event(self.db, self.tip.epoch_no, event, self.utc_ms)
        self.tip = Tip(self.tip.epoch_no, self.tip.epoch, event.seq, event.hash, self.moment)
        self.events += 1
        return event.seq


class _Job:
    def __init__(self, fn: Callable[[Change], Any], telemetry: bool) -> None:
        self.fn, self.telemetry = fn, telemetry
        self.done: Future[Any] = Future()
        self.result: Any = None


class Database:
    """The node's one store. Made by ``open``; ``close`` waits for the changes already asked for."""

    def __init__(self, path: Path, key: bytes, clock: Clock, node_id: str, writer: Connection, lock: DataLock) -> None:
        self.path, self.clock, self.node_id = path, clock, node_id
        self._writer, self._lock = writer, lock
        self._watch = tally.Watch(writer)
        self._tip: Tip = read_tip(writer)
        self._tip_in_doubt = False
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._gate = threading.Lock()  # nothing is queued behind the end mark
        self._closed = False
        self._readers = Readers(path, key)
        self._log = LogFolder(path, key, writer)
        self._reserve = Reserve(path.parent)
        self._thread = threading.Thread(target=self._run, name="store-writer", daemon=True)
        self._thread.start()

    @classmethod
    def open(cls, path: Path, key: bytes, *, clock: Clock, node_id: str, create: bool = False) -> Database:
        """Take the data directory's lock, migrate, and start the writer.

        ``create`` makes a new file and its first epoch; without it a missing file is StoreError ``no_database``.
        Other StoreErrors: ``in_use``, ``wrong_key``, ``newer_schema``, ``other_node``, ``disk_full``, ``damaged``.
        """
        if not create and not path.exists():
            raise StoreError("no_database", "run_init", path=str(path))
        lock = DataLock(path.parent)
        try:
            Reserve(path.parent).give_up_if_full()
            writer = connect(path, key)
            try:
                new = migrate(writer, path, key, clock.utc_ms())
                with driver_errors(path):
                    tip = read_tip(writer)
                if tip.seq and tip.node != node_id:
                    raise StoreError("other_node", "check_node_id", path=str(path), found=tip.node, expected=node_id)
                database = cls(path, key, clock, node_id, writer, lock)
            except BaseException:
                writer.close()
                raise
        except BaseException:
            lock.close()
            raise
        if not tip.seq:
            database.write(lambda change: change.start_epoch(new_epoch_id(), None, "created"))
        elif new:
            body = {"migrations": new}
            database.write(lambda change: change.event("store.migrated", subject=NODE, actor=NODE, body=body))
        return database

    def write(self, fn: Callable[[Change], T], *, telemetry: bool = False) -> T:
        """Run ``fn`` in the writer's thread; its result once the change is durable, or its exception and no change.

        A change without an event is a mistake (ValueError) unless ``telemetry`` says it is not the trace's business.
        """
        if threading.current_thread() is self._thread:
            raise RuntimeError("write() inside write(): use the Change you were given")
        job = _Job(fn, telemetry)
        with self._gate:
            if self._closed:
                raise StoreError("store_closed", "start_node_again")
            self._jobs.put(job)
        result: T = job.done.result()
        return result

    def read(self) -> AbstractContextManager[Connection]:
        """A read-only connection, rows by name, that sees the last committed state throughout."""
        return self._readers.read()

    def close(self) -> None:
        with self._gate:
            if self._closed:
                return
            self._closed = True
            self._jobs.put(None)
        self._thread.join()
        self._log.close()
        self._readers.close()
        self._writer.close()
        self._lock.close()

    def __enter__(self) -> Database:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def _run(self) -> None:
        while True:
            jobs, ended = self._next_group()
            if jobs:
                self._commit_group(jobs)
            if ended:
                return

    def _next_group(self) -> tuple[list[_Job], bool]:
        """Wait for one change, then take what else is waiting; whether the end mark was met."""
        jobs: list[_Job] = []
        job = self._jobs.get()
        while job is not None:
            jobs.append(job)
            if len(jobs) == MAX_GROUP:
                return jobs, False
            try:
                job = self._jobs.get_nowait()
            except queue.Empty:
                return jobs, False
        return jobs, True

    def _commit_group(self, jobs: list[_Job]) -> None:
        """One commit for all jobs that succeed. Nobody hears of success before the commit is durable."""
        good: list[_Job] = []
        bad: list[tuple[_Job, BaseException]] = []
        try:
            with driver_errors(self.path):
                self._writer.execute("BEGIN IMMEDIATE")
                if self._tip_in_doubt:
                    self._tip, self._tip_in_doubt = read_tip(self._writer), False
                for job in jobs:
                    try:
                        self._run_job(job)
                        good.append(job)
                    except BaseException as error:  # handed to the caller who asked
                        if not self._writer.in_transaction:  # the disk refused: SQLite gave the whole group up
                            raise
                        bad.append((job, error))
                self._writer.execute("COMMIT")
        except BaseException as error:  # noqa: BLE001 - top of the writer's thread: every caller must get an answer
            roll_back(self._writer)
            failed = dict(bad)
            bad = [(job, failed.get(job, error)) for job in jobs]
            good = []
            self._tip_in_doubt = True  # a failed commit may still have reached the disk
        for job in good:
            job.done.set_result(job.result)
        self._log.written()
        if any(isinstance(reason, StoreError) and reason.code == "disk_full" for _job, reason in bad):
            self._reserve.give_up()  # whoever tries again finds room
        for job, reason in bad:
            job.done.set_exception(reason)

    def _run_job(self, job: _Job) -> None:
        clock = self.clock
        moment = Moment(clock.utc_ms(), clock.boot_id(), clock.monotonic_ms(), clock.trusted())
        change = Change(self._writer, self._tip, moment, self.node_id)
        self._writer.execute("SAVEPOINT change")
        try:
            with driver_errors(self.path):
                self._watch.begin()
                job.result = job.fn(change)
                if astray := self._watch.tell():
                    change.event(tally.FOUND_ASTRAY, subject="records", actor=NODE, body=astray)
            if not change.events and not job.telemetry:
                raise ValueError("a change without an event; say telemetry=True if it is none of the trace's business")
        except BaseException:
            if self._writer.in_transaction:
                self._writer.execute("ROLLBACK TO change")
                self._writer.execute("RELEASE change")
            raise
        self._writer.execute("RELEASE change")
        self._tip = change.tip
