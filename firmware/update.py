"""A new image over the bus, into the slot that does not run; started only after somebody held Start at the board.

``command`` and ``record`` are what the bus asks, ``step`` does one slice of slow work at standstill, so that control
loops run in between. A whole file is gathered in memory, proved, then written; what is whole in flash is never sent
again, so a transfer that broke off anywhere goes on with the first file that is missing. The record of slots changes
only when somebody is present, in one rename: a power cut at any byte leaves a whole image to start.
"""

import binascii
import hashlib

from firmware import loader
from firmware.modbus_rtu import BAD_ADDRESS, BAD_VALUE, BUSY
from firmware.registers import (
    DO_ACTIVATE,
    DO_BEGIN,
    DO_CANCEL,
    FILE_FIRST,
    FILE_MANIFEST,
    FILE_MOST_BYTES,
    FILE_SIGNATURE,
    REFUSED_FILE,
    REFUSED_FLASH,
    REFUSED_MANIFEST,
    REFUSED_NO_KEY,
    REFUSED_NOT,
    REFUSED_SIGNATURE,
    UPDATE_CLEARING,
    UPDATE_HOLD_MS,
    UPDATE_LOOKING,
    UPDATE_NONE,
    UPDATE_PROVING,
    UPDATE_READY,
    UPDATE_RECEIVING,
    UPDATE_TAKEN,
    UPDATE_WAITING,
    UPDATE_WRITING,
)
from firmware.signature import BYTES as SIGNATURE_BYTES
from firmware.signature import KEY_FILE, Check

SIGNATURE = "signature"
PIECE_BYTES = 1024  # written to flash in one loop
MOST_FILES = 99
FOLDER = "firmware/"


