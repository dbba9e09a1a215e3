"""Recognises texts that speak to their reader, as walls and error pages do and news do not."""

import re

__all__ = ["speaks_to_reader"]

READER = re.compile(
    r"\b(?:you|your|we|our|us|please|try|looks like|bitte|"
    r"Sie|Ihnen|Ihre[mnrs]?|[Ww]ir|[Uu]ns|[Uu]nsere?[mnrs]?|[Dd]u|[Dd]eine?[mnr]?|"
    r"vous|votre|vos|nous|notre|nos|veuillez|j'accepte|je|"
    r"tu|tus|usted|su privacidad|tuyo|nosotros|nuestr[oa]s?|por favor|puedes|vuelve|suscríbete|"
    r"tuo|tua|tuoi|tue|noi|nostr[oiae]|stai|puoi|torna|inserisci|abbonati|hai|ti|"
    r"je|jouw|jij|wij|we|ons|onze|uw|klik|"
    r"my|nasi|nasz\w*|twoj\w*|twój|ciebie|masz|prosimy|państw\w*|"
    r"nós|nossos?|sua|seu|você|pode|aceite|"
    r"vi|våra|vår|vårt|vores|våre|du|din|ditt|deg|dig|sig|"
    r"me|kumppanimme|voit|\w+(?:si|mme)|"
    r"my|naši|váš|vašeho|vaše|můžete|prosím|"
    r"εμείς|μας|σας|σου|"
    r"ми|наші|ваш\w*|ви|нас|будь ласка|пожалуйста|"
    r"mi|ön|önnek|kérjük|noi|noștri|ta|tale)\b|[a-zà-ž]+(?:ez-vous|tevi)\b",
    re.I,
)
"""Pronouns and phrases of the first and second person."""

CASED = re.compile(r"\b(?:Sie|Ihnen|Ihre[mnrs]?)\b")
"""German words that speak to the reader in upper case alone."""

UNCASED = frozenset({"sie", "ihnen", "ihre", "ihrem", "ihren", "ihrer", "ihres"})

SENTENCE = re.compile(r"(?<=[.!?…])\s+")

SHORT_CHARACTERS = 60
"""A shorter text is a label, whoever it speaks to."""


def speaks_to_reader(texts: list[str]) -> bool:
    """Return whether most of the sentences of a text are in the first or second person; short texts count as such."""
    if sum(map(len, texts)) < SHORT_CHARACTERS:
        return True
    sentences = [sentence for text in texts for sentence in SENTENCE.split(text) if len(sentence) > 15]
    speaking = sum(1 for sentence in sentences if _speaks(sentence))
    return 2 * speaking > len(sentences)


def _speaks(sentence: str) -> bool:
    words = READER.findall(sentence)
    return any(word.lower() not in UNCASED for word in words) or CASED.search(sentence[1:]) is not None
