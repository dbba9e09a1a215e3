"""Remembers which articles were handed over to other sites, so that what ends their wait follows them."""

from dateline_schemas.records.site_memory import HandedArticles

__all__ = ["HandedOver"]

MAX_ARTICLES = 200
"""At most this many articles of a site are remembered; the oldest are forgotten."""


class HandedOver(HandedArticles):
    """The articles of a site whose pages redirect to other sites."""

    def with_article(self, article: str, site: str) -> "HandedOver":
        """Return what is remembered after one more article was handed over."""
        sites = {**{name: each for name, each in self.sites.items() if name != article}, article: site}
        return HandedOver(sites=dict([*sites.items()][-MAX_ARTICLES:]))