class Update:
    """``state`` UPDATE_*, ``result`` REFUSED_*, ``file`` and ``at``: the record wanted next; ``image``: being received.

    ``taken`` True: the loader knows of it, the next start is the new image's.
    """

    def __init__(self, hal, running, has_start):
        """``running``: the slot of this program. A board without a Start button starts the new image at its next
        power-up, which somebody has to make."""
        self._hal = hal
        self._running = running
        self.has_start = has_start
        self.state = UPDATE_NONE
        self.result = REFUSED_NOT
        self.file = 0
        self.at = 0
        self.resting = True
        self.taken = False
        self.slot = self._other()
        self.image = image_of(hal.read_file(self.slot + "/" + loader.MANIFEST))
        self._files = []
        self._buffer = bytearray()
        self._bytes = 0  # length of the file that is being received
        self._left = []  # files to remove
        self._looking = 0
        self._check = None
        self._out = None
        self._data = b""
        self._written = 0
        self._manifest_bytes = 0
        self._seen_released = False
        self._held_ms = None

    def _record(self):
        return loader.record_from(self._hal.load(loader.RECORD))

    def _other(self):
        now = self._running if self._running in ("a", "b") else self._record()["active"]
        return "a" if now == "b" else "b"

    # --- what the bus asks -----------------------------------------------------------------------
    def command(self, words):
        """0 or an exception code."""
        if not self.resting:
            return BUSY
        code = words[0]
        if code == DO_BEGIN:
            return self._begin(words[1] << 16 | words[2], words[3])
        if code == DO_ACTIVATE:
            if self.state == UPDATE_TAKEN:
                return 0
            if self.state != UPDATE_READY and self.state != UPDATE_WAITING:
                return BUSY
            self.state = UPDATE_WAITING if self.has_start else UPDATE_TAKEN
            return 0
        if code == DO_CANCEL:
            if self.state == UPDATE_TAKEN:
                self._try_next("")
                self.taken = False
            self._drop()
            return 0
        return BAD_VALUE

    def _begin(self, image, manifest_bytes):
        record = self._record()
        if record["trial"] or self.state == UPDATE_TAKEN:
            return BUSY  # the image under trial has not lasted yet, or waits for its power-up
        if not 1 <= manifest_bytes <= FILE_MOST_BYTES:
            return BAD_VALUE
        self._drop()
        self.result = REFUSED_NOT
        self.slot = self._other()
        if record["previous"] == self.slot:
            record["previous"] = ""
            self._hal.save(loader.RECORD, record)
        manifest = self._hal.read_file(self.slot + "/" + loader.MANIFEST)
        self.image = image
        self._manifest_bytes = manifest_bytes
        if image_of(manifest) == image and self._take_manifest(manifest):
            self._expect(FILE_SIGNATURE, SIGNATURE_BYTES)
            self._prove()
        else:
            self._left = self._hal.list_files(self.slot)
            self._left.sort(key=lambda name: name == self.slot + "/" + loader.MANIFEST)  # it goes first: pop() takes it
            self.state = UPDATE_CLEARING
        return 0

    def _drop(self):
        self.state = UPDATE_NONE
        self.file = self.at = 0
        self._buffer = bytearray()
        self._check = None
        if self._out is not None:
            self._out.close()
            self._out = None

    def record(self, file, at, data):
        """One file record: 0 or an exception code. A repeated one changes nothing."""
        if not self.resting or self.state == UPDATE_WRITING:
            return BUSY
        if self.state != UPDATE_RECEIVING or file > self.file:
            return BAD_ADDRESS
        if file < self.file or 2 * at < len(self._buffer):
            return 0  # the answer to it was lost
        if 2 * at != len(self._buffer) or len(self._buffer) + len(data) > self._bytes + self._bytes % 2:
            return BAD_VALUE
        self._buffer += data
        self.at = len(self._buffer) // 2
        if len(self._buffer) >= self._bytes:
            self._complete(bytes(self._buffer[: self._bytes]))
        return 0

    def _complete(self, data):
        """The file in memory is whole: write it if it is what it should be."""
        self._buffer = bytearray()
        if self.file == FILE_MANIFEST:
            if image_of(data) != self.image or not self._take_manifest(data):
                self._refuse(REFUSED_MANIFEST)
                return
            name = loader.MANIFEST
        elif self.file == FILE_SIGNATURE:
            name = SIGNATURE
        else:
            name, _count, digest = self._files[self.file - FILE_FIRST]
            if binascii.hexlify(hashlib.sha256(data).digest()).decode() != digest:
                self._refuse(REFUSED_FILE)
                return
        self._data = data
        self._written = 0
        try:
            self._out = self._hal.open_new(self.slot + "/" + name)
        except OSError:
            self._refuse(REFUSED_FLASH)
            return
        self.state = UPDATE_WRITING

    def _take_manifest(self, data):
        files = loader.image_files(data)
        if not files or len(files) > MOST_FILES:
            return False
        for name, count, _digest in files:
            if not name.startswith(FOLDER) or ".." in name or not 0 <= count <= FILE_MOST_BYTES:
                return False
        self._files = files
        return True

    def _refuse(self, result):
        self._drop()
        self.result = result

    # --- one slice of work, at standstill ------------------------------------------------------------
    def step(self):
        if not self.resting:
            return
        if self.state == UPDATE_CLEARING:
            if self._left:
                self._hal.remove_file(self._left.pop())
            else:
                self._expect(FILE_MANIFEST, self._manifest_bytes)
        elif self._out is not None:
            self._write(self._out)
        elif self._check is not None:
            good = self._check.step()
            if good:
                self._check = None
                self._looking = 0
                self.state = UPDATE_LOOKING
            elif good is not None:
                self._refuse(REFUSED_SIGNATURE)
        elif self.state == UPDATE_LOOKING:
            self._look()
        elif self.state == UPDATE_TAKEN and not self.taken:
            self._try_next(self.slot)
            self.taken = True

    def _write(self, out):
        """One piece of the file in memory; the last one closes it."""
        piece = self._data[self._written : self._written + PIECE_BYTES]
        try:
            if piece:
                out.write(piece)
                self._written += len(piece)
                return
            out.close()
        except OSError:
            self._refuse(REFUSED_FLASH)
            return
        self._out = None
        if self.file == FILE_MANIFEST:
            self._expect(FILE_SIGNATURE, SIGNATURE_BYTES)
        elif self.file == FILE_SIGNATURE:
            self._prove()
        else:
            self._looking = self.file - FILE_FIRST
            self.state = UPDATE_LOOKING

    def _look(self):
        if self._looking >= len(self._files):
            self.state = UPDATE_READY
            return
        name, count, digest = self._files[self._looking]
        if loader.file_is_whole(self.slot + "/" + name, count, digest, self._hal.open_file):
            self._looking += 1
        else:
            self._expect(FILE_FIRST + self._looking, count)

    def _prove(self):
        """Before anything but manifest and signature is taken. Without a signature it is asked for."""
        signature = self._hal.read_file(self.slot + "/" + SIGNATURE)
        key = self._hal.read_file(KEY_FILE)
        if signature is None or len(signature) != SIGNATURE_BYTES:
            return
        if key is None:
            self._refuse(REFUSED_NO_KEY)
            return
        manifest = self._hal.read_file(self.slot + "/" + loader.MANIFEST)
        self._check = Check(key, signature, hashlib.sha256(manifest).digest())
        self.state = UPDATE_PROVING

    def _expect(self, file, count):
        self.file = file
        self.at = 0
        self._bytes = count
        self._buffer = bytearray()
        self.state = UPDATE_RECEIVING

    # --- somebody at the board ---------------------------------------------------------------------
    def waiting(self):
        return self.state == UPDATE_WAITING

    def look_for_somebody(self, now_ms, pressed, resting):
        """Each control loop: ``pressed`` = the block's Start. Counts only a press that began while waiting, at rest."""
        self.resting = resting
        if self.state != UPDATE_WAITING:
            self._seen_released = False
            self._held_ms = None
        elif not resting:
            self.state = UPDATE_READY
        elif not pressed:
            self._seen_released = True
            self._held_ms = None
        elif self._seen_released:
            if self._held_ms is None:
                self._held_ms = now_ms
            elif now_ms - self._held_ms >= UPDATE_HOLD_MS:
                self.state = UPDATE_TAKEN

    def _try_next(self, slot):
        record = self._record()
        record["trial"] = slot
        record["tries"] = 0
        self._hal.save(loader.RECORD, record)


def image_of(manifest):
    """The number of an image: first 32 bits of its manifest's SHA-256; 0 = there is none."""
    if not manifest:
        return 0
    digest = hashlib.sha256(manifest).digest()
    return digest[0] << 24 | digest[1] << 16 | digest[2] << 8 | digest[3]
