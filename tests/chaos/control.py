"""What the nemesis and one replica tell each other: a few numbers in a file that both have mapped."""

import mmap
import struct
from pathlib import Path
from typing import Literal, get_args

__all__ = ["ACTIONS", "POINTS", "Action", "Control", "Point"]

Point = Literal["begin", "produced", "offsets", "commit", "committed"]
"""Where in a transaction: before it begins, after its records, after its offsets, while its commit is on its
way, after the answer."""

Action = Literal["kill", "stop", "hold"]
"""What the replica does to itself at a point: SIGKILL, SIGSTOP, or wait until it is told to go on."""

POINTS: tuple[Point, ...] = get_args(Point)
"""In their order."""

ACTIONS: tuple[Action, ...] = get_args(Action)
"""In the order of their numbers, from 1."""

SIZE = 64
"""Bytes of the file."""


def field(layout: str, offset: int, writer: str) -> property:
    """Return a property that lies at `offset`; `writer` says which side may set it."""
    shape = struct.Struct(layout)

    def read(control: "Control") -> int | float:
        value: int | float = shape.unpack_from(control.memory, offset)[0]
        return value

    def write(control: "Control", value: float) -> None:
        shape.pack_into(control.memory, offset, value)

    return property(read, write, doc=f"Set by the {writer}.")


class Control:
    """The numbers of one replica; a file, so that they outlive whoever is killed."""

    open_transactions = field("<I", 0, "replica")
    armed = field("<B", 4, "nemesis; the replica takes it back")
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
        """Make the file, all zero."""
        path.write_bytes(bytes(SIZE))
        return cls(path)

    def arm(self, point: Point, action: Action) -> None:
        """Have the next transaction that reaches `point` do `action`."""
        self.reached = self.released = 0
        self.action = 1 + ACTIONS.index(action)
        self.armed = 1 + POINTS.index(point)

    def disarm(self) -> None:
        """Take the order back, and let go whoever waits."""
        self.armed = 0
        self.released = 1

    def take(self, point: Point) -> Action | None:
        """Return what is to be done at `point`, once."""
        if self.armed != 1 + POINTS.index(point):
            return None
        self.armed = 0
        self.reached = 1
        return ACTIONS[int(self.action) - 1]
