"""Modbus RTU slave for a shared RS-485 line.

A board hears everybody. Between two bytes of silence lies a *burst*: often another board's reply and the next
request in one piece. The burst is walked frame by frame (length by function code, proved by CRC), because looking
only at its start or its end would lose requests, and broadcasts such as STOP with them.

- Broadcast writes are executed wherever they stand in the burst and never answered.
- An own request is answered only if it ends the burst; an older one is stale, its master has given up.
- Functions 3, 4, 6, 16 and 21 (one record a frame); exceptions 1 (function), 2 (address), 3 (value), 6 (busy).
- A file record is slow work: it is *parked* for ``answer_parked``, outside the control loop.
"""

from array import array

T35_US = 1750  # silence that ends a burst, above 19200 baud
KEPT = 256  # newest bytes of a burst
BROADCAST = 0
HIGHEST = 247

READ_HOLDING = 3
READ_INPUT = 4
WRITE_ONE = 6
WRITE_MANY = 16
WRITE_FILE = 21

BAD_FUNCTION = 1
BAD_ADDRESS = 2
BAD_VALUE = 3
BUSY = 6

FILE_HEAD = 10  # address, function, byte count, reference type 6, file, record and length of one file record
FILE_REFERENCE = 6


def _crc_table():
    table = array("H")
    for value in range(256):
        for _ in range(8):
            value = value >> 1 ^ 0xA001 if value & 1 else value >> 1
        table.append(value)
    return table


_TABLE = _crc_table()


def crc16(data, start=0, end=None):
    """CRC-16/MODBUS of data[start:end]."""
    crc = 0xFFFF
    table = _TABLE
    for i in range(start, len(data) if end is None else end):
        crc = crc >> 8 ^ table[(crc ^ data[i]) & 0xFF]
    return crc


def with_crc(frame):
    """The frame (bytearray, changed in place) with its CRC, low byte first."""
    crc = crc16(frame)
    frame.append(crc & 0xFF)
    frame.append(crc >> 8)
    return frame


def _proved(data, start, length):
    end = start + length
    if length < 4 or end > len(data):
        return False
    return crc16(data, start, end - 2) == data[end - 2] | data[end - 1] << 8


def frame_length(data, start, whole):
    """Length of the proved frame that begins at ``start``, or 0.

    ``whole`` says that ``start`` is the true beginning of the burst: only there may a frame of an unknown
    function be believed (it ends where the burst ends), or hunting through garbage would find too many.
    """
    left = len(data) - start
    if left < 4:
        return 0
    function = data[start + 1]
    if data[start] > HIGHEST or (data[start] == BROADCAST and function not in (WRITE_ONE, WRITE_MANY)):
        return 0  # nobody has such an address; nobody answers or reads a broadcast
    # The shorter candidate first: a proved frame with 0x00 behind it, as a broadcast begins, proves one longer too.
    if function in (15, WRITE_MANY):
        if data[start] != BROADCAST and _proved(data, start, 8):
            return 8
        return 9 + data[start + 6] if left >= 9 and _proved(data, start, 9 + data[start + 6]) else 0
    if 1 <= function <= 6:
        answer = 5 + data[start + 2] if function <= 4 else 8
        for length in (min(answer, 8), max(answer, 8)):
            if _proved(data, start, length):
                return length
        return 0
    if function == WRITE_FILE:  # the answer echoes the request
        return 5 + data[start + 2] if _proved(data, start, 5 + data[start + 2]) else 0
    if function & 0x80:
        return 5 if _proved(data, start, 5) else 0
    return left if whole and _proved(data, start, left) else 0


class Slave:
    """One address on the bus.

    ``bank.read(function, start, count)`` gives a list of words or None for an address that does not exist;
    ``bank.write(start, words, broadcast)`` and ``bank.record(file, at, data)`` give 0 or an exception code.
    """

    def __init__(self, address, bank):
        self.address = address
        self._bank = bank
        self._burst = bytearray()
        self.parked = None  # the file record that waits
        self.answers = 0
        self._cut = False  # the burst was longer than KEPT: its beginning is gone

    def feed(self, data):
        """Bytes heard on the line."""
        self._burst += data
        if len(self._burst) > KEPT:
            self._burst = self._burst[-KEPT:]
            self._cut = True

    def pending(self):
        return len(self._burst) > 0

    def end_of_burst(self):
        """The line was silent for T35_US: execute what was meant for this board. The answer to send, or None."""
        data = self._burst
        whole = not self._cut
        self._burst = bytearray()
        self._cut = False
        at = 0
        while at < len(data):
            length = frame_length(data, at, whole and at == 0)
            if not length:
                at += 1
                continue
            if data[at] == BROADCAST:
                self._execute(data[at : at + length], True)
            elif data[at] == self.address and at + length == len(data):
                self.answers += 1
                if data[at + 1] == WRITE_FILE:
                    self.parked = data[at:]
                    return None
                return self._answer(data[at:])
            at += length
        return None

    def answer_parked(self):
        """Hand the parked file record over; the answer to send."""
        frame = self.parked or bytearray(FILE_HEAD)
        self.parked = None
        count = _word(frame, 8)
        if frame[2] != 7 + 2 * count or frame[3] != FILE_REFERENCE:
            return self._refuse(WRITE_FILE, BAD_VALUE)
        bad = self._bank.record(_word(frame, 4), _word(frame, 6), frame[FILE_HEAD:-2])
        return self._refuse(WRITE_FILE, bad) if bad else frame

    def _execute(self, frame, broadcast):
        if frame[1] == WRITE_ONE and len(frame) == 8:
            return self._bank.write(_word(frame, 2), [_word(frame, 4)], broadcast)
        if frame[1] == WRITE_MANY and len(frame) > 8:
            count = _word(frame, 4)
            if not 1 <= count <= 123 or frame[6] != 2 * count:
                return BAD_VALUE
            return self._bank.write(_word(frame, 2), [_word(frame, 7 + 2 * i) for i in range(count)], broadcast)
        return BAD_FUNCTION

    def _answer(self, frame):
        function = frame[1]
        if function & 0x80:
            return None  # somebody's exception under our address
        if function in (READ_HOLDING, READ_INPUT):
            if len(frame) != 8:
                return None  # a reply, not a request: another board has our address
            count = _word(frame, 4)
            if not 1 <= count <= 125:
                return self._refuse(function, BAD_VALUE)
            words = self._bank.read(function, _word(frame, 2), count)
            if words is None:
                return self._refuse(function, BAD_ADDRESS)
            answer = bytearray((self.address, function, 2 * count))
            for word in words:
                answer.append(word >> 8)
                answer.append(word & 0xFF)
            return with_crc(answer)
        if function == WRITE_MANY and len(frame) == 8:
            return None
        bad = self._execute(frame, False)
        return self._refuse(function, bad) if bad else with_crc(frame[:6])

    def _refuse(self, function, code):
        return with_crc(bytearray((self.address, function | 0x80, code)))


def _word(data, at):
    return data[at] << 8 | data[at + 1]
