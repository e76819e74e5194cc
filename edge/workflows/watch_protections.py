"""The protections, once a second: sensor boards → readings → alarms → sounder; and what people do about an alarm."""

from __future__ import annotations

from dataclasses import dataclass

from edge.domain import alarms, climate, disk_room, patrol, upkeep
from edge.domain.alarms import Alarm, Condition
from edge.domain.block import BlockState, SensorReport
from edge.domain.climate import MEASURANDS, Measurand, Quality, Reading
from edge.domain.people import Person
from edge.domain.protections import Limit, band
from edge.errors import RuleRefused, StoreError
from edge.store.database import Change
from edge.workflows.rights import needs
from edge.workflows.room import Room

LEAVE = frozenset({"gas_ok", "fire_ok"})  # inputs of the boards; open: everybody leaves
SAME_VALUE_MS = 500  # two looks at one and the same poll of a board


@dataclass(frozen=True, slots=True)
class Tile:
    """One measured value for a screen. ``value`` None: none ever came, or its board calls it bad."""

    place: str
    measurand: Measurand
    value: int | None
    age_ms: int | None
    quality: Quality
    low: int | None
    high: int | None


class Watch:
    """``step`` once a second, in one background loop. It remembers only when each place was last heard."""

    def __init__(self, room: Room) -> None:
        self._room = room
        started_ms = room.clock.monotonic_ms()
        self._heard_ms = dict.fromkeys(room.places.values(), started_ms)
        self._kept_utc_ms: dict[str, int] = {}

    def step(self) -> None:
        room = self._room
        state = room.carriages.state()
        now_ms, boot_id = room.clock.monotonic_ms(), room.clock.boot_id()
        conditions = room.alarms.conditions(boot_id)
        limits = room.alarms.limits()
        refused: list[tuple[bool, StoreError]] = []
        for place, values in self._values(state, now_ms).items():
            for limit in limits.values():
                value = values.get(limit.measurand)
                before = conditions.get((limit.rule, place), alarms.NORMAL)
                if alarms.step(limit, before, value, now_ms)[0] == before:
                    continue
                try:
                    self._observe(limit, place, value, now_ms, boot_id)
                except StoreError as error:  # the next rule may matter more
                    leave = limit.severity == "emergency" and value is not None and alarms.beyond(limit, value, False)
                    refused.append((leave, error))
        sound(room, unwritten=any(leave for leave, _error in refused))
        if refused:
            raise refused[0][1]
        self._keep(state)

    def _observe(self, limit: Limit, place: str, value: int | None, now_ms: int, boot_id: str) -> None:
        def observe(change: Change) -> None:
            self._room.alarms.observe(change, limit, place, value, now_ms, boot_id)

        self._room.database.write(observe, telemetry=True)

    def _values(self, state: BlockState, now_ms: int) -> dict[str, dict[str, int | None]]:
        """place → measurand → value, None where it is not good; and ``silent_s`` since every measurand was good.

        camera → ``frame_s`` since its last new frame.
        """
        found: dict[str, dict[str, int | None]] = {}
        for report in state.sensors:
            place = self._room.places[report.address]
            values: dict[str, int | None] = dict.fromkeys(MEASURANDS)
            if state.alive and report.age_ms is not None and report.age_ms <= climate.STALE_AFTER_MS:
                values = {name: climate.possible(name, _value(report, name)) for name in MEASURANDS}
                if None not in values.values():
                    self._heard_ms[place] = max(self._heard_ms[place], now_ms - report.age_ms)
            found[place] = values
        for place, heard_ms in self._heard_ms.items():
            found.setdefault(place, dict.fromkeys(MEASURANDS))["silent_s"] = (now_ms - heard_ms) // 1000
        for camera, age_ms in self._room.eyes.frame_ages_ms().items():
            found[camera] = {"frame_s": age_ms // 1000}
        return found

    def _keep(self, state: BlockState) -> None:
        """Each poll of each board once; an old snapshot brings nothing."""
        if not state.alive:
            return
        now_utc_ms = self._room.clock.utc_ms()
        readings: list[Reading] = []
        for report in state.sensors:
            if report.age_ms is None or not report.online:
                continue
            place, taken_ms = self._room.places[report.address], now_utc_ms - report.age_ms
            if taken_ms - self._kept_utc_ms.get(place, 0) < SAME_VALUE_MS:
                continue
            self._kept_utc_ms[place] = taken_ms
            for name in MEASURANDS:
                value = climate.possible(name, _value(report, name))
                if value is not None:
                    readings.append(Reading(place, name, value, taken_ms))
        if readings:
            self._room.readings.add(readings, now_utc_ms)


def tiles(room: Room) -> list[Tile]:
    """The newest value of every place and measurand with its age, quality and limits."""
    state = room.carriages.state()
    limits = room.alarms.limits().values()
    found = []
    for report in state.sensors:
        for name in MEASURANDS:
            value = climate.possible(name, _value(report, name))
            age_ms = report.age_ms if state.alive else None
            place = room.places[report.address]
            found.append(Tile(place, name, value, age_ms, climate.quality(value, age_ms), *band(limits, name)))
    return found


@needs("acknowledge")
def acknowledge(room: Room, person: Person, alarm_id: str) -> Alarm:
    """Somebody knows: the sounder stops. Raises RuleRefused where it was acknowledged already."""
    alarm = room.database.write(lambda change: room.alarms.acknowledge(change, alarm_id, person.id))
    sound(room)
    return alarm


def acknowledge_at_centre(room: Room, author: str, alarm_id: str) -> Alarm:
    """The same, asked for by ``author`` at the centre. Raises RuleRefused ``emergency_in_the_room``."""
    if any(alarm.id == alarm_id and alarm.severity == "emergency" for alarm in room.alarms.standing()):
        raise RuleRefused("emergency_in_the_room", "go_to_the_panel")
    alarm = room.database.write(lambda change: room.alarms.acknowledge(change, alarm_id, f"centre:{author}"))
    sound(room)
    return alarm


@needs("reset_alarm")
def reset(room: Room, person: Person, alarm_id: str) -> Alarm:
    """Take back a latched alarm whose cause is gone and which somebody has acknowledged."""
    return room.database.write(lambda change: room.alarms.reset(change, alarm_id, person.id))


@needs("set_limits")
def set_limit(room: Room, person: Person, limit: Limit) -> None:
    room.database.write(lambda change: room.alarms.set_limit(change, limit, person.id))


def sound(room: Room, *, unwritten: bool = False) -> None:
    """The sounder sounds while any alarm is active or latched and nobody has acknowledged it.

    While a board sees the gas or the fire contact open it sounds too, and nobody silences it here (rule 11).

    What the upkeep finds at night, a patrol that nobody walked and a disk that gets full are shown, but threaten
    nobody. ``unwritten``: an emergency that the store could not take; it is heard at once, and nobody silences it.
    """
    quiet = upkeep.RULES | patrol.RULES | disk_room.RULES
    loud = (alarm for alarm in room.alarms.standing() if alarm.rule not in quiet)
    conditions = (Condition(alarm.active, alarm.acked, alarm.latched) for alarm in loud)
    leave = any(report.online and LEAVE & set(report.open_inputs) for report in room.carriages.state().carriages)
    room.sounder.sound(leave or unwritten or any(condition.sounds for condition in conditions))


def _value(report: SensorReport, name: Measurand) -> int | None:
    value = {"temp_cc": report.temp_cc, "rh_cpct": report.rh_cpct, "lux": report.lux, "leak": report.leak}[name]
    return None if value is None else int(value)
