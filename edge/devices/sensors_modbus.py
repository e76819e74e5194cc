"""Sensor boards over Modbus: registers in, reports out. A value its own board calls bad is None."""

from __future__ import annotations

from collections.abc import Sequence

from edge.devices.carriage_modbus import signed
from edge.domain.block import SensorReport
from firmware import registers as r


def report(address: int, registers: Sequence[int]) -> SensorReport:
    """``IR_SENSE_COUNT`` registers from ``IR_SENSE`` as a report; ``age_ms`` is the board's own oldest good value."""

    def at(register: int) -> int:
        return registers[register - r.IR_SENSE]

    good = at(r.IR_SENSE_OK)
    return SensorReport(
        address=address,
        online=True,
        age_ms=at(r.IR_SENSE_AGE_MS),
        temp_cc=signed(at(r.IR_TEMP_CC)) if good & r.SENSE_TEMP else None,
        rh_cpct=at(r.IR_RH_CPCT) if good & r.SENSE_RH else None,
        lux=at(r.IR_LUX) if good & r.SENSE_LUX else None,
        leak=at(r.IR_LEAK) == 1 if good & r.SENSE_LEAK else None,
        faults=at(r.IR_SENSE_FAULTS),
    )


def silent(address: int) -> SensorReport:
    return SensorReport(address, False, None, None, None, None, None, 0)
