"""Ids of articles and feeds, the same in every run and on every machine."""

from hashlib import sha256
from uuid import UUID, uuid5

from dateline_schemas.url import canonical_url, canonical_web_url

__all__ = ["ARTICLE_NAMESPACE", "article_id", "content_hash", "feed_key"]

ARTICLE_NAMESPACE = UUID("e667fdad-c368-4e85-aae4-497a49baaeb1")
"""Namespace of article ids (UUIDv5, RFC 9562); it never changes."""


def article_id(*, url: str | None, source_uri: str, guid: str | None, content_hash: str, link_is_unique: bool) -> str:
    """Return the id of an article.

    Args:
        url: address of the article.
        source_uri: feed, file or sender that it comes from.
        guid: id that the source gives it, unique within the source only.
        content_hash: hash of its content.
        link_is_unique: whether the link identifies the article; False if it repeats within the document or equals
            the feed's own site.

    Returns:
        the UUIDv5 of the canonical URL if that identifies the article, else of source and GUID, else of the content.
    """
    canonical = canonical_web_url(url) if url and link_is_unique else None
    if canonical is not None:
        name = f"url\n{canonical}"
    elif guid and guid.strip():
        name = f"guid\n{canonical_url(source_uri)}\n{guid.strip()}"
    else:
        name = f"content\n{content_hash}"
    return str(uuid5(ARTICLE_NAMESPACE, name.encode("utf-8", "surrogatepass").decode("utf-8", "replace")))


def content_hash(title: str, body: str) -> str:
    """Return the hash of title and body, with each run of white space replaced by one space.

    Returns:
        SHA-256 in hexadecimal digits.
    """
    # The normalised parts contain no line break, so it separates them unambiguously.
    text = "\n".join(" ".join(part.split()) for part in (title, body))
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def feed_key(url: str) -> str:
    """Return the key of a feed in `feeds` and `feed-state`: 32 hexadecimal digits of the hash of its canonical URL."""
    return sha256(canonical_url(url).encode("utf-8", "surrogatepass")).hexdigest()[:32]
