"""Every metric that a service counts or measures itself; the status service adds what it sees from outside."""

from dateline.figures.metric import Metric

__all__ = [
    "ARTICLES",
    "BATCH_RECORDS",
    "COMMIT_SECONDS",
    "ENRICHER_SECONDS",
    "FAILED_COMMITS",
    "FETCHED_BYTES",
    "ITEMS",
    "KAFKA_ANSWERS",
    "METRICS",
    "OUTPUTS",
    "PAGES",
    "PAGE_SECONDS",
    "POLLS",
    "POLL_SECONDS",
    "PUSHES",
    "REBALANCES",
    "RECORDS",
    "RESTORE_SECONDS",
    "RETRIES",
    "SEEN_DEAD_LETTERS",
    "SEEN_LAG",
    "SINCE_FETCH",
    "SINCE_PUBLICATION",
    "SINK_RETRIES",
    "SINK_ROWS",
    "SINK_WRITE_SECONDS",
    "WORK_SECONDS",
]

FAST = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
"""Bounds, in seconds, for work inside a process and requests to a broker or a server."""

SLOW = (0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0, 900.0, 3600.0, 14400.0, 86400.0)
"""Bounds, in seconds, for the way of an article through the pipeline."""

COUNTS = (1.0, 2.0, 5.0, 10.0, 25.0, 50.0, 100.0, 250.0, 500.0, 1000.0)
"""Bounds for numbers of records."""

# Every stage and consumer.

RECORDS = Metric(
    name="dateline_records_total",
    kind="counter",
    text="Records that a group has processed, by outcome.",
    labels=("group", "outcome"),
    values={"outcome": ("processed", "dead_letter")},
)
OUTPUTS = Metric(
    name="dateline_outputs_total",
    kind="counter",
    text="Records that a group has written, by topic without prefix; state and dead letters are not counted.",
    labels=("group", "topic"),
)
BATCH_RECORDS = Metric(
    name="dateline_batch_records",
    kind="histogram",
    text="Records in a transaction.",
    labels=("group",),
    bounds=COUNTS,
)
COMMIT_SECONDS = Metric(
    name="dateline_commit_seconds",
    kind="histogram",
    text="Time that a transaction took, from its begin to its commit.",
    labels=("group",),
    bounds=FAST,
)
WORK_SECONDS = Metric(
    name="dateline_work_seconds",
    kind="histogram",
    text="Time that a consumer's function took for one record or one batch.",
    labels=("group",),
    bounds=FAST,
)
RETRIES = Metric(
    name="dateline_retries_total",
    kind="counter",
    text="Further attempts at a record or batch after a transient error.",
    labels=("group",),
)
FAILED_COMMITS = Metric(
    name="dateline_failed_commits_total",
    kind="counter",
    text="Transactions that failed or were fenced; their records are processed again.",
    labels=("group",),
)
REBALANCES = Metric(
    name="dateline_rebalances_total",
    kind="counter",
    text="Assignments of partitions that an instance has got.",
    labels=("group",),
)
RESTORE_SECONDS = Metric(
    name="dateline_restore_seconds",
    kind="histogram",
    text="Time that restoring the state of a partition took.",
    labels=("group",),
    bounds=SLOW,
)

# Enrich.

ENRICHER_SECONDS = Metric(
    name="dateline_enricher_seconds",
    kind="histogram",
    text="Time that an enricher took for one article.",
    labels=("enricher",),
    bounds=FAST,
)
SINCE_PUBLICATION = Metric(
    name="dateline_since_publication_seconds",
    kind="histogram",
    text="Time from the publication of an article, by its own statement, until its first revision was enriched.",
    bounds=SLOW,
)
SINCE_FETCH = Metric(
    name="dateline_since_fetch_seconds",
    kind="histogram",
    text="Time from the poll, the push or the visit to a page that brought an article until it was enriched.",
    bounds=SLOW,
)

# Ingest and pages.

