"""Finds the dates, times, durations and sets of times in a text and resolves them to TIMEX3 values."""

from dateline_enrich.dates.tagger import TAGGER_VERSION, DateTagger, tag
from dateline_enrich.dates.timex import Timex

__all__ = ["TAGGER_VERSION", "DateTagger", "Timex", "tag"]
