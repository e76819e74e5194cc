"""Modbus RTU slave for a shared RS-485 line.

A board hears everybody. Between two bytes of silence lies a *burst*: often another board's reply and the next
request in one piece. The burst is walked frame by frame (length by function code, proved by CRC), because looking
only at its start or its end would lose requests, and broadcasts such as STOP with them.

- Broadcast writes are executed wherever they stand in the burst and never answered.
- An own request is answered only if it ends the burst; an older one is stale, its master has given up.
- Functions 3, 4, 6, 16 and 21 (one record a frame); exceptions 1 (function), 2 (address), 3 (value), 6 (busy).
- What the bank calls slow, file records above all, is *parked* for ``answer_parked``, outside the control loop.
"""

from array import array

T35_US = 1750  # silence that ends a burst, above 19200 baud
KEPT = 256  # newest bytes of a burst
BROADCAST = 0
HIGHEST = 247
MOST_WORDS = 123  # in one write

READ_HOLDING = 3
READ_INPUT = 4
WRITE_ONE = 6
WRITE_COILS = 15
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


def _proved(data, start, end, length):
    stop = start + length
    if length < 4 or stop > end:
        return False
    return crc16(data, start, stop - 2) == data[stop - 2] | data[stop - 1] << 8


def frame_length(data, start, end, whole):
    """Length of the proved frame that begins at ``start`` of data[:end], or 0.

    ``whole`` says that ``start`` is the true beginning of the burst: only there may a frame of an unknown
    function be believed (it ends where the burst ends), or hunting through garbage would find too many.
    """
    left = end - start
    if left < 4:
        return 0
    function = data[start + 1]
    if data[start] > HIGHEST or (data[start] == BROADCAST and function != WRITE_ONE and function != WRITE_MANY):
        return 0  # nobody has such an address; nobody answers or reads a broadcast
    # The shorter candidate first: a proved frame with 0x00 behind it, as a broadcast begins, proves one longer too.
    if function == WRITE_COILS or function == WRITE_MANY:
        if data[start] != BROADCAST and _proved(data, start, end, 8):
            return 8
        return 9 + data[start + 6] if left >= 9 and _proved(data, start, end, 9 + data[start + 6]) else 0
    if 1 <= function <= 6:
        answer = 5 + data[start + 2] if function <= 4 else 8
        if _proved(data, start, end, min(answer, 8)):
            return min(answer, 8)
        return max(answer, 8) if _proved(data, start, end, max(answer, 8)) else 0
    if function == WRITE_FILE:  # the answer echoes the request
        return 5 + data[start + 2] if _proved(data, start, end, 5 + data[start + 2]) else 0
    if function & 0x80:
        return 5 if _proved(data, start, end, 5) else 0
    return left if whole and _proved(data, start, end, left) else 0


