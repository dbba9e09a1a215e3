"""What the verbs about sites share: the registry of the settings, and the site that somebody names."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from dateline.pipeline.layout import TopicLayout
from dateline.service.process import prepare
from dateline.settings import KafkaSettings, RuntimeSettings

from dateline_pages.commands.sites.known_site import KnownSite
from dateline_pages.commands.sites.site_names import known_site_named, site_named
from dateline_pages.commands.sites.site_registry import SiteRegistry
from dateline_pages.settings import PagesSettings

__all__ = ["known_site", "open_registry"]


@asynccontextmanager
async def open_registry() -> AsyncIterator[tuple[SiteRegistry, PagesSettings]]:
    """Open the registry, and yield it with the settings of pages."""
    kafka, layout, _, settings = prepare("pages", KafkaSettings, TopicLayout, RuntimeSettings, PagesSettings)
    async with SiteRegistry.open(kafka, layout, settings.group) as registry:
        yield registry, settings


async def known_site(registry: SiteRegistry, text: str) -> KnownSite:
    """Return the site that a text names.

    Raises:
        DatelineError: no known site has this name, or more than one has it as a part of its name.
    """
    site = await registry.site(site_named(text))
    if site.is_known:
        return site
    # The names of all sites are read only if the text is not the name of one.
    return await registry.site(known_site_named(text, await registry.names()))
