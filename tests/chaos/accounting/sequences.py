"""Compares the values found for each key with those expected, in order."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from chaos.accounting.violation import Violation

__all__ = ["compare_sequences"]


def compare_sequences(
    topic: str, wanted: Mapping[str, Sequence[str]], found: Mapping[str, Sequence[tuple[str, int]]]
) -> Iterator[Violation]:
    """Yield what is missing, unknown, doubled or in another order.

    Args:
        topic: where the values are, for the message.
        wanted: the values of each key.
        found: the values of each key, each with the timestamp of its record.
    """
    for name in sorted(wanted.keys() | found.keys()):
        want, have = list(wanted.get(name, [])), [what for what, _ in found.get(name, [])]
        if want == have:
            continue
        last = max((timestamp for _, timestamp in found.get(name, [])), default=None)
        lost, more = Counter(want) - Counter(have), Counter(have) - Counter(want)
        unknown = [each for each in more if each not in want]
        for rule, them in (("lost", list(lost)), ("unknown", unknown)):
            if them:
                yield Violation(rule=rule, what=f"{topic} {name}: {them[:3]}", timestamp=last)
        doubled = {each: n for each, n in more.items() if each not in unknown}
        if doubled:
            times = [at for what, at in found[name] if what in doubled]
            yield Violation(rule="doubled", what=f"{topic} {name}: {doubled}", timestamp=times[-1])
        if not lost and not more:
            yield Violation(rule="order", what=f"{topic} {name}: {have} instead of {want}", timestamp=last)
