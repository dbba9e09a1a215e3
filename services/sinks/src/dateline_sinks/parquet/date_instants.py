"""The instants of dates, beside the text that states them."""

from typing import TYPE_CHECKING

from dateline_sinks.relational.instants import interval_instants

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["with_instants"]

SEPARATOR = "/"
"""Between the two points of an interval, as in ISO 8601; no point contains it."""


def with_instants(dates: "pa.ListArray", kind: "pa.ListType") -> "pa.ListArray":
    """Return dates with the fields `starts` and `ends`: the instants of their intervals.

    Args:
        dates: the dates of each article, never null.
        kind: the type of the result: that of `dates` with the two fields at the end of its struct.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    values = dates.values
    points = [pc.struct_field(values, ["interval", name]) for name in ("start", "end")]
    # Most dates of a batch are the same few, and each is computed once.
    intervals = pc.binary_join_element_wise(*points, SEPARATOR).dictionary_encode()
    instants = [interval_instants(*each.split(SEPARATOR)) for each in intervals.dictionary.to_pylist()]
    struct = kind.value_type
    columns = [values.field(number) for number in range(values.type.num_fields)]
    for side, name in enumerate(("starts", "ends")):
        found = pa.array([each[side] for each in instants], struct.field(name).type)
        columns.append(found.take(intervals.indices))
    return pa.ListArray.from_arrays(dates.offsets, pa.StructArray.from_arrays(columns, fields=list(struct)), type=kind)
