"""The settings of pages."""

import json
import re
from typing import Annotated, Any, ClassVar

from dateline.service.heartbeat import distribution_version
from dateline.settings.http_client import HttpClientSection, list_parts
from dateline_schemas import site_key
from dateline_web.options import ClientOptions
from pydantic import BeforeValidator, Field, SecretStr, field_validator
from pydantic_settings import NoDecode, SettingsConfigDict

from dateline_pages.sites.limits import SiteLimits

__all__ = ["PagesSettings"]

MIB = 1024 * 1024
"""Bytes of a mebibyte."""

ACCEPT = "text/html, application/xhtml+xml, application/xml;q=0.5, */*;q=0.1"
"""The `Accept` header of requests for pages."""

CLIENT_SETTINGS = {
    "max_body_bytes": "max_page_bytes",
    "max_header_bytes": "max_header_bytes",
    "allowed_networks": "allow_networks",
}
"""Options of the HTTP client that its error messages mention, and the settings that they come from."""

UNITS_SECONDS = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86_400.0}
"""The units of ages and their lengths."""

AGE = re.compile(r"(\d+(?:\.\d+)?)\s*([smhd])")
HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
HEADER_VALUE = re.compile(r"[\x20-\x7e]*")


def _ages(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    matches = [AGE.fullmatch(part) for part in list_parts(value)]
    if not all(matches):
        raise ValueError("write ages like 1h,6h,1d")
    ages = [float(match[1]) * UNITS_SECONDS[match[2]] for match in matches if match is not None]
    return tuple(sorted(set(ages)))


def _sites(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    sites = []
    for part in list_parts(value):
        site = site_key(part if "//" in part else f"https://{part}")
        if site is None:
            raise ValueError(f"{part!r} is not a site; write sites like example.org, separated by commas")
        sites.append(site)
    return frozenset(sites)


class PagesSettings(HttpClientSection):
    """How the pages of articles are read, and how politely."""

    model_config = SettingsConfigDict(env_prefix="DATELINE_PAGES__")
    role: ClassVar[str] = "news reader"

    group: str = Field(
        default="pages",
        pattern=r"^[A-Za-z0-9._-]{1,200}$",
        description="Consumer group whose members share the sites. Pipelines that share a Kafka need different groups.",
    )
    pause_seconds: float = Field(
        default=5.0,
        gt=0,
        description="Pause between two requests to a site; a longer `Crawl-delay` of its robots.txt takes precedence.",
    )
    max_pause_seconds: float = Field(
        default=600.0, ge=1, description="Longest pause between two requests that a site's `Crawl-delay` can ask for."
    )
    deadline_seconds: float = Field(
        default=120.0,
        ge=0,
        description="Time that an article waits for its page, in addition to the pauses of the pages before it; after "
        "that it is published with its feed's text, and the page's text becomes the next revision.",
    )
    max_deadline_seconds: float = Field(
        default=3600.0, ge=0, description="Longest time that an article waits for its page."
    )
    recheck: Annotated[tuple[float, ...], NoDecode, BeforeValidator(_ages)] = Field(
        default=(),
        description="Ages at which the page of an article is read again, such as 1h,6h,1d; changed text becomes a new "
        "revision. Unset, pages are read once.",
    )
    obey_reservations: bool = Field(
        default=True,
        description="Whether pages are left out whose publisher reserves text and data mining (TDMRep).",
    )
    allow_sites: Annotated[frozenset[str], NoDecode, BeforeValidator(_sites)] = Field(
        default=frozenset(),
        description="The only sites whose pages are read, such as example.org, separated by commas; unset for all.",
    )
    deny_sites: Annotated[frozenset[str], NoDecode, BeforeValidator(_sites)] = Field(
        default=frozenset(), description="Sites whose pages are never read, separated by commas."
    )
    site_headers: SecretStr | None = Field(
        default=None,
        description="Headers and cookies for sites that one has a contract with, as JSON: "
        '{"example.org": {"Cookie": "session=..."}}. They are sent only to their own site, only over https (or to this '
        "machine), and not to an address that another site redirects to.",
    )
    concurrent_pages: int = Field(
        default=64, ge=1, le=2000, description="Number of pages that are fetched at the same time, of different sites."
    )
    readers: int = Field(
        default=2, ge=1, le=256, description="Number of processes that extract the text of pages at the same time."
    )
    read_timeout_seconds: float = Field(
        default=5.0, gt=0, description="A page whose extraction takes longer is given up."
    )
    read_memory_bytes: int = Field(
        default=300 * MIB, ge=32 * MIB, description="A page whose extraction needs more memory is given up."
    )
    max_site_requests: int = Field(
        default=2000,
        ge=1,
        description="Number of articles that wait for the pages of one site; others are published with their feeds' "
        "texts.",
    )
    max_site_bytes: int = Field(
        default=32 * MIB, ge=1024, description="Bytes of articles that wait for the pages of one site."
    )
    max_requests: int = Field(
        default=50_000, ge=1, description="Number of articles that wait for pages in one task (partition)."
    )
    max_bytes: int = Field(
        default=256 * MIB, ge=1024, description="Bytes of articles that wait for pages in one task (partition)."
    )
    backoff_max_seconds: float = Field(
        default=86_400.0, ge=1, description="Longest time that a site is left alone, and limit on Retry-After."
    )
    max_page_bytes: int = Field(
        default=10 * MIB, ge=1024, description="Limit on the size of a page, before and after decompression."
    )
    max_header_bytes: int = Field(
        default=64 * 1024, ge=1024, le=MIB, description="Limit on the size of an answer's header, all lines together."
    )
    user_agent: str = Field(
        default=f"Dateline/{distribution_version('dateline-pages')}",
        min_length=1,
        pattern=r"^[\x20-\x7e]+$",
        description="Name of the program that is sent to every server, and that its robots.txt may name; the contact "
        "is added to it.",
    )

    @property
    def client_options(self) -> ClientOptions:
        """The options of the HTTP client that pages are fetched with."""
        return ClientOptions(
            **self.client_values(CLIENT_SETTINGS),
            accept=ACCEPT,
            connections=self.concurrent_pages,
            connections_per_host=1,
            max_body_bytes=self.max_page_bytes,
            max_redirects=0,
        )

    @property
    def site_limits(self) -> SiteLimits:
        """The rules for sites."""
        return SiteLimits(
            pause_seconds=self.pause_seconds,
            max_pause_seconds=self.max_pause_seconds,
            deadline_seconds=self.deadline_seconds,
            max_deadline_seconds=self.max_deadline_seconds,
            backoff_max_seconds=self.backoff_max_seconds,
            max_site_requests=self.max_site_requests,
            max_site_bytes=self.max_site_bytes,
            max_requests=self.max_requests,
            max_bytes=self.max_bytes,
            recheck_seconds=self.recheck,
            obey_reservations=self.obey_reservations,
            agent=self.user_agent,
            allowed=self.allow_sites,
            denied=self.deny_sites,
        )

    @property
    def secret_headers(self) -> dict[str, dict[str, str]]:
        """The headers of sites that one has a contract with, by site."""
        return {} if self.site_headers is None else _headers(self.site_headers.get_secret_value())

    @field_validator("site_headers")
    @classmethod
    def _headers_are_valid(cls, headers: SecretStr | None) -> SecretStr | None:
        if headers is not None:
            _headers(headers.get_secret_value())
        return headers


def _headers(text: str) -> dict[str, dict[str, str]]:
    """Return the headers by site; error messages do not repeat values, which are secret."""
    try:
        found = json.loads(text)
    except ValueError:
        raise ValueError('it is not JSON; write it like {"example.org": {"Cookie": "session=..."}}') from None
    if not isinstance(found, dict):
        raise ValueError('write it like {"example.org": {"Cookie": "session=..."}}')
    headers: dict[str, dict[str, str]] = {}
    for name, own in found.items():
        site = site_key(name if "//" in name else f"https://{name}")
        if site is None or not isinstance(own, dict):
            raise ValueError("each site has an object of headers")
        for header, value in own.items():
            if not HEADER_NAME.fullmatch(header) or not isinstance(value, str) or not HEADER_VALUE.fullmatch(value):
                raise ValueError(f"a header of {site} is not valid")
        headers[site] = own
    return headers
