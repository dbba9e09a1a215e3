"""How a text is read: wrapped lines are joined, invisible characters left out."""

from __future__ import annotations

import textwrap

import pytest
from dateline_enrich.entities.text.reading import TextReading
from dateline_enrich.entities.text.wrapping import unwrapped
from hypothesis import given
from hypothesis import strategies as st
from support.fake_tagger import entities

PROSE = (
    "The ferry was late again on Sunday, and the people on the quay had been told nothing, although the clerk of the "
    "Harbour and Canal Board, a friendly man named Oluwaseun Adebayo, went from one of them to the next and said that "
    "he was sorry. The captain, Ingrid Solheim, came an hour later with her mate and told them that fog was to blame."
)


@pytest.mark.parametrize("width", [45, 60, 65, 72, 80, 100, 120])
@pytest.mark.parametrize("end", ["\n", "\r\n", " \n"])
def test_the_lines_of_wrapped_text_are_joined(width: int, end: str) -> None:
    text = end.join(textwrap.wrap(PROSE, width))
    assert unwrapped(text).split() == PROSE.split()
    assert "\n" not in unwrapped(text)
    assert len(unwrapped(text)) == len(text)


def test_paragraphs_of_wrapped_text_stay_apart() -> None:
    short = "\n".join(textwrap.wrap(PROSE, 72))
    text = f"{short}\n{short}\n\nBy Ana Holm\n\n{short}"
    assert unwrapped(text).count("\n") == 5


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        "Ana Holm\nPeter Lund\nMaria Adams\nLena Fox",
        f"{PROSE}\n{PROSE}",
        "The mayor of Oslo spoke for an hour on Friday night\nThe fire in the old harbour is out, the police tell us",
        "Those who came to the talks on the fishing rights:\n- the clerk of the harbour board and his deputy\n- a mate",
        "one two three\nfour five six\nseven eight",
    ],
)
def test_lines_of_other_texts_are_left_alone(text: str) -> None:
    assert unwrapped(text) == text


def test_a_name_across_the_end_of_a_wrapped_line_is_one_name() -> None:
    body = "\n".join(textwrap.wrap(PROSE, 60))
    assert "Oluwaseun\nAdebayo" in body
    found = entities(body, {"Oluwaseun Adebayo": "PER"})["Oluwaseun Adebayo"]
    assert [(m.text, body[m.start : m.end]) for m in found.mentions] == [("Oluwaseun\nAdebayo", "Oluwaseun\nAdebayo")]


@pytest.mark.parametrize("mark", ["\u00ad", "\u200b", "\u200d", "\u2060", "\ufeff"])
def test_invisible_characters_are_no_part_of_a_name_but_keep_their_place(mark: str) -> None:
    body = f"{mark}So Ma{mark}ria Ad{mark}ams left{mark} Lis{mark}bon. Adams slept."
    found = entities(body, {"Maria Adams": "PER", "Lisbon": "LOC"}, f"{mark}Ad{mark}ams leaves")
    assert sorted(found) == ["Lisbon", "Maria Adams"]
    for each in found.values():
        for mention in each.mentions:
            assert mention.text.replace(mark, "") in (each.name, "Adams")
            if mention.field == "body":
                assert body[mention.start : mention.end] == mention.text


@given(text=st.text(st.sampled_from("ab \n\u00ad\u200bC."), max_size=60), data=st.data())
def test_a_stretch_of_the_reading_is_that_of_the_original(text: str, data: st.DataObject) -> None:
    reading = TextReading(text)
    if not reading.text:
        return
    start = data.draw(st.integers(0, len(reading.text) - 1))
    end = data.draw(st.integers(start + 1, len(reading.text)))
    first, stop, original = reading.original(start, end)
    assert text[first:stop] == original
    visible = original.replace("\u00ad", "").replace("\u200b", "")
    assert visible.replace("\n", " ") == reading.text[start:end].replace("\n", " ")
