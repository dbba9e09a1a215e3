-- Dates by the time that they cover, and entities by their entry in a knowledge base.
-- The column is generated, so that the rows of replicas that do not know it have it, too.

ALTER TABLE dates ADD COLUMN during tstzrange GENERATED ALWAYS AS (
    CASE WHEN starts IS NULL AND ends IS NULL THEN NULL ELSE tstzrange(starts, ends) END
) STORED;

CREATE INDEX dates_during ON dates USING gist (during);
CREATE INDEX links_target ON links (target, scheme);
CREATE INDEX entities_entity_id ON entities (entity_id, published);
