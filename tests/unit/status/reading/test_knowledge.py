import pytest
from dateline_status.reading.knowledge import knowledge_address


@pytest.mark.parametrize(
    ("scheme", "entry", "address"),
    [
        ("wikidata", "Q64", "https://www.wikidata.org/wiki/Q64"),
        ("geonames", "2950159", "https://www.geonames.org/2950159"),
        ("iso3166", "DE", "https://www.iso.org/obp/ui/#iso:code:3166:DE"),
        ("iso3166", "DE-BE", "https://www.iso.org/obp/ui/#iso:code:3166:DE"),
        ("wikidata", "Q64/../../evil", None),
        ("wikidata", "Q64\n", None),
        ("geonames", "javascript:alert(1)", None),
        ("geonames", "\u0661\u0662", None),
        ("https", "//evil.example", None),
        ("", "", None),
    ],
)
def test_only_ids_of_known_knowledge_bases_have_an_address(scheme: str, entry: str, address: str | None) -> None:
    assert knowledge_address(scheme, entry) == address
