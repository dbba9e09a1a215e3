-- The latest revision of each article, all revisions, and what the latest revision names.
-- Keys compare byte by byte (COLLATE "C"), which is faster than the rules of a language.
-- There are no foreign keys: the sink writes and deletes what belongs together in one transaction.

CREATE TABLE dateline_positions (
    group_name text NOT NULL,
    topic text NOT NULL,
    "partition" integer NOT NULL,
    cluster_id text NOT NULL,
    epoch bigint NOT NULL,
    next_offset bigint,
    owner text NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (group_name, topic, "partition")
) WITH (fillfactor = 50);

CREATE TABLE articles (
    id text COLLATE "C" PRIMARY KEY,
    revised_at timestamptz NOT NULL,
    revision integer NOT NULL,
    url text,
    canonical_url text,
    title text NOT NULL,
    summary text,
    body text NOT NULL,
    authors text[] NOT NULL,
    categories text[] NOT NULL,
    language text,
    source_kind text NOT NULL,
    source_uri text NOT NULL,
    source_name text,
    published timestamptz,
    published_precision text,
    updated timestamptz,
    observed timestamptz NOT NULL,
    fetched timestamptz NOT NULL,
    text_from text,
    paywalled boolean,
    retracted timestamptz,
    via text,
    content_hash text NOT NULL,
    annotations jsonb NOT NULL
) WITH (fillfactor = 90);

CREATE INDEX articles_published ON articles (published);
CREATE INDEX articles_source ON articles (source_uri, published);
-- A few kilobytes, which is enough to find what has expired.
CREATE INDEX articles_revised_at ON articles USING brin (revised_at) WITH (pages_per_range = 32, autosummarize = on);

CREATE TABLE revisions (
    article_id text COLLATE "C" NOT NULL,
    revised_at timestamptz NOT NULL,
    revision integer NOT NULL,
    title text NOT NULL,
    summary text,
    body text NOT NULL,
    content_hash text NOT NULL,
    retracted timestamptz,
    published timestamptz,
    updated timestamptz,
    PRIMARY KEY (article_id, revised_at)
);

CREATE INDEX revisions_retracted ON revisions (article_id) WHERE retracted IS NOT NULL;

CREATE TABLE entities (
    article_id text COLLATE "C" NOT NULL,
    number integer NOT NULL,
    entity_id text NOT NULL,
    type text NOT NULL,
    name text NOT NULL,
    titles text[] NOT NULL,
    salience double precision,
    confidence double precision,
    mentions integer NOT NULL,
    -- The article's, for the index on both.
    published timestamptz,
    PRIMARY KEY (article_id, number)
);

CREATE INDEX entities_name ON entities (name, published);

CREATE TABLE mentions (
    article_id text COLLATE "C" NOT NULL,
    entity integer NOT NULL,
    field text NOT NULL,
    start_at integer NOT NULL,
    end_at integer NOT NULL,
    text text NOT NULL
);

CREATE INDEX mentions_article ON mentions (article_id);

CREATE TABLE links (
    article_id text COLLATE "C" NOT NULL,
    entity integer NOT NULL,
    scheme text NOT NULL,
    target text NOT NULL,
    confidence double precision,
    reason text,
    rank integer NOT NULL,
    PRIMARY KEY (article_id, entity, rank)
);

CREATE TABLE dates (
    article_id text COLLATE "C" NOT NULL,
    number integer NOT NULL,
    field text NOT NULL,
    start_at integer NOT NULL,
    end_at integer NOT NULL,
    text text NOT NULL,
    type text NOT NULL,
    value text NOT NULL,
    mod text,
    confidence double precision,
    -- The half-open interval; null is an open side, and both are null if there is no interval.
    starts timestamptz,
    ends timestamptz,
    PRIMARY KEY (article_id, number)
);
