import pytest
from dateline.tracing.trace_context import TraceContext
from dateline.tracing.trace_state import MAX_CHARACTERS, bounded_trace_state
from hypothesis import given, settings
from hypothesis import strategies as st

TRACE, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
HEX = "0123456789abcdef"

KEYS = st.text(st.sampled_from("abz"), min_size=1, max_size=5).map(lambda text: f"{text}0_-*/@dt")
VALUES = st.text(st.sampled_from("abc:;09 ~!"), min_size=1, max_size=40).filter(lambda text: not text.endswith(" "))
STATES = st.dictionaries(KEYS, VALUES, min_size=1, max_size=8).map(
    lambda members: ",".join(f"{key}={value}" for key, value in members.items())
)


@settings(max_examples=40)
@given(
    trace=st.text(HEX, min_size=32, max_size=32).filter(lambda text: text.strip("0")),
    span=st.text(HEX, min_size=16, max_size=16).filter(lambda text: text.strip("0")),
    flags=st.integers(0, 3),
    state=st.none() | STATES,
)
def test_flags_and_state_pass_through_any_number_of_spans(trace: str, span: str, flags: int, state: str | None) -> None:
    received = TraceContext.parse(f"00-{trace}-{span}-{flags:02x}", state)
    assert received is not None

    sent = TraceContext.of_headers(TraceContext.after(TraceContext.after(received)).headers)

    assert sent is not None
    assert (sent.trace_id, sent.flags) == (trace, flags)
    assert sent.state == (None if state is None else bounded_trace_state(state))
    assert sent.span_id != span


@settings(max_examples=40)
@given(STATES)
def test_state_within_the_limits_is_not_changed(state: str) -> None:
    assert len(state) > MAX_CHARACTERS or bounded_trace_state(state) == state


@settings(max_examples=40)
@given(st.text() | st.text(st.sampled_from("0123456789abcdef-gA\n"), max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    found = TraceContext.parse(text, text)

    assert found is None or TraceContext.parse(found.traceparent, found.state) == found


@pytest.mark.parametrize(
    "text",
    [
        "",
        f"00-{TRACE}-{SPAN}",
        f"00-{TRACE}-{SPAN}-01-more",
        f"ff-{TRACE}-{SPAN}-01",
        f"00-{'0' * 32}-{SPAN}-01",
        f"00-{TRACE}-{'0' * 16}-01",
        f"00-{TRACE.upper()}-{SPAN}-01",
        f"00-{TRACE}-{SPAN}-1",
        f"00-{TRACE}-{SPAN}-01\n",
    ],
)
def test_invalid_parent_begins_a_new_trace(text: str) -> None:
    assert TraceContext.parse(text) is None
    assert TraceContext.of_headers([("traceparent", text.encode())]) is None
    assert TraceContext.after(None).trace_id != TRACE


def test_later_version_is_read_as_far_as_it_is_known() -> None:
    found = TraceContext.parse(f"cc-{TRACE}-{SPAN}-ff-what-the-future-brings")

    assert found == TraceContext(TRACE, SPAN, 3)


def test_new_trace_is_sampled() -> None:
    assert TraceContext.new().is_sampled
    assert not TraceContext(TRACE, SPAN, 0).is_sampled


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("congo=t61rcWkgMzE", "congo=t61rcWkgMzE"),
        (" rojo=1 ,\t, congo=2", "rojo=1,congo=2"),
        ("fw529a3039@dt=FfffffffA", "fw529a3039@dt=FfffffffA"),
        ("", None),
        (" , ", None),
        ("no value", None),
        ("Upper=1", None),
        ("a=1,a=2", None),
        ("a=1,b=ü", None),
        (",".join(f"k{number}=1" for number in range(32)), ",".join(f"k{number}=1" for number in range(32))),
        (",".join(f"k{number}=1" for number in range(33)), None),
        ("a=1," * 100_000, None),
    ],
)
def test_state_is_valid_or_dropped_as_a_whole(text: str, kept: str | None) -> None:
    assert bounded_trace_state(text) == kept


def test_long_state_loses_its_long_members_first_and_then_its_last() -> None:
    long, short = f"long={'x' * 200}", [f"k{number}={'y' * 100}" for number in range(6)]

    assert bounded_trace_state(",".join([short[0], long, *short[1:2]])) == ",".join([short[0], long, *short[1:2]])
    assert bounded_trace_state(",".join([short[0], long, *short[1:4]])) == ",".join(short[:4])
    assert bounded_trace_state(",".join(short)) == ",".join(short[:4])


def test_invalid_state_is_dropped_alone() -> None:
    found = TraceContext.of_headers([("traceparent", f"00-{TRACE}-{SPAN}-01".encode()), ("tracestate", b"\xff")])

    assert found == TraceContext(TRACE, SPAN, 1)
