"""The whole pipeline on topics of its own: feeds are polled, pages read and articles enriched by real services."""

import asyncio
import contextlib
import subprocess
import sys
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from xml.sax.saxutils import escape

from dateline.kafka.topics import ensure_topics
from dateline_schemas import EnrichedArticle
from dateline_schemas.topics import ARTICLES_ENRICHED
from support.ingest_lab import IngestLab
from support.pages_lab import PagesLab
from support.relay_lab import eventually

__all__ = ["PipelineLab", "a_pipeline_lab", "teasers"]


def teasers(links: Sequence[str], deleted: Sequence[str] = ()) -> bytes:
    """Return a feed with an item of two sentences for each link; its GUID is the link, its title the last part."""
    items = "".join(
        f"<item><title>{escape(link.rpartition('/')[2])}</title><link>{escape(link)}</link>"
        f"<guid isPermaLink='true'>{escape(link)}</guid><description>The council met on Tuesday…</description></item>"
        for link in links
    )
    stones = "".join(
        f"<at:deleted-entry xmlns:at='http://purl.org/atompub/tombstones/1.0' ref='{escape(link)}' "
        f"when='2026-06-28T10:00:00Z'/>"
        for link in deleted
    )
    return (
        f"<?xml version='1.0' encoding='utf-8'?><rss version='2.0'><channel><title>News</title>"
        f"<link>https://news.example</link>{items}{stones}</channel></rss>"
    ).encode()


@dataclass
class PipelineLab:
    """Services as processes, and readers of what comes out."""

    ingest: IngestLab
    pages: PagesLab
    folder: Path
    enrich: list["subprocess.Popen[bytes]"] = field(default_factory=list)

    def start_enrich(self) -> None:
        """Start the enrich service, which finds dates alone: it starts sooner without a model."""
        environment = {
            **self.pages.environment,
            "DATELINE_ENRICH__GROUP": f"{self.pages.name}.enrich",
            "DATELINE_ENRICH__ENRICHERS": "dates",
        }
        log = (self.folder / "enrich.log").open("wb")
        process = subprocess.Popen(
            [sys.executable, "-m", "dateline_enrich"], env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log
        )
        log.close()
        self.enrich.append(process)

    async def enriched(self) -> dict[str, list[EnrichedArticle]]:
        """Return the revisions of each article by the title of the first."""
        revisions: dict[str, list[EnrichedArticle]] = defaultdict(list)
        for record in await self.pages.records(ARTICLES_ENRICHED):
            article = EnrichedArticle.from_bytes(record.value or b"")
            revisions[article.id].append(article)
        return {found[0].article.title: found for found in revisions.values()}

    async def wait_enriched(
        self, what: str, is_there: Callable[[dict[str, list[EnrichedArticle]]], bool], seconds: float = 90.0
    ) -> dict[str, list[EnrichedArticle]]:
        """Wait until something is true of the revisions, and return them."""

        async def there() -> bool:
            return is_there(await self.enriched())

        await eventually(what, there, seconds)
        return await self.enriched()

    async def verb(self, *arguments: str) -> str:
        """Run a verb of `dateline` and return what it prints."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "dateline", *arguments),
            env=self.pages.environment,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        output, errors = await process.communicate()
        assert process.returncode == 0, errors.decode()
        return output.decode()

    async def close(self) -> None:
        for process in self.enrich:
            process.kill()
            process.wait(10)
        await self.ingest.close()
        await self.pages.close()


@contextlib.asynccontextmanager
async def a_pipeline_lab(servers: str, name: str, folder: Path) -> AsyncIterator[PipelineLab]:
    """Open a lab: its topics are created at the beginning, and its processes killed at the end."""
    lab = PipelineLab(IngestLab(servers, name, folder), PagesLab(servers, name, folder), folder)
    try:
        await lab.pages.create_topics()
        await lab.ingest.create_topics()
        await ensure_topics(lab.pages.kafka, [ARTICLES_ENRICHED])
        yield lab
    finally:
        await lab.close()
