"""The words around the names of authors."""

import re

__all__ = ["EAST_ASIAN_NAME", "EAST_ASIAN_ORGANIZATION", "GENERIC", "ORGANIZATION", "PARTICLES", "PREFIX", "ROLE"]

PARTICLES = frozenset(
    {
        "de", "del", "della", "di", "da", "do", "dos", "das", "du", "la", "le", "les", "el", "al", "bin", "bint",
        "ibn", "ben", "van", "von", "der", "den", "dem", "ter", "ten", "zu", "zur", "und", "y", "e", "af", "av",
        "st", "san", "santa", "mac", "mc", "o", "d'", "l'", "abu", "ap", "van't", "vom", "zum", "te", "los", "las",
        "ould",
    }
)  # fmt: skip
"""Words of names that may begin with a small letter."""

GENERIC = frozenset(
    {
        "staff", "admin", "administrator", "editor", "editors", "editorial", "redaktion", "redaktør", "redaktionen",
        "redactie", "redaktie", "redaction", "rédaction", "redacción", "redaccion", "redazione", "redação",
        "redacao", "newsroom", "newsdesk", "webmaster", "web", "desk", "news", "team", "author", "authors",
        "unknown", "anonymous", "anonyme", "anónimo", "null", "undefined", "none", "n/a", "na", "user", "guest",
        "contributor", "contributors", "writer", "reporter", "reporters", "correspondent", "correspondents",
        "agencies", "agency", "agencia", "agencias", "agentur", "agenturen", "agence", "agences", "various",
        "online", "digital", "wire", "wires", "press", "release", "contributed", "sponsored", "partner", "content",
        "root", "test", "editor-in-chief", "byline", "staff-writer",
    }
)  # fmt: skip
"""Words that name no author; a text of nothing but such words is left out."""

ORGANIZATION = re.compile(
    r"\b(?:staff|desk|team|news|newsroom|newsdesk|agency|agencies|agentur|agencia|agence|editorial|editors|redaktion\w*|"
    r"redactie|redaktie|r[eé]daction|redacci[oó]n|redazione|reda[cç][aã]o|bureau|media|medien|online|digital|network|"
    r"magazine|newspapers?|observer|chronicle|courier|examiner|inquirer|sentinel|bulletin|dispatch|journal|weekly|"
    r"times|herald|tribune|gazette|telegraph|guardian|associated press|press association|reuters|"
    r"afp|"
    r"a\.?p|u\.?p\.?i|d\.?p\.?a|ansa|efe|sid|epd|kna|apa|ots|bloomberg|agerpres|tass|xinhua|presse|zeitung|nachrichten|"
    r"radio|tv|television|channel|studios?|inc|ltd|llc|gmbh|ag|foundation|stiftung|institute?|university|universität|"
    r"association|committee|council|department|ministry|services?|wire|guest|sponsored|partners?|company|corp|"
    r"corporation|group|board|correspondents|reporters|contributors|writers|www|com|org|net|admin|administrator|"
    r"press|bbc|cnn|npr|cbs|nbc|abc|zdf|ard|wdr|ndr|mdr|pti|ians|ani)\b|nast$",
    re.IGNORECASE,
)
"""Words of organisations, desks and agencies."""

EAST_ASIAN_ORGANIZATION = re.compile(
    r"新聞|新闻|新社|通信|通讯|編集|编辑|记者|記者|日報|日报|デジタル|ニュース|放送|社$|网$|報$|报$|部$|局$|团队|뉴스|기자$|신문"
)
"""Parts of East Asian names of media and desks."""

EAST_ASIAN_NAME = re.compile(
    r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]{2,6}(?:[ \u3000・][\u3040-\u30ff\u3400-\u9fff]{1,6})?"
)
"""A name in Chinese, Japanese or Korean script."""

ROLE = re.compile(
    r"\b(?:(?:senior|chief|political|foreign|sports?|business|science|health|technology|tech|national|news|deputy|managing|"
    r"executive|assistant|associate|staff|special|environment|economics|city|world|europe|media|legal|education|"
    r"defen[cs]e|crime|consumer|features?|entertainment|culture|arts|travel|money|personal finance|investigative|"
    r"freelance|digital|audience|social|data|home affairs|royal|showbiz|lead|junior|trainee|guest)\s+){0,4}"
    r"(?:correspondents?|reporters?|editors?|writers?|journalists?|columnists?|producers?|photographers?|critic|contributor|"
    r"analyst|director|bureau chief|professor|lecturer|ceo|founder|intern|redakteur(?:in)?|korrespondent(?:in)?|"
    r"reporterin|journalistin?|journaliste|periodista|giornalista|redactor[ae]?)\b.*$",
    re.IGNORECASE,
)
"""A job title, up to the end of the text."""

PREFIX = re.compile(
    r"^(?:(?:(?:exclusive|story|words?|text|texte?|report(?:ed|ing)?|written|posted|published|article|analysis|opinion|"
    r"interview|review|photos?|edited|reviewed)\s+)?(?:by|von|par|por)|author|autore?|autorin|auteur|from|текст|автор|文|作者|記者|door|"
    r"interview|vid)\s*[:：]?\s+|^(?:author|autor|作者|记者|記者|文|责编|責編|编辑|編集)\s*[:：]\s*",
    re.IGNORECASE,
)
"""Words before a name."""
