-- The latest revision of each article, all revisions, and what the latest revision names.
-- Times are UTC as datetime() returns them, 2024-07-04 12:00:00, with milliseconds where there are any.
-- Lists and objects are JSON.

CREATE TABLE dateline_positions (
    group_name TEXT NOT NULL,
    topic TEXT NOT NULL,
    "partition" INTEGER NOT NULL,
    cluster_id TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    next_offset INTEGER,
    owner TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    PRIMARY KEY (group_name, topic, "partition")
) STRICT, WITHOUT ROWID;

CREATE TABLE articles (
    -- The number that other tables of SQLite need; VACUUM keeps it.
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    revised_at TEXT NOT NULL,
    revision INTEGER NOT NULL,
    url TEXT,
    canonical_url TEXT,
    title TEXT NOT NULL,
    summary TEXT,
    body TEXT NOT NULL,
    authors TEXT NOT NULL,
    categories TEXT NOT NULL,
    language TEXT,
    source_kind TEXT NOT NULL,
    source_uri TEXT NOT NULL,
    source_name TEXT,
    published TEXT,
    published_precision TEXT,
    updated TEXT,
    observed TEXT NOT NULL,
    fetched TEXT NOT NULL,
    text_from TEXT,
    paywalled INTEGER,
    retracted TEXT,
    via TEXT,
    content_hash TEXT NOT NULL
) STRICT;

CREATE TABLE revisions (
    article_id TEXT NOT NULL,
    revised_at TEXT NOT NULL,
    revision INTEGER NOT NULL,
    title TEXT NOT NULL,
    summary TEXT,
    body TEXT NOT NULL,
    content_hash TEXT NOT NULL,
    retracted TEXT,
    published TEXT,
    updated TEXT,
    PRIMARY KEY (article_id, revised_at)
) STRICT;

CREATE TABLE entities (
    article_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    entity_id TEXT NOT NULL,
    type TEXT NOT NULL,
    name TEXT NOT NULL,
    titles TEXT NOT NULL,
    salience REAL,
    confidence REAL,
    mentions INTEGER NOT NULL,
    -- The article's, for the index on both.
    published TEXT,
    PRIMARY KEY (article_id, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE mentions (
    article_id TEXT NOT NULL,
    entity INTEGER NOT NULL,
    number INTEGER NOT NULL,
    field TEXT NOT NULL,
    start_at INTEGER NOT NULL,
    end_at INTEGER NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (article_id, entity, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE links (
    article_id TEXT NOT NULL,
    entity INTEGER NOT NULL,
    scheme TEXT NOT NULL,
    target TEXT NOT NULL,
    confidence REAL,
    reason TEXT,
    rank INTEGER NOT NULL,
    PRIMARY KEY (article_id, entity, rank)
) STRICT, WITHOUT ROWID;

CREATE TABLE dates (
    article_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    field TEXT NOT NULL,
    start_at INTEGER NOT NULL,
    end_at INTEGER NOT NULL,
    text TEXT NOT NULL,
    type TEXT NOT NULL,
    value TEXT NOT NULL,
    mod TEXT,
    confidence REAL,
    -- The interval that the expression covers, the end excluded; both are null if there is none.
    -- An open side is the first or the last instant that SQLite's functions know.
    starts TEXT,
    ends TEXT,
    PRIMARY KEY (article_id, number)
) STRICT, WITHOUT ROWID;

CREATE INDEX articles_published ON articles (published);
CREATE INDEX articles_source ON articles (source_uri, published);
CREATE INDEX articles_revised_at ON articles (revised_at);
CREATE INDEX revisions_retracted ON revisions (article_id) WHERE retracted IS NOT NULL;
CREATE INDEX entities_name ON entities (name, published);
CREATE INDEX entities_entity_id ON entities (entity_id, published);
CREATE INDEX dates_starts ON dates (starts, ends);

-- An article that is deleted takes everything along that belongs to it, whoever deletes it.
CREATE TRIGGER articles_deleted AFTER DELETE ON articles BEGIN
    DELETE FROM revisions WHERE article_id = old.id;
    DELETE FROM entities WHERE article_id = old.id;
    DELETE FROM mentions WHERE article_id = old.id;
    DELETE FROM links WHERE article_id = old.id;
    DELETE FROM dates WHERE article_id = old.id;
END;
