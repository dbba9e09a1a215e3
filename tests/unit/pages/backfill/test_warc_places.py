"""How far archives have been read is kept; what is in WACZ files."""

import zipfile
from pathlib import Path

import pytest
from dateline_pages.backfill.warc_archive import WarcArchive, archives_in
from dateline_pages.backfill.warc_places import WarcPlace, WarcPlaces
from dateline_pages.backfill.warc_records import WarcPosition
from support.warc import compressed, page_record


def archive(size: int = 100, entry: str | None = None) -> WarcArchive:
    return WarcArchive(path=Path("a.warc.gz"), size=size, entry=entry)


def test_a_place_is_kept_for_an_archive_of_its_name_and_size(tmp_path: Path) -> None:
    places = WarcPlaces(tmp_path / "new" / "folder")
    place = WarcPlace(position=WarcPosition(offset=10, records=2))

    places.save(archive(), WarcPlace(position=WarcPosition(offset=5, records=1)))
    places.save(archive(), place)

    assert places.load(archive()) == place
    for other in (archive(size=101), archive(entry="archive/b.warc.gz")):
        assert places.load(other) == WarcPlace(position=WarcPosition())


@pytest.mark.parametrize("content", ["", "{", "[]", '{"offset": "x", "records": 1, "done": false}'])
def test_a_damaged_place_is_the_beginning(tmp_path: Path, content: str) -> None:
    places = WarcPlaces(tmp_path)
    places.save(archive(), WarcPlace(position=WarcPosition(offset=5, records=1)))
    for file in tmp_path.iterdir():
        file.write_text(content)

    assert places.load(archive()) == WarcPlace(position=WarcPosition())


def test_a_wacz_file_has_an_archive_for_each_warc_file_in_it(tmp_path: Path) -> None:
    data = compressed([page_record(1)])
    with zipfile.ZipFile(tmp_path / "a.wacz", "w") as container:
        for name in ("archive/a.warc.gz", "archive/b.warc.gz", "pages/pages.jsonl", "datapackage.json"):
            container.writestr(name, data)

    archives = archives_in(tmp_path / "a.wacz")

    assert [each.entry for each in archives] == ["archive/a.warc.gz", "archive/b.warc.gz"]
    assert archives[0].size == len(data)
    with archives[1].open() as stream:
        assert stream.read() == data


def test_a_container_without_archives_is_an_error(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as container:
        container.writestr("a.txt", "text")

    with pytest.raises(OSError, match="no WARC files"):
        archives_in(tmp_path / "a.zip")
