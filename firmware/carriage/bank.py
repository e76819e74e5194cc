"""What the bus may ask of a carriage: whole blocks only; half a command is no command."""

from firmware.bank import Bank
from firmware.modbus_rtu import BAD_VALUE, READ_HOLDING
from firmware.registers import (
    HR_COMMAND,
    HR_COMMAND_COUNT,
    HR_PERMIT,
    HR_PERMIT_COUNT,
    HR_STOP,
    HR_STOP_COUNT,
    IR_STATE_COUNT,
    STOP_WORD,
)


class CarriageBank(Bank):
    """``app`` has command(words), permit(words), stop() and was_read(). Only permit and STOP may be broadcast."""

    def __init__(self, address, app):
        super().__init__(address, IR_STATE_COUNT)
        self._app = app
        self._command = [0] * HR_COMMAND_COUNT

    def find(self, function, start, count):
        if function == READ_HOLDING:
            return self._found(self._command, start - HR_COMMAND, count)
        found = Bank.find(self, function, start, count)
        if found:
            self._app.was_read(start)
        return found

    def write(self, start, words, count, broadcast):
        if start == HR_COMMAND and count == HR_COMMAND_COUNT and not broadcast:
            for i in range(count):
                self._command[i] = words[i]
            self._app.command(words)
            return 0
        if start == HR_PERMIT and count == HR_PERMIT_COUNT:
            self._app.permit(words)
            return 0
        if start == HR_STOP and count == HR_STOP_COUNT:
            if words[0] != STOP_WORD:
                return BAD_VALUE
            self._app.stop()
            return 0
        return Bank.write(self, start, words, count, broadcast)  # super() makes a closure, whose call may allocate
