"""A tagger of temporal expressions after TIMEX3: dates, times, durations and sets, found and resolved."""

from dateline_enrich.dates.tagger import TAGGER_VERSION, DateTagger, tag
from dateline_enrich.dates.timex import Timex

__all__ = ["TAGGER_VERSION", "DateTagger", "Timex", "tag"]
