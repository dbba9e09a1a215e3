"""MinHash signatures: two of them agree in about the share of shingles that their texts have in common."""

import re
from collections.abc import Iterator, Sequence
from hashlib import blake2b

__all__ = ["BANDS", "ROWS", "band_keys", "signature", "similarity"]

BANDS, ROWS = 16, 4
"""Bands of a signature, and numbers of a band. A pair with similarity s has a band in common with the probability
1 - (1 - s^4)^16: 0.99 for 0.7, and 0.12 for 0.3."""

SHINGLE_WORDS = 3
"""A shingle is this many words in a row."""

MIN_SHINGLES = 8
"""A text with fewer shingles has no signature: short texts are alike by chance."""

PRIME = 2**61 - 1
"""The modulus of the hash functions; a Mersenne prime above all their arguments."""


def signature(text: str) -> tuple[int, ...]:
    """Return the signature of a text, or nothing if it is too short. It is the same in every process."""
    shingles = set(_shingles(text))
    if len(shingles) < MIN_SHINGLES:
        return ()
    return tuple(min((a * each + b) % PRIME for each in shingles) & 0xFFFFFFFF for a, b in FUNCTIONS)


def band_keys(numbers: Sequence[int]) -> list[str]:
    """Return the key of each band of a signature, in the order of the bands."""
    return [
        f"{band}-{_hash(repr(tuple(numbers[band * ROWS : (band + 1) * ROWS])).encode()):015x}"
        for band in range(len(numbers) // ROWS)
    ]


def similarity(one: Sequence[int], other: Sequence[int]) -> float:
    """Return the share of the numbers in which two signatures agree."""
    return sum(a == b for a, b in zip(one, other, strict=True)) / len(one)


def _shingles(text: str) -> Iterator[int]:
    words = re.findall(r"\w+", text.casefold())
    for begin in range(len(words) - SHINGLE_WORDS + 1):
        yield _hash(" ".join(words[begin : begin + SHINGLE_WORDS]).encode())


def _hash(data: bytes) -> int:
    # Python's own hash differs in every process.
    return int.from_bytes(blake2b(data, digest_size=8).digest(), "big") % PRIME


FUNCTIONS = tuple((_hash(b"a%d" % n) or 1, _hash(b"b%d" % n)) for n in range(BANDS * ROWS))
"""The hash functions x -> (a x + b) mod PRIME."""
