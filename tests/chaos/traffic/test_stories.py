"""The record of what a feed served, and when a version may be replaced."""

import itertools
import random

from chaos.traffic.digests import POISON
from chaos.traffic.stories import FeedBook


def test_a_version_is_replaced_only_after_a_request_has_confirmed_it() -> None:
    book = FeedBook("a", random.Random(1))
    for _ in range(30):
        book.change()
    assert all(len(texts) == 1 for _, texts in book.versions()), "no version is confirmed yet"
    assert len(set(book.shown)) == len(book.items), "no item may leave the document"

    for _ in range(30):
        book.asked(book.etag)
        book.change()
    assert any(len(texts) > 1 for _, texts in book.versions())
    assert len(set(book.shown)) < len(book.items)


def test_each_version_differs_from_the_one_before_it() -> None:
    book = FeedBook("a", random.Random(2))
    for _ in range(200):
        book.asked(book.etag)
        book.change()
    for _, texts in book.versions():
        assert all(one != next_one for one, next_one in itertools.pairwise(texts))
    assert any(len(set(texts)) < len(texts) for _, texts in book.versions()), "some return to an earlier text"


def test_a_document_is_confirmed_by_a_request_with_its_validator() -> None:
    book = FeedBook("a", random.Random(3))
    earlier = book.etag
    book.change()
    assert not book.asked(None)
    assert not book.asked(earlier)
    assert not book.finished
    assert book.asked(book.etag)
    assert book.finished


def test_a_poisoned_item_is_never_corrected() -> None:
    book = FeedBook("a", random.Random(4))
    text = book.poison()
    for _ in range(200):
        book.asked(book.etag)
        book.change()
    assert POISON in text
    assert [text] in [texts for _, texts in book.versions()]
