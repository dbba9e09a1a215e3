"""Quantiles of a histogram, by the rule of Prometheus."""

from collections.abc import Sequence

__all__ = ["quantile"]


def quantile(share: float, bounds: Sequence[float], counts: Sequence[float]) -> float | None:
    """Return a quantile, None if nothing was measured.

    Values are taken to lie evenly within their bucket, as Prometheus' `histogram_quantile` does; one in the last
    bucket, which has no upper bound, is reported as the greatest bound.

    Args:
        share: which quantile, from 0 to 1.
        bounds: the upper bounds of the buckets, ascending, without infinity.
        counts: the number of values in each bucket; missing ones at the end are zero.
    """
    rank = share * sum(counts)
    if not sum(counts) > 0:
        return None
    below = 0.0
    for number, count in enumerate(counts):
        if below + count >= rank and count > 0:
            if number >= len(bounds):
                return bounds[-1]
            lower = bounds[number - 1] if number else 0.0
            return lower + (bounds[number] - lower) * max(0.0, rank - below) / count
        below += count
    return bounds[-1]
