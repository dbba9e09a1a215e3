"""Says how far the archives of a feed were read."""

from collections.abc import Iterator
from datetime import datetime

from dateline_schemas import Feed, FeedState
from dateline_web.address import without_credentials

from dateline_ingest.archives.walk import archives_of

__all__ = ["archive_facts"]


def archive_facts(feed: Feed, state: FeedState | None, now: datetime) -> Iterator[tuple[str, str]]:
    """Yield names and values; nothing if nobody asked for the archives."""
    archives, asked = archives_of(feed, state), feed.archives
    if archives is None or asked is None:
        return
    wish = "all of them" if asked.since is None else f"back to {asked.since:%Y-%m-%d %H:%M}"
    most = "" if asked.limit is None else f", at most {asked.limit:,} articles"
    if archives.ended is not None:
        what = f"ended at {archives.ended:%Y-%m-%d %H:%M:%S}: {archives.reason}"
    elif feed.paused:
        what = "wait because the feed is paused"
    elif archives.documents or archives.next is not None:
        what = f"next {without_credentials(archives.next or feed.url)}"
    else:
        what = "asked for; they are read after the next good poll"
    yield "archives", f"{what} ({wish}{most})"
    if archives.documents:
        documents = f"{archives.documents:,} document{'' if archives.documents == 1 else 's'}"
        counts = f"{documents} with {archives.items:,} items, {archives.published:,} sent on"
        yield "archives read", counts
    if archives.ended is None and archives.problem is not None:
        again = archives.next_request
        when = f", again at {again:%Y-%m-%d %H:%M:%S}" if again is not None and again > now else ""
        yield "archive failed", f"{archives.problem}{when}"