POLLS = Metric(
    name="dateline_polls_total",
    kind="counter",
    text="Polls of feeds by outcome: new items, nothing new, not modified (304), failed, gone, or held back.",
    labels=("outcome",),
    values={"outcome": ("new", "nothing_new", "not_modified", "failed", "gone", "held")},
)
POLL_SECONDS = Metric(
    name="dateline_poll_seconds",
    kind="histogram",
    text="Time that a poll took, from the request to its last byte.",
    bounds=FAST,
)
ITEMS = Metric(
    name="dateline_items_total",
    kind="counter",
    text="Items of polled documents: new, changed, known already, retracted, or unusable.",
    labels=("outcome",),
    values={"outcome": ("new", "changed", "known", "retracted", "unusable")},
)
ARTICLES = Metric(
    name="dateline_articles_total",
    kind="counter",
    text="Articles written to `articles.parsed`, by where they came from.",
    labels=("origin",),
    values={"origin": ("feed", "push", "page", "backfill")},
)
PUSHES = Metric(
    name="dateline_pushes_total",
    kind="counter",
    text="Requests that pushed articles or documents, by outcome.",
    labels=("kind", "outcome"),
    values={"kind": ("articles", "websub"), "outcome": ("accepted", "refused", "unavailable")},
)
FETCHED_BYTES = Metric(
    name="dateline_fetched_bytes_total",
    kind="counter",
    text="Bytes of response bodies as they came over the network.",
    labels=("kind",),
    values={"kind": ("feed", "archive", "page", "robots", "sitemap")},
)
PAGES = Metric(
    name="dateline_pages_total",
    kind="counter",
    text="Pages by outcome: read, without an article, refused by the site, forbidden by its rules, failed, or gone.",
    labels=("outcome",),
    values={"outcome": ("read", "no_article", "refused", "forbidden", "failed", "gone")},
)
PAGE_SECONDS = Metric(
    name="dateline_page_seconds",
    kind="histogram",
    text="Time that a visit to a page took, from the request to the article.",
    bounds=FAST,
)

# Sinks.

SINK_ROWS = Metric(
    name="dateline_sink_rows_total",
    kind="counter",
    text="Records that a sink has written to its target.",
    labels=("group", "kind"),
)
SINK_WRITE_SECONDS = Metric(
    name="dateline_sink_write_seconds",
    kind="histogram",
    text="Time that a sink took to write one batch.",
    labels=("group", "kind"),
    bounds=FAST,
)
SINK_RETRIES = Metric(
    name="dateline_sink_retries_total",
    kind="counter",
    text="Times that a sink was opened again because its target failed or did not answer.",
    labels=("group", "kind"),
)

# The status service, about the pipeline as a whole, so that a restarted one knows what was seen.

SEEN_LAG = Metric(
    name="dateline_seen_lag_records",
    kind="gauge",
    text="Records that a group had yet to process, as the status service saw it.",
    labels=("group",),
)
SEEN_DEAD_LETTERS = Metric(
    name="dateline_seen_dead_letters",
    kind="gauge",
    text="Dead letters that were not replayed, as the status service saw it.",
)
KAFKA_ANSWERS = Metric(
    name="dateline_seen_kafka",
    kind="gauge",
    text="Whether Kafka answered the status service: 1 or 0.",
)

METRICS: tuple[Metric, ...] = (
    RECORDS,
    OUTPUTS,
    BATCH_RECORDS,
    COMMIT_SECONDS,
    WORK_SECONDS,
    RETRIES,
    FAILED_COMMITS,
    REBALANCES,
    RESTORE_SECONDS,
    ENRICHER_SECONDS,
    SINCE_PUBLICATION,
    SINCE_FETCH,
    POLLS,
    POLL_SECONDS,
    ITEMS,
    ARTICLES,
    PUSHES,
    FETCHED_BYTES,
    PAGES,
    PAGE_SECONDS,
    SINK_ROWS,
    SINK_WRITE_SECONDS,
    SINK_RETRIES,
    SEEN_LAG,
    SEEN_DEAD_LETTERS,
    KAFKA_ANSWERS,
)
"""All of them; where a record of `figures` is too large, the last are left out first."""
