"""Shared memory between the nemesis and one replica: a few numbers in a file that both map."""

import mmap
import struct
from pathlib import Path
from typing import Literal, get_args

__all__ = ["ACTIONS", "POINTS", "SINK_POINTS", "Action", "Control", "Point"]

KafkaPoint = Literal["begin", "produced", "offsets", "commit", "committed"]
"""A point of a transaction: before it begins, after its records were sent, after its offsets were sent, while
its commit is in flight, after the commit was answered."""

SinkPoint = Literal["opened", "write", "moved", "rows", "landing", "written"]
"""A point of a sink's work: after the epoch was raised and the position read, before a write, after the position
moved (in files: after the content was written), after the rows (in files: before the link), while the commit or
the link is in flight, and after it, before Kafka's offset follows."""

Point = Literal[KafkaPoint, SinkPoint]
"""A point at which a fault can strike."""

Action = Literal["kill", "stop", "hold"]
"""What the replica does at a point: send itself SIGKILL or SIGSTOP, or wait until it is released."""

POINTS: tuple[Point, ...] = get_args(KafkaPoint)
"""The points of a transaction, in their order."""

SINK_POINTS: tuple[Point, ...] = get_args(SinkPoint)
"""The points of a sink's work, in their order."""

NUMBERED = (*POINTS, *SINK_POINTS)
"""All points; the position, from 1, is the number in the file."""

ACTIONS: tuple[Action, ...] = get_args(Action)
"""All actions; the position, from 1, is the number in the file."""

SIZE = 64
"""Size of the file in bytes."""


def field(layout: str, offset: int, writer: str) -> property:
    """Return a property stored at `offset`; `writer` names the side that may set it."""
    shape = struct.Struct(layout)

    def read(control: "Control") -> int | float:
        value: int | float = shape.unpack_from(control.memory, offset)[0]
        return value

    def write(control: "Control", value: float) -> None:
        shape.pack_into(control.memory, offset, value)

    return property(read, write, doc=f"Set by the {writer}.")


class Control:
    """The numbers of one replica, in a file so that they survive a kill."""

    open_transactions = field("<I", 0, "replica")
    armed = field("<B", 4, "nemesis; cleared by the replica")
    action = field("<B", 5, "nemesis")
    reached = field("<B", 6, "replica")
    released = field("<B", 7, "nemesis")
    clock_offset = field("<d", 8, "nemesis")
    transactions = field("<I", 16, "replica")

    def __init__(self, path: Path) -> None:
        with path.open("r+b") as file:
            self.memory = mmap.mmap(file.fileno(), SIZE)

    @classmethod
    def create(cls, path: Path) -> "Control":
        """Create the file, filled with zeros."""
        path.write_bytes(bytes(SIZE))
        return cls(path)

    def arm(self, point: Point, action: Action) -> None:
        """Order `action` for the next transaction that reaches `point`."""
        self.reached = self.released = 0
        self.action = 1 + ACTIONS.index(action)
        self.armed = 1 + NUMBERED.index(point)

    def disarm(self) -> None:
        """Cancel the order, and release a replica that waits."""
        self.armed = 0
        self.released = 1

    def take(self, point: Point) -> Action | None:
        """Return the action ordered for `point`, and clear the order."""
        if self.armed != 1 + NUMBERED.index(point):
            return None
        self.armed = 0
        self.reached = 1
        return ACTIONS[int(self.action) - 1]
