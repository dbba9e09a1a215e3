"""Untrusted text in a terminal."""

from dateline.cli.printable import printable
from hypothesis import given
from hypothesis import strategies as st


@given(st.text())
def test_every_text_becomes_one_line_that_a_terminal_shows_as_it_is(text: str) -> None:
    assert printable(text).isprintable()


def test_control_characters_are_replaced_and_line_breaks_become_spaces() -> None:
    assert printable("a\x1b[31m\nb \t c") == "a\ufffd[31m b c"
