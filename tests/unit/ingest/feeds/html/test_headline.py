"""Headlines: elements as names, and what was escaped twice."""

import pytest
from dateline_ingest.feeds.html.headline import headline_text


@pytest.mark.parametrize(
    ("stated", "text"),
    [
        ("The ferry&#8217;s last run", "The ferry’s last run"),
        ("Mayor: &quot;Enough&quot;", 'Mayor: "Enough"'),
        ("Fish &amp; chips &#8211; caf&eacute; shut", "Fish & chips – café shut"),
        ("R&amp;D at the yard&#x2019;s edge", "R&D at the yard’s edge"),
        ("10&nbsp;km of quay", "10 km of quay"),
        ("Q&A: the mayor&#8217;s plan", "Q&A: the mayor’s plan"),
        # What a headline is about stays.
        ("How to write &amp; in HTML", "How to write &amp; in HTML"),
        ("AT&amp;T", "AT&amp;T"),
        ("What does &nbsp; mean?", "What does &nbsp; mean?"),
        ("The name of &#8217; is a quotation mark", "The name of &#8217; is a quotation mark"),
        ('Why "&quot;" is no "inch"', 'Why "&quot;" is no "inch"'),
        ("R&D says &quot;yes&quot;", "R&D says &quot;yes&quot;"),
        ("if a &lt; b", "if a &lt; b"),
        ("&unknown; sorts", "&unknown; sorts"),
        ("<![CDATA[Tides]]>", "Tides"),
        ("a <b c", "a <b c"),
    ],
)
def test_references_left_in_a_plain_headline_stand_for_characters_unless_it_is_about_them(
    stated: str, text: str
) -> None:
    assert headline_text(stated, plain=True) == text


@pytest.mark.parametrize(
    ("stated", "text"),
    [
        ("<b>New</b>: fish &amp; chips", "New: fish & chips"),
        ("The pier&amp;#8217;s end", "The pier’s end"),
        ("<details> and <summary> explained", "<details> and <summary> explained"),
        ("When to use <b> and not <STRONG>", "When to use <b> and not <STRONG>"),
        ("A loop over List<B>", "A loop over List<B>"),
        ("one<br>two", "one two"),
        ("<i>Aurora</i> sails <img src='x'>", "Aurora sails"),
        ("Close it with </b>", "Close it with </b>"),
    ],
)
def test_elements_that_a_headline_names_stay(stated: str, text: str) -> None:
    assert headline_text(stated) == text
