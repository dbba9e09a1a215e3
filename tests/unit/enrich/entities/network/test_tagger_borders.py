import pytest
from dateline_enrich.entities.network.border import addressed, bordered
from hypothesis import given
from hypothesis import strategies as st


def name(text: str, marked: str, label: str = "ORG") -> str:
    start = text.index(marked)
    begin, end = bordered(text, start, start + len(marked), label)
    return text[begin:end]


@pytest.mark.parametrize(
    ("text", "marked", "expected"),
    [
        ("Shares of Orbis Corp. fell.", "Orbis Corp", "Orbis Corp."),
        ("the U.S. Senate", "U.S", "U.S."),
        ("said George W. after", "George W", "George W."),
        ("He left Geneva. She stayed.", "Geneva", "Geneva"),
    ],
)
def test_a_final_period_is_part_of_a_name_only_after_an_abbreviation(text: str, marked: str, expected: str) -> None:
    assert name(text, marked) == expected


def test_a_title_is_not_part_of_a_person() -> None:
    assert name("when Ms. Ada Obi came", "Ms. Ada Obi", "PER") == "Ada Obi"
    assert name("at the Dr Pepper works", "Dr Pepper", "ORG") == "Dr Pepper"
    assert name("said Mr", "Mr", "PER") == "Mr"


def test_a_rank_is_not_part_of_a_person() -> None:
    assert name("met Gen Anan Suri", "Gen Anan Suri", "PER") == "Anan Suri"
    assert name("met Genaro Suri", "Genaro Suri", "PER") == "Genaro Suri"


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ("see https://news.example/2022/Ghana-votes today", True),
        ("(www.Ghana.example)", True),
        ("write to ama@Ghana.example.", True),
        ("https://news.example/a Ghana votes", False),
        ("https://news.example/a\nGhana votes", False),
        ("@ Ghana", False),
        ("in Ghana.", False),
    ],
)
def test_a_name_in_an_address_is_not_a_name(text: str, inside: bool) -> None:
    start = text.index("Ghana")
    assert addressed(text, start, start + 5) is inside


def test_a_name_ends_before_an_unpaired_bracket() -> None:
    assert name("as Phil] Obi said", "Phil] Obi", "PER") == "Phil"
    assert name("the Bank (Central said", "Bank (Central") == "Bank"
    assert name("the Bank (Central) Board", "Bank (Central) Board") == "Bank (Central) Board"


@given(
    text=st.text(alphabet="aA.[]() -Mr", min_size=1, max_size=30), data=st.data(), label=st.sampled_from(["PER", "ORG"])
)
def test_corrected_borders_stay_within_the_span_or_its_period(text: str, data: st.DataObject, label: str) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    if text[start].isspace() or text[end - 1].isspace():
        return
    begin, stop = bordered(text, start, end, label)
    assert start <= begin < stop <= min(end + 1, len(text))
