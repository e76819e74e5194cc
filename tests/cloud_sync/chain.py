"""Events as a room would send them, for tests of the centre that need no broker."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from edge.domain.trace import GENESIS, Moment, make_event
from edge.sync.batches import pack

NODE = "room-1"
NOW = 1_800_000_000_000
NODE_KEY = Ed25519PrivateKey.generate()


class Chain:
    """Makes events as a node's trace would; ``fork()`` is a second history from the same point."""

    def __init__(self, epoch="e1", node=NODE):
        self.epoch, self.node, self.events = epoch, node, []

    def add(self, action="box.placed", body=None, level="internal"):
        prev = self.events[-1].hash if self.events else GENESIS
        seq = len(self.events) + 1
        body = body if body is not None else {"box": f"b{seq}", "slot": f"s{seq}"}
        self.events.append(
            make_event(
                node=self.node,
                epoch=self.epoch,
                seq=seq,
                prev=prev,
                moment=Moment(1000 + seq, "boot", seq, True),
                actor="a",
                subject="s",
                action=action,
                version=1,
                level=level,
                body=body,
            )
        )
        return self

    def fill(self, count):
        for _ in range(count):
            self.add()
        return self

    def fork(self, keep):
        other = Chain(self.epoch)
        other.events = self.events[:keep]
        return other

    def restored(self, at, epoch="e2"):
        head = self.events[at - 1].hash
        made = Chain(epoch)
        return made.add(
            "epoch.started",
            {"why": "restored", "previous_epoch": self.epoch, "previous_seq": at, "previous_head": head},
        )

    def batch(self, first, last):
        events = self.events[first - 1 : last]
        prev = self.events[first - 2].hash if first > 1 else GENESIS
        return pack(self.node, events, "internal", prev).payload
