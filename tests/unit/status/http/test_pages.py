import pytest
from dateline_status.formatting import at_most, count
from dateline_status.http.documented_type import kind


def test_numbers_have_separated_thousands_and_upper_bounds_a_sign() -> None:
    assert count(1234567) == "1\u202f234\u202f567"
    assert at_most(5, exact=True) == "5"
    assert at_most(5, exact=False) == "≤ 5"


@pytest.mark.parametrize(
    ("schema", "text"),
    [
        ({"$ref": "#/components/schemas/Check"}, "Check"),
        ({"anyOf": [{"type": "integer"}, {"type": "null"}]}, "integer or null"),
        ({"type": "array", "items": {"type": "string"}}, "list of string"),
        ({"type": "object", "additionalProperties": {"type": "integer"}}, "map to integer"),
        ({"type": "string", "enum": ["a", "b"]}, "a | b"),
        ({"type": "string", "format": "date-time"}, "date-time"),
        ({}, "any"),
    ],
)
def test_types_of_a_schema_are_shown_in_words(schema: dict[str, object], text: str) -> None:
    assert kind(schema) == text
