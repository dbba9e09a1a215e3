"""A polite and guarded HTTP client for addresses from untrusted sources.

It connects only to public addresses, checked again after each redirect, and limits the bytes, the time and the
redirects of each request. It says what went wrong, and whose fault it is. It knows nothing of what it fetches.

- `WebClient` makes requests; `ClientOptions` holds its limits.
- `Fetched`, `Validators` and `Answer` are what requests return; `FetchError` is what they raise.
- `Hosts` spaces requests to the same host, and holds those to hosts that are in trouble or ask for it.
- `Connectivity` tells failures of hosts from those of this machine, which may be cut off from the network.
- `fetch_robots` reads what a site allows crawlers to fetch, `fetch_tdm` what it reserves from text and data mining.
- `read_sitemap` reads sitemaps as a stream.
- `freshness`, `retry_after` and `read_links` read headers.

A document is fetched, and fetched again only if it has changed:

    options = ClientOptions(user_agent="Example/1.0 (+https://example.org/bot)")
    async with WebClient.open(options) as client:
        first = await client.fetch("https://news.example/rss.xml")
        again = await client.fetch("https://news.example/rss.xml", first.validators)
        assert again.body is None or again.body != first.body

Any other request goes through the same guard and limits:

        answer = await client.request("POST", "https://hub.example/", data={"hub.mode": "subscribe"})
        print(answer.status, answer.headers.get("Retry-After"))
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dateline_web.address import host_of, web_address, without_credentials
    from dateline_web.answer import Answer, Fetched, Validators
    from dateline_web.client import WebClient
    from dateline_web.connectivity.monitor import Blame, Connectivity
    from dateline_web.connectivity.outcome import Outcome
    from dateline_web.errors import FetchError, InvalidAddressError, Trouble, WebError
    from dateline_web.exchange.refusal import challenge
    from dateline_web.headers.hints import Hint, freshness, retry_after
    from dateline_web.headers.link_header import HeaderLink, read_links
    from dateline_web.hosts import Hosts
    from dateline_web.options import ClientOptions
    from dateline_web.robots import RobotsPolicy, fetch_robots, robots_from
    from dateline_web.robots_directives import RobotsDirective, RobotsRules, header_directives, meta_directives
    from dateline_web.sitemaps.model import SitemapEntry, SitemapError, SitemapLimits, SitemapNews
    from dateline_web.sitemaps.reader import read_sitemap
    from dateline_web.tdm import TdmPolicy, fetch_tdm, tdm_from, tdm_reservation

__all__ = [
    "Answer",
    "Blame",
    "ClientOptions",
    "Connectivity",
    "FetchError",
    "Fetched",
    "HeaderLink",
    "Hint",
    "Hosts",
    "InvalidAddressError",
    "Outcome",
    "RobotsDirective",
    "RobotsPolicy",
    "RobotsRules",
    "SitemapEntry",
    "SitemapError",
    "SitemapLimits",
    "SitemapNews",
    "TdmPolicy",
    "Trouble",
    "Validators",
    "WebClient",
    "WebError",
    "challenge",
    "fetch_robots",
    "fetch_tdm",
    "freshness",
    "header_directives",
    "host_of",
    "meta_directives",
    "read_links",
    "read_sitemap",
    "retry_after",
    "robots_from",
    "tdm_from",
    "tdm_reservation",
    "web_address",
    "without_credentials",
]

MODULES = {
    "Answer": "dateline_web.answer",
    "Blame": "dateline_web.connectivity.monitor",
    "ClientOptions": "dateline_web.options",
    "Connectivity": "dateline_web.connectivity.monitor",
    "FetchError": "dateline_web.errors",
    "Fetched": "dateline_web.answer",
    "Hint": "dateline_web.headers.hints",
    "Hosts": "dateline_web.hosts",
    "InvalidAddressError": "dateline_web.errors",
    "HeaderLink": "dateline_web.headers.link_header",
    "Outcome": "dateline_web.connectivity.outcome",
    "RobotsPolicy": "dateline_web.robots",
    "SitemapEntry": "dateline_web.sitemaps.model",
    "SitemapError": "dateline_web.sitemaps.model",
    "SitemapLimits": "dateline_web.sitemaps.model",
    "SitemapNews": "dateline_web.sitemaps.model",
    "RobotsDirective": "dateline_web.robots_directives",
    "RobotsRules": "dateline_web.robots_directives",
    "TdmPolicy": "dateline_web.tdm",
    "Trouble": "dateline_web.errors",
    "Validators": "dateline_web.answer",
    "WebClient": "dateline_web.client",
    "WebError": "dateline_web.errors",
    "challenge": "dateline_web.exchange.refusal",
    "fetch_robots": "dateline_web.robots",
    "fetch_tdm": "dateline_web.tdm",
    "freshness": "dateline_web.headers.hints",
    "header_directives": "dateline_web.robots_directives",
    "host_of": "dateline_web.address",
    "meta_directives": "dateline_web.robots_directives",
    "read_links": "dateline_web.headers.link_header",
    "read_sitemap": "dateline_web.sitemaps.reader",
    "retry_after": "dateline_web.headers.hints",
    "robots_from": "dateline_web.robots",
    "tdm_from": "dateline_web.tdm",
    "tdm_reservation": "dateline_web.tdm",
    "web_address": "dateline_web.address",
    "without_credentials": "dateline_web.address",
}
"""Where each public name is defined; it is imported on first use, because aiohttp takes long to load."""


def __getattr__(name: str) -> object:
    if name not in MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(MODULES[name]), name)
