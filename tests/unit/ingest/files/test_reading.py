"""Reading inputs in a thread."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import aclosing
from pathlib import Path

import pytest
from dateline_ingest.articles.input_problem import InputProblem
from dateline_ingest.files.inputs import Input
from dateline_ingest.files.reading import contents_of, read_ahead
from dateline_ingest.settings import IngestSettings


async def test_all_values_are_read_in_order() -> None:
    async with aclosing(read_ahead(lambda: iter(range(1000)))) as values:
        assert [value async for value in values] == list(range(1000))


async def test_an_error_is_raised_in_the_consumer() -> None:
    def failing() -> Iterator[int]:
        yield 1
        raise ValueError("broken")

    async with aclosing(read_ahead(failing)) as values:
        assert await anext(values) == 1
        with pytest.raises(ValueError, match="broken"):
            await anext(values)


async def test_the_reader_ends_when_the_consumer_stops() -> None:
    ended = threading.Event()

    def endless() -> Iterator[int]:
        try:
            while True:
                yield 1
        finally:
            ended.set()

    async with aclosing(read_ahead(endless)) as values:
        assert await anext(values) == 1
    assert await asyncio.to_thread(ended.wait, 10)


def test_a_file_that_vanished_is_a_problem(tmp_path: Path) -> None:
    (found,) = contents_of(Input(str(tmp_path / "gone")), IngestSettings())
    assert isinstance(found, InputProblem)
    assert found.what == "No such file or directory"
