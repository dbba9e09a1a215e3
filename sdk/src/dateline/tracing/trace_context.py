"""The place of a record in a trace, as the W3C headers `traceparent` and `tracestate` state it."""

import random
import re
from typing import NamedTuple, Self

from dateline_schemas.headers import TRACEPARENT, TRACESTATE
from dateline_schemas.headers import Headers as AnyHeaders

from dateline.tracing.trace_state import bounded_trace_state

__all__ = ["SAMPLED", "TraceContext"]

SAMPLED = 1
"""The flag which says that the caller may have recorded the trace."""

KNOWN_FLAGS = 3
"""The flags that are passed on: sampled, and random trace id. All others must be zero."""

FORM = re.compile(r"([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?", re.ASCII | re.DOTALL)
NO_TRACE, NO_SPAN = "0" * 32, "0" * 16


# A named tuple like `Record`: one is created for each record.
class TraceContext(NamedTuple):
    """A span's place: its trace, its own id, the flags and the state of other tracing systems.

    Attributes:
        trace_id: 32 hexadecimal digits.
        span_id: 16 hexadecimal digits.
        flags: the trace flags.
        state: a valid `tracestate`, or None.
    """

    trace_id: str
    span_id: str
    flags: int = SAMPLED
    state: str | None = None

    @classmethod
    def new(cls) -> Self:
        """Return the context of the first span of a new trace."""
        both = f"{random.getrandbits(192):048x}"
        return cls(both[:32], both[32:])

    @classmethod
    def parse(cls, traceparent: str | None, tracestate: str | None = None) -> Self | None:
        """Return what the headers state; None if `traceparent` is absent or invalid.

        An invalid `tracestate` is dropped alone. A later version of the format is read as far as it is known.
        """
        found = None if traceparent is None else FORM.fullmatch(traceparent)
        if found is None:
            return None
        version, trace_id, span_id, flags, more = found.groups()
        if version == "ff" or (version == "00" and more) or trace_id == NO_TRACE or span_id == NO_SPAN:
            return None
        state = None if tracestate is None else bounded_trace_state(tracestate)
        return cls(trace_id, span_id, int(flags, 16) & KNOWN_FLAGS, state)

    @classmethod
    def of_headers(cls, headers: AnyHeaders) -> Self | None:
        """Return the context that a record's headers state, or None."""
        parent = state = None
        for name, value in headers:
            if name == TRACEPARENT:
                parent = value
            elif name == TRACESTATE:
                state = value
        if parent is None:
            return None
        return cls.parse(parent.decode(errors="replace"), None if state is None else state.decode(errors="replace"))

    @classmethod
    def after(cls, parent: "TraceContext | None") -> Self:
        """Return the context of a span below `parent`, or of a new trace if there is none."""
        if parent is None:
            return cls.new()
        return cls(parent.trace_id, f"{random.getrandbits(64) or 1:016x}", parent.flags, parent.state)

    @property
    def is_sampled(self) -> bool:
        """Whether the trace is to be recorded."""
        return bool(self.flags & SAMPLED)

    @property
    def traceparent(self) -> str:
        """The header `traceparent`."""
        return f"00-{self.trace_id}-{self.span_id}-{self.flags:02x}"

    @property
    def headers(self) -> tuple[tuple[str, bytes], ...]:
        """The headers of a record."""
        parent = (TRACEPARENT, self.traceparent.encode())
        return (parent,) if self.state is None else (parent, (TRACESTATE, self.state.encode()))
