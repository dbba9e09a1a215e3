"""Characters without width: which go and which carry meaning."""

import pytest
from dateline_ingest.feeds.invisible import without_invisible


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("\ufeffHar\u00adbour\u200b news\u2060", "Harbour news"),
        ("\u200eLow tide\u202c", "Low tide"),
        ("Auf\u200clage, c\u200do", "Auflage, co"),
        ("pier\u200d\U0001f6a2", "pier\U0001f6a2"),
        ("\U0001f6a2\u200d leaves", "\U0001f6a2 leaves"),
        ("a\U000e0041b", "ab"),
        ("\u1780\u200b\u1781", "\u1780\u1781"),
    ],
)
def test_invisible_characters_go(text: str, clean: str) -> None:
    assert without_invisible(text) == clean


@pytest.mark.parametrize(
    "text",
    [
        "plain",
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
        "\u0915\u094d\u200d\u0937 \u0928\u094d\u200d",
        "\u0d9a\u0dca\u200d\u0dbb",
        "\U0001f468\u200d\U0001f469\u200d\U0001f467",
        "\u2764\ufe0f\u200d\U0001f525 \U0001f3f3\ufe0f\u200d\U0001f308",
        "\U0001f469\U0001f3fd\u200d\u2695\ufe0f",
        "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
        "\u200f\u05e9\u05dc\u05d5\u05dd (PDF)\u200e",
        "e\u0301 \u2014 \u00a0",
    ],
)
def test_characters_that_shape_or_order_text_stay(text: str) -> None:
    assert without_invisible(text) == text
