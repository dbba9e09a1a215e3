"""The OpenSearch sink: articles in an index, each replaced only by a later revision."""