class Slave:
    """One address on the bus. Nothing here allocates memory, but for ``answer_parked``.

    ``bank.find(function, start, count)`` says whether these registers exist, then ``bank.word(i)`` gives the i-th;
    ``bank.is_slow(function, start)`` says what waits for it; ``bank.write(start, words, count, broadcast)`` and
    ``bank.record(file, at, data)`` give 0 or an exception code.
    The answer lies in ``answer[:n]`` for the ``n`` that ``end_of_burst`` and ``answer_parked`` return.
    """

    def __init__(self, address, bank):
        self.address = address
        self.answer = bytearray(KEPT)
        self.parked = 0  # length of the frame that waits
        self.answered = False
        self._bank = bank
        self._burst = bytearray(KEPT)
        self._length = 0
        self._cut = False  # the burst was longer than KEPT: its beginning is gone
        self._words = array("H", [0] * MOST_WORDS)
        self._parked_at = 0

    def feed(self, data, count):
        """data[:count] was heard on the line; at most KEPT bytes at a time."""
        burst = self._burst
        over = self._length + count - KEPT
        if over > 0:
            self._cut = True
            self._length -= over
            for i in range(self._length):
                burst[i] = burst[i + over]
        at = self._length
        for i in range(count):
            burst[at + i] = data[i]
        self._length = at + count

    def pending(self):
        return self._length > 0

    def end_of_burst(self):
        """The line was silent for T35_US: execute what was meant for this board. Bytes to answer, or 0."""
        data = self._burst
        end = self._length
        whole = not self._cut
        self._length = 0
        self._cut = False
        at = 0
        while at < end:
            length = frame_length(data, at, end, whole and at == 0)
            if not length:
                at += 1
                continue
            if data[at] == BROADCAST:
                self._execute(at, length, True)
            elif data[at] == self.address and at + length == end:
                self.answered = True
                if self._bank.is_slow(data[at + 1], _word(data, at + 2)):
                    self._parked_at = at
                    self.parked = length
                    return 0
                return self._answer_to(at, length)
            at += length
        return 0

    def answer_parked(self):
        """Do what was parked; bytes to answer. Call it before the next ``feed``."""
        frame = self._burst[self._parked_at : self._parked_at + self.parked]
        self.parked = 0
        if frame[1] != WRITE_FILE:
            return self._answer_to(self._parked_at, len(frame))
        count = _word(frame, 8) if len(frame) >= FILE_HEAD else 0
        if len(frame) != FILE_HEAD + 2 * count + 2 or frame[3] != FILE_REFERENCE:
            return self._refuse(WRITE_FILE, BAD_VALUE)
        bad = self._bank.record(_word(frame, 4), _word(frame, 6), frame[FILE_HEAD:-2])
        if bad:
            return self._refuse(WRITE_FILE, bad)
        self.answer[: len(frame)] = frame
        return len(frame)

    def _execute(self, at, length, broadcast):
        data, words = self._burst, self._words
        if data[at + 1] == WRITE_ONE and length == 8:
            words[0] = _word(data, at + 4)
            return self._bank.write(_word(data, at + 2), words, 1, broadcast)
        if data[at + 1] == WRITE_MANY and length > 8:
            count = _word(data, at + 4)
            if not 1 <= count <= MOST_WORDS or data[at + 6] != 2 * count:
                return BAD_VALUE
            for i in range(count):
                words[i] = _word(data, at + 7 + 2 * i)
            return self._bank.write(_word(data, at + 2), words, count, broadcast)
        return BAD_FUNCTION

    def _answer_to(self, at, length):
        data, answer, bank = self._burst, self.answer, self._bank
        function = data[at + 1]
        if function & 0x80:
            return 0  # somebody's exception under our address
        if function == READ_HOLDING or function == READ_INPUT:
            if length != 8:
                return 0  # a reply, not a request: another board has our address
            count = _word(data, at + 4)
            if not 1 <= count <= 125:
                return self._refuse(function, BAD_VALUE)
            if not bank.find(function, _word(data, at + 2), count):
                return self._refuse(function, BAD_ADDRESS)
            answer[0] = self.address
            answer[1] = function
            answer[2] = 2 * count
            for i in range(count):
                word = bank.word(i)
                answer[3 + 2 * i] = word >> 8
                answer[4 + 2 * i] = word & 0xFF
            return self._sealed(3 + 2 * count)
        if function == WRITE_MANY and length == 8:
            return 0
        bad = self._execute(at, length, False)
        if bad:
            return self._refuse(function, bad)
        for i in range(6):
            answer[i] = data[at + i]
        return self._sealed(6)

    def _refuse(self, function, code):
        self.answer[0] = self.address
        self.answer[1] = function | 0x80
        self.answer[2] = code
        return self._sealed(3)

    def _sealed(self, count):
        crc = crc16(self.answer, 0, count)
        self.answer[count] = crc & 0xFF
        self.answer[count + 1] = crc >> 8
        return count + 2


def _word(data, at):
    return data[at] << 8 | data[at + 1]
