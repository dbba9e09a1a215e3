"""Phrases that teasers, notices, bylines and times of publication begin with."""

from __future__ import annotations

import re

__all__ = ["is_byline", "is_moment", "is_notice", "is_teaser"]

THINGS = "(articles?|stories|story|posts?|news|topics?|content|reading|coverage|links?)"
PLATFORMS = "(twitter|facebook|instagram|x|linkedin|telegram|google|whatsapp|youtube|tiktok|threads|bluesky)"

TEASERS = (
    r"(read|see|watch|find out|discover|find) (more|also|next|now|this|here)\b.{0,140}$",
    r"learn more\b.{0,100}$",
    r"(also|must) (read|see|watch)\b",
    rf"(related|recommended|trending)( {THINGS})?\s*([:|–-]|$)",
    r"more (from|on)\b.{0,60}$",
    r"more (stories|news|like this)\b.{0,60}$",
    r"(don'?t|do not|don’t) miss\b.{0,120}$",
    r"you (may|might) also (like|be interested|enjoy)\b",
    r"click here\b.{0,120}$",
    r"(continue|keep) reading\b",
    r"(story|article) continues (below|after)",
    r"advertise?ment$",
    r"(lesen sie|lies|lesen) (auch|hier|mehr|dazu|jetzt)\b",
    r"mehr (zum thema|dazu|lesen)\b",
    r"(das könnte|auch) (sie|dich) (auch )?interessieren",
    r"zum artikel\b",
    r"(lire|voir|à lire|a lire) (aussi|également)\b",
    r"à lire\b",
    r"(lea|lee|leer) (también|más|tambien)\b",
    r"(te|le) puede interesar",
    r"(leia|veja|saiba) (também|mais)\b",
    r"(leggi|vedi) anche\b",
    r"lees (ook|meer)\b",
    r"czytaj (też|także|również)\b",
    r"läs (också|mer|även)\b",
    r"læs også\b",
    r"les også\b",
)
"""Beginnings of short blocks that lead to other pages."""

NOTICES = (
    r"(sign|signing) up (to|for)\b",
    r"subscribe\b",
    r"(join|get) our (free )?(daily|weekly|newsletter|mailing|telegram|whatsapp|facebook|community)",
    r"get (the|our|all the) (latest|top|best|day[’']?s)\b.{0,80}(inbox|email|newsletter|app|alerts?|updates)",
    rf"(follow|like|find|join|connect with) (us|me|him|her|@?\w+( \w+)?) (on|at|via) {PLATFORMS}\b",
    r"(download|get) (the|our) .{0,40}\bapp\b",
    r"check out more of\b.{0,140}\bnewsletters?\b",
    r"(all rights reserved|copyright (©|\(c\)|(19|20)\d\d)|©|\(c\) \d{4})",
    r"(share|print|email|comments?|tweet|pin|save|like)( this( (article|story|post))?)?[:!]?$",
    r"(share|tweet) this\b",
    r"(tags?|topics?|filed under|categories|category|posted in|labels?|keywords)\s*:",
    r"filed under\b",
    r"(leave|post|write|add) (a|your) (comment|reply)",
    r"(\d+|no) comments?$",
    r"be the first to comment",
    r"this material may not be published",
    r"(the )?views expressed (here|in this|are)\b",
    r"(this|the) (article|story|post) (was |first |originally )+(appeared|published)",
    r"(have|got|do you have) (a|any) (news )?(tip|story|stories)\b",
    r"(send|email) (us|your)\b.{0,80}(tips?|news|story|stories|@)",
    r"if you (like|liked|enjoyed) this (article|story|post)",
    r"((please|(you )?need to) )?(enable|turn on) javascript",
    r"your email address will not",
    r"(photo|image|picture|photos|images|photograph|video)( credit| courtesy)?s?\s*(:|by\b|/)",
    r"(melden sie sich|jetzt) .{0,60}newsletter",
    r"newsletter (abonnieren|anmelden)",
    r"alle rechte vorbehalten",
    r"(s['’]inscrire|inscrivez-vous|abonnez-vous)\b",
    r"(suscríbete|suscribete|síguenos|siguenos)\b",
    r"tous droits réservés",
    r"todos los derechos",
    r"todos os direitos",
)
"""Beginnings of a publisher's notices."""

UPDATES = (
    "published|updated|posted|modified|created|last (updated|modified)|first published|date|stand|veröffentlicht|"
    "aktualisiert|publié|mis à jour|publicado|actualizado|pubblicato|aggiornato|gepubliceerd|bijgewerkt"
)
DAY = (
    r"(\w+,? )?(\d{1,2}(st|nd|rd|th)?\.? (de )?\w{3,10}\.?,? (de )?(19|20)\d\d|"
    r"\w{3,9}\.? \d{1,2}(st|nd|rd|th)?,? (19|20)\d\d|"
    r"(19|20)\d\d-\d\d-\d\d|\d{1,2}[./-]\d{1,2}[./-](\d\d|(19|20)\d\d))"
)
MOMENTS = (
    rf"({UPDATES})\b(?=.*\d).{{0,60}}$",
    rf"\W*{DAY}\b.{{0,40}}$",
    r"(\w+ ){0,2}\d{1,3} ?(min|mins|minutes?|minuten)[. -]*(read|lesezeit|de lecture|leestijd)$",
    r"(reading|read) time.{0,20}$",
    r"\d+ (hours?|days?|minutes?|mins?|weeks?|months?) ago$",
    r"\d{1,2}[:.]\d\d ?([ap]\.?m)?\.?(\s\w{2,5})?$",
)
NAME = r"[^\W\d_a-zß-ÿ][\w.'’-]*"
BYLINE = re.compile(
    r"((?i:written|posted|published|story|words|text|reported|edited|reporting) )?(?i:by|von|par|por|di|door|af|av):? "
    rf"{NAME}((,| and| und| et| y| e| en| de| van| von|,? &)? {NAME}){{0,7}}"
    rf"([, |·•–-]*| (?i:on|am|le|el) {DAY}.{{0,20}})$"
)
ROLE = re.compile(
    r"([\w&'’-]+ ){0,4}(staff|special|senior|chief|political|contributing) "
    r"(writer|reporter|correspondent|editor|columnist)$"
    r"|(staff )?(writer|reporter|correspondent)$",
    re.IGNORECASE,
)

TEASER = re.compile("|".join(TEASERS), re.IGNORECASE)
NOTICE = re.compile("|".join(NOTICES), re.IGNORECASE)
MOMENT = re.compile("|".join(MOMENTS), re.IGNORECASE)

LONGEST_TEASER, LONGEST_NOTICE, LONGEST_LABEL = 200, 400, 90


def is_teaser(text: str) -> bool:
    """Return whether a block leads to another page."""
    return len(text) <= LONGEST_TEASER and TEASER.match(text) is not None


def is_notice(text: str) -> bool:
    """Return whether a block speaks for the publisher: newsletters, accounts, rights, comments."""
    return len(text) <= LONGEST_NOTICE and NOTICE.match(text) is not None


def is_byline(text: str) -> bool:
    """Return whether a block is "By" and names, or the role of a writer."""
    return len(text) <= LONGEST_LABEL and (BYLINE.match(text) or ROLE.match(text)) is not None


def is_moment(text: str) -> bool:
    """Return whether a block is a date, a time, or the minutes that reading takes."""
    return len(text) <= LONGEST_LABEL and MOMENT.match(text) is not None
