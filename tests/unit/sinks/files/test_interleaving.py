"""Owners that write at the same time, former ones among them, leave each offset in the files exactly once."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from unittest import mock

from dateline.errors import FencedError
from dateline_sinks.files.chain import FileChain
from hypothesis import given, settings
from hypothesis import strategies as st
from support.file_batches import LINES, a_file_batch, a_file_place, nothing, ranges, written_offsets

START = 40

ACTIONS = st.sampled_from(["write", "skip", "open", "write"])

STEPS = st.lists(st.tuples(st.integers(0, 2), ACTIONS, st.integers(1, 4), st.integers(0, 3)), max_size=16)
"""Who does what with how many offsets, and how many of the next steps others do between its check and its link."""


class Owners:
    """Three owners of one partition, each with the position that it believes in."""

    def __init__(self, target: Path, steps: list[tuple[int, str, int, int]]) -> None:
        self.target = target
        self.steps = iter(steps)
        self.chains: dict[int, tuple[FileChain, int]] = {}
        self.acknowledged: list[int] = []
        self.between = 0

    def run(self) -> None:
        while self.step():
            pass

    def step(self) -> bool:
        step = next(self.steps, None)
        if step is None:
            return False
        owner, action, count, between = step
        if action == "open" or owner not in self.chains:
            self.open(owner)
            return True
        # Taken out, so that the same owner is opened again if its turn comes in the middle, as after a cancellation.
        chain, position = self.chains.pop(owner)
        make = a_file_batch if action == "write" else nothing
        self.between = between
        with suppress(FencedError):
            chain.append(make(position, position + count))
            self.chains.setdefault(owner, (chain, position + count))
            if action == "write":
                self.acknowledged.append(position + count)
        self.between = 0
        return True

    def open(self, owner: int) -> None:
        chain = FileChain(self.target, LINES, a_file_place(str(owner)))
        position = chain.open()
        if position is None:
            try:
                chain.append(nothing(START))
            except FencedError:
                return
        self.chains[owner] = chain, START if position is None else position

    def others(self) -> None:
        """Take the steps that are due in the middle of another."""
        count, self.between = self.between, 0
        for _ in range(count):
            self.step()


@contextmanager
def in_the_middle(owners: Owners, *, checked: bool) -> Iterator[None]:
    link = os.link

    def late(source: Path, target: Path) -> None:
        owners.others()
        link(source, target)

    with mock.patch("os.link", late), mock.patch("os.fsync"):
        if checked:
            yield
        else:
            with mock.patch.object(FileChain, "_check_owner"):
                yield


@settings(max_examples=40)
@given(steps=STEPS, checked=st.booleans())
def test_the_files_of_all_owners_together_have_each_offset_once_and_in_order(
    steps: list[tuple[int, str, int, int]], checked: bool
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder)
        owners = Owners(target, steps)
        with in_the_middle(owners, checked=checked):
            owners.run()
        covered = ranges(target)
        ends = [START, *(each.next_offset for each in covered)]
        assert [each.first_offset for each in covered] == ends[:-1]
        assert set(owners.acknowledged) <= set(ends)
        written = written_offsets(target)
        assert written == sorted(set(written))
        for each in covered:
            assert each.next_offset - 1 in written
        assert not list(target.rglob("*.part"))
