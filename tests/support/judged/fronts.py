"""Front pages of sites and of their sections, to which pages that are gone are redirected."""

# ruff: noqa: E501

from html import escape
from random import Random

from support.judged.prose import headline, paragraph
from support.judged.shells import SHELLS, Filling, teasers

__all__ = ["front_page"]

TITLES = {
    "development": (
        ("en", "Harbour Post: news, sport and weather from the coast"),
        ("de", "Hafenpost | Nachrichten aus der Region"),
        ("fr", "Le Journal du port - Toute l'actualité en direct"),
        ("es", "El Correo del Puerto: noticias de última hora"),
        ("it", "Il Corriere del porto - Ultime notizie"),
        ("nl", "Havenbode - Het laatste nieuws"),
        ("pl", "Kurier Portowy - wiadomości"),
        ("sv", "Hamnposten"),
    ),
    "held out": (
        ("en", "The Mirror of the North"),
        ("de", "Nordkurier – aktuelle Nachrichten aus Mecklenburg und der Welt"),
        ("fr", "La Voix du Nord-Est : info, sport, faits divers"),
        ("es", "El Heraldo | Diario digital"),
        ("it", "La Voce: cronaca, politica, economia"),
        ("nl", "Noorderblad.example"),
        ("cs", "Severní listy - zprávy"),
        ("el", "Ειδήσεις από τον Βορρά"),
    ),
}

PATHS = {
    "development": ("/", "/?utm_source=rss", "/news/", "/index.html", "/de/", "/sport"),
    "held out": ("/", "/home", "/local/", "/index.php?err=404", "/en", "/category/politics/"),
}


def front_page(half: str, index: int, rng: Random) -> tuple[str, str, str]:
    """Return the HTML, the path that answered and the path that was requested."""
    language, title = TITLES[half][index % len(TITLES[half])]
    path = PATHS[half][index % len(PATHS[half])]
    origin = "https://harbourpost.example" if half == "development" else "https://nordkurier.example"
    count = rng.randrange(12, 50)
    heads = [
        '<meta property="og:type" content="website">',
        f'<link rel="canonical" href="{origin}{path.split("?")[0]}">',
        f'<script type="application/ld+json">{{"@context":"https://schema.org","@type":["WebSite","NewsMediaOrganization"],"name":"Post","url":"{origin}"}}</script>',
        '<script type="application/ld+json">{"@type":"CollectionPage","mainEntity":{"@type":"ItemList","itemListElement":[{"@type":"ListItem","position":1,"url":"/a"}]}}</script>',
        '<link rel="alternate" type="application/rss+xml" href="/feed">',
    ]
    head = "".join(rng.sample(heads, rng.randrange(0, 4)))
    style = index % 3
    if style == 0:
        main = f"<h1>{escape(title)}</h1>" + teasers(rng, language, count, summaries=True)
    elif style == 1:
        main = "".join(
            f'<article class="card"><a href="/a/{rng.randrange(10**6)}"><h2>{escape(headline(rng, language))}</h2>'
            f"<p>{escape(paragraph(rng, language, 2))}</p></a><time datetime='2024-05-0{rng.randrange(1, 9)}'></time></article>"
            for _ in range(count)
        )
    else:
        # A front page with the beginnings of its articles, as blogs have.
        main = "".join(
            f'<div class="post"><h2 class="entry-title"><a href="/2024/05/{n}/">{escape(headline(rng, language))}</a></h2>'
            f"<div class='entry'><p>{escape(paragraph(rng, language, 3))}</p><p>{escape(paragraph(rng, language, 2))} "
            f'<a class="more-link" href="/2024/05/{n}/">…</a></p></div></div>'
            for n in range(min(count, 15))
        )
    filling = Filling(language=language, title=title, main=main, head=head, origin=origin)
    requested = rng.choice(
        [
            "/news/2024/05/03/council-approves-new-tram-line-1234567.html",
            "/artikel/id-98765",
            "/2023/11/07/a-story-of-the-harbour/",
            "/local/museum-reopens-after-repairs-88123",
        ]
    )
    return rng.choice(SHELLS[half])(rng, filling), path, requested
