"""The chain of a partition's files: each begins where the one before ends, and the last one holds the position."""

import contextlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from dateline.errors import FencedError, StageError
from dateline.sink.batch import SinkBatch
from dateline.sink.place import SinkPlace

from dateline_sinks.files.faults import file_faults
from dateline_sinks.files.file_format import FileFormat
from dateline_sinks.files.file_range import FileRange
from dateline_sinks.files.new_file import NewFile, remove_abandoned
from dateline_sinks.files.partition_folder import PartitionFolder

__all__ = ["FileChain"]


class FileChain:
    """Reads the end of a partition's chain, and adds files to it.

    The name of a file is its first offset alone, and a link never replaces a file. So of two owners that write from the
    same offset one fails, and every other file of a former owner would need a name that exists already. `owner` stops
    a former owner before it writes; it saves work, the link decides.
    """

    def __init__(self, target: Path, file_format: FileFormat, place: SinkPlace) -> None:
        self._format = file_format
        self._place = place
        self._folder = PartitionFolder(target, place.topic, place.partition, file_format.suffix)
        self._token = uuid4().hex
        self._last: int | None = None
        self._end: int | None = None
        self._next: int | None = None

    def open(self) -> int | None:
        """Take over the partition, and return the position; None if there is none yet."""
        with file_faults(self._folder.path):
            self._folder.create()
            remove_abandoned(self._folder.work)
            self._folder.write_note("owner", {"token": self._token, "owner": self._place.owner})
            self._read_end()
            if self._end is not None:
                hint = self._folder.read_note("position")
                until = hint.get("until")
                is_true = hint.get("end") == self._end
                self._next = max(self._end, until) if is_true and isinstance(until, int) else self._end
        return self._next

    def append(self, batch: SinkBatch) -> None:
        """Add a file with the records of a batch; a batch without records moves the position in the hint alone."""
        with file_faults(self._folder.path), self._fenced():
            self._check_owner()
            if self._next is None:
                covered = FileRange.of(self._place, batch.first_offset, batch.first_offset)
                self._folder.write_start(covered.fields())
                self._end = self._next = batch.first_offset
            if batch.first_offset != self._next:
                raise FencedError(f"{self._place.name}: the position is {self._next}, not {batch.first_offset}")
            if not batch.records:
                self._note(batch.next_offset)
                self._next = batch.next_offset
                return
            self._add(batch)
        with contextlib.suppress(OSError):
            self._note(batch.next_offset)

    def _add(self, batch: SinkBatch) -> None:
        # From the end of the chain rather than from the batch: offsets without records in between belong to the file.
        assert self._end is not None
        covered = FileRange.of(self._place, self._end, batch.next_offset)
        with NewFile(self._folder.work) as new:
            self._format.write(new.file, batch.records, covered)
            new.finish()
            self._check_owner()
            new.publish(self._folder.file(self._end))
        self._last = self._end
        self._end = self._next = batch.next_offset

    def _note(self, until: int) -> None:
        self._folder.write_note("position", {"last": self._last, "end": self._end, "until": until})

    def _check_owner(self) -> None:
        owner = self._folder.read_note("owner")
        if owner.get("token") != self._token:
            raise FencedError(f"{self._place.name} was opened by {owner.get('owner', 'another process')}")

    @contextmanager
    def _fenced(self) -> Iterator[None]:
        try:
            yield
        except FileExistsError as error:
            raise FencedError(f"{self._place.name}: another process wrote the file first: {error}") from error

    def _read_end(self) -> None:
        """Read the end of the chain, by the hint if it is true, otherwise by the names of the files."""
        hint = self._folder.read_note("position")
        last, end = hint.get("last"), hint.get("end")
        if isinstance(last, int) and isinstance(end, int) and self._folder.file(last).exists():
            self._last, self._end = last, self._range(last).next_offset
        else:
            self._last = self._folder.last_file()
            if self._last is not None:
                self._end = self._range(self._last).next_offset
            else:
                self._end = self._start()
        # Files that an owner added without leaving the hint.
        while self._end is not None and self._folder.file(self._end).exists():
            self._last, self._end = self._end, self._range(self._end).next_offset

    def _start(self) -> int | None:
        path = self._folder.work / "start"
        try:
            start = self._folder.read_start()
            covered = None if start is None else FileRange.read(start)
        except ValueError as error:
            raise StageError(
                f"{path} is damaged: {error}; remove it, and the sink begins where `--from` says"
            ) from error
        return None if covered is None else self._checked(path, covered).next_offset

    def _range(self, first_offset: int) -> FileRange:
        path = self._folder.file(first_offset)
        try:
            covered = self._format.read_range(path)
            if not first_offset == covered.first_offset < covered.next_offset:
                raise ValueError(f"it states the offsets {covered.first_offset} to {covered.next_offset}")
        except ValueError as error:
            raise StageError(
                f"{path} is damaged: {error}; move it away, and its records are read from Kafka again"
            ) from error
        return self._checked(path, covered)

    def _checked(self, path: Path, covered: FileRange) -> FileRange:
        place = self._place
        if covered.cluster_id != place.cluster_id:
            raise StageError(
                f"{path} is from the Kafka cluster {covered.cluster_id}, and this is {place.cluster_id}: its offsets "
                f"mean nothing here. Give the sink another folder, or move the folder {self._folder.path} away, "
                f"with the hidden one in it"
            )
        if covered.group != place.group:
            raise StageError(
                f"{path} was written by the group {covered.group}, not {place.group}: a folder belongs to one group. "
                f"Give the sink another folder, or run it as {covered.group}"
            )
        if (covered.topic, covered.partition) != (place.topic, place.partition):
            raise StageError(
                f"{path} belongs to {covered.topic}[{covered.partition}]; move it back into the folder of its partition"
            )
        return covered
