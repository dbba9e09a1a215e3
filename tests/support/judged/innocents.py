"""Articles that share words and forms with walls and error pages, and others that are short or bare."""

# ruff: noqa: E501

import json
from html import escape
from random import Random

from support.judged.prose import headline, paragraph, sentence
from support.judged.shells import SHELLS, Filling, banner, slug

__all__ = ["innocent_page"]

Story = tuple[str, str, tuple[str, ...]]
"""Language, headline, paragraphs; an ellipsis stands for paragraphs of ordinary news."""

DEVELOPMENT: tuple[Story, ...] = (
    (
        "en",
        "404: how “Page not found” became part of the language",
        (
            "In 1992, a physicist at CERN had to decide what a server should say when a page was not found. He chose a number: 404.",
            "Thirty years on, the error has its own museum. “Page not found” pages with games, poems and pictures of lost dogs draw visitors who came for nothing else.",
            "“People forgive a missing page if it makes them smile,” said Ann Berg, who has collected 3,000 of them.",
            "…",
        ),
    ),
    (
        "en",
        "Consent or pay: regulators look at cookie walls",
        (
            "Publishers across Europe are asking readers to accept cookies or to pay. On Tuesday, the data protection board published its opinion.",
            "“Accept all” and “reject all” must be equally easy, the board wrote; consent that cannot be withdrawn is no consent. We and our partners process your data, as the banners put it, will not be enough.",
            "The association of publishers called the opinion a threat to free journalism.",
            "…",
        ),
    ),
    (
        "en",
        "Paper puts up a paywall after 20 years",
        (
            "From Monday, readers will have to subscribe to continue reading after three articles a month, the publisher said.",
            "Subscribers pay $5 a month. Those who already have a print subscription can log in with their customer number.",
            "…",
        ),
    ),
    (
        "en",
        "Thousands locked out as bank's login fails",
        (
            "Customers of the Coast Bank could not log in to their accounts on Friday. Those who entered user name and password saw a blank page.",
            "The bank asked customers not to reset their passwords. “Please try again later,” it wrote on its website.",
            "…",
        ),
    ),
    (
        "en",
        "Cloudflare outage: “Just a moment” lasted two hours",
        (
            "Much of the web showed the same page on Wednesday: Just a moment, checking your browser. A fault in the bot protection of one company took down shops, papers and ministries.",
            "“Enable JavaScript and cookies to continue” was all that visitors of the tax office saw.",
            "…",
        ),
    ),
    (
        "en",
        "Ferry runs aground",
        (
            "A ferry with 43 people on board ran aground off the northern islands on Sunday night. Nobody was hurt, the coast guard said. Divers will inspect the hull on Monday.",
        ),
    ),
    (
        "en",
        "Live: council votes on tram line",
        (
            "LIVE",
            "19:42 The mayor opens the session. All 45 members are present.",
            "20:10 The opposition asks for the vote to be postponed.",
            "21:03 The motion is rejected. The debate goes on.",
            "22:15 The vote: 31 for, 14 against. The line will be built.",
        ),
    ),
    (
        "de",
        "Warum „Seite nicht gefunden“ Kunst sein kann",
        (
            "Die Fehlermeldung 404 kennt jeder. In Leipzig zeigt nun eine Ausstellung die schönsten Seiten, die es nicht gibt.",
            "„Diese Seite existiert leider nicht“ steht auf einem drei Meter hohen Banner am Eingang.",
            "…",
        ),
    ),
    (
        "de",
        "Datenschützer rügen Pur-Abos",
        (
            "Einwilligen oder zahlen: Viele Verlage stellen ihre Leser vor diese Wahl. Die Datenschutzkonferenz hat dazu einen Beschluss gefasst.",
            "Wer „Alle akzeptieren“ anklickt, stimmt oft der Verarbeitung personenbezogener Daten durch mehrere hundert Partner zu. Die Einwilligung müsse jederzeit widerrufen werden können.",
            "…",
        ),
    ),
    (
        "de",
        "Unfall auf der B 96",
        (
            "Bei einem Unfall auf der Bundesstraße 96 ist am Montagmorgen ein Radfahrer leicht verletzt worden. Die Straße war für eine Stunde gesperrt.",
        ),
    ),
    (
        "de",
        "Passwörter gestohlen: Was Nutzer jetzt tun sollten",
        (
            "Nach einem Angriff auf einen Anbieter von E-Mail-Postfächern sollten Nutzer ihr Passwort ändern. Wer sich nicht mehr anmelden kann, soll sich beim Kundendienst melden.",
            "„Passwort vergessen?“ sei die häufigste Anfrage, sagte eine Sprecherin.",
            "…",
        ),
    ),
    (
        "fr",
        "Erreur 404 : le site de la préfecture introuvable pendant trois jours",
        (
            "« La page que vous recherchez n'existe pas » : c'est ce qu'ont lu pendant trois jours les usagers de la préfecture.",
            "…",
        ),
    ),
    (
        "fr",
        "Cookies : la Cnil inflige une amende de 40 millions d'euros",
        (
            "« Tout accepter » ou « continuer sans accepter » : la Commission nationale de l'informatique et des libertés juge que refuser les cookies était trop difficile.",
            "…",
        ),
    ),
    (
        "fr",
        "Derby : l'attaquant forfait",
        (
            "L'attaquant, touché à la cheville, ne jouera pas samedi, a annoncé le club. Il devrait reprendre l'entraînement dans dix jours.",
        ),
    ),
    (
        "es",
        "Los muros de pago cumplen diez años",
        (
            "«Suscríbete para seguir leyendo»: hace diez años los lectores de la prensa vieron por primera vez esta frase.",
            "…",
        ),
    ),
    (
        "it",
        "Il sito del Comune dà «Pagina non trovata»",
        (
            "Da lunedì chi cerca i bandi trova solo la scritta «Pagina non trovata». L'assessore parla di un guasto.",
            "…",
        ),
    ),
    (
        "nl",
        "Waarom bijna niemand cookies weigert",
        (
            "‘Alles accepteren’ is de knop waarop negen van de tien bezoekers klikken, blijkt uit onderzoek van de universiteit.",
            "…",
        ),
    ),
    (
        "pl",
        "Bot czy człowiek? Captcha ma już 25 lat",
        (
            "„Potwierdź, że nie jesteś robotem” – to zdanie widzimy codziennie. Jego autorzy mówią, że nie spodziewali się takiego sukcesu.",
            "…",
        ),
    ),
    ("pt", "", ("…",)),
    ("sv", "", ("…",)),
    ("fi", "", ("…",)),
    ("cs", "", ("…",)),
    ("el", "", ("…",)),
    (
        "en",
        "Watch: dolphins in the harbour",
        ("A school of dolphins surprised early walkers on Sunday.", "Video: Tom Reed"),
    ),
    (
        "en",
        "Correction",
        (
            "An earlier version of our report on the tram line gave a wrong date. The vote took place on Tuesday, not on Monday.",
        ),
    ),
)

HELD_OUT: tuple[Story, ...] = (
    (
        "en",
        "Error 404 and other doors that lead nowhere",
        (
            "The page you requested does not exist: no sentence is read more often and remembered less. A new book by Lena Ortiz tells its story.",
            "Sorry, we can't find that page, writes one shop; another blames a hamster. Ortiz has found 212 ways to say the same.",
            "…",
        ),
    ),
    (
        "en",
        "Why does every site want my consent?",
        (
            "We value your privacy, says the banner, and asks whether 1,035 vendors may store and access information on your device. I clicked “Manage options” on every site for a week.",
            "On Monday it took 41 minutes. Legitimate interest, I learned, is what remains when you have objected to everything else.",
            "…",
        ),
    ),
    (
        "en",
        "Subscriptions pass one million at The Mirror",
        (
            "The Mirror has more than one million digital subscribers, it said on Thursday. Plans begin at $9.99 a month and can be cancelled anytime.",
            "Two thirds of them had been asked to register for free first.",
            "…",
        ),
    ),
    (
        "en",
        "Hackers sold logins of 40,000 students",
        (
            "User names and passwords of 40,000 students were for sale for months, police said. Students have to sign in with a second factor from today.",
            "…",
        ),
    ),
    (
        "en",
        "Are you a robot? The test that machines now pass",
        (
            "Select all squares with traffic lights: researchers have built a program that solves captchas better than people do.",
            "“We've detected unusual traffic from your computer network” may soon be shown to humans only, they joke.",
            "…",
        ),
    ),
    (
        "en",
        "Man rescued from cliff",
        (
            "A 34-year-old man was rescued from a cliff near the old lighthouse on Saturday evening. He had tried to reach his drone. He was taken to hospital with minor injuries.",
        ),
    ),
    (
        "en",
        "As it happened: storm reaches the coast",
        (
            "06:15 The first gusts of more than 100 km/h are measured at the lighthouse.",
            "07:40 Trains stop between the harbour and the airport.",
            "09:05 Schools stay closed, the council says.",
            "11:30 The wind is easing. Some 3,000 homes are without power.",
        ),
    ),
    (
        "en",
        "Shop's website goes offline for good",
        (
            "“This website is no longer available”: with this sentence on its front page, the oldest toy shop of the town closed on Friday.",
            "…",
        ),
    ),
    (
        "de",
        "Der Mann, der die Fehlerseiten sammelt",
        (
            "Hoppla, da ist was schiefgegangen: Rund 5000 solcher Meldungen hat Jens Prill gesammelt. Unter dieser Adresse ist kein Inhalt vorhanden, heißt es auf seiner ältesten.",
            "…",
        ),
    ),
    (
        "de",
        "Gericht: Cookie-Banner war rechtswidrig",
        (
            "Ein Verlag hätte seine Leser nicht drängen dürfen, der Verwendung von Cookies zuzustimmen. Das hat das Landgericht entschieden.",
            "„Zustimmen und weiter“ war größer als der Knopf für die Ablehnung.",
            "…",
        ),
    ),
    (
        "de",
        "Nordkurier führt Plus-Artikel ein",
        (
            "Weiterlesen mit Abo: Vom 1. Juni an sind einige Artikel nur für Abonnenten lesbar. Der erste Monat ist gratis, danach kostet das Abo 9,90 Euro.",
            "…",
        ),
    ),
    (
        "de",
        "Zeugen gesucht",
        (
            "Die Polizei sucht nach einem Einbruch in der Hafenstraße nach Zeugen. Hinweise nimmt das Revier unter 0395 5582 entgegen.",
        ),
    ),
    (
        "fr",
        "Paywall : la presse régionale saute le pas",
        (
            "« La suite est réservée aux abonnés » : le quotidien régional ferme une partie de son site. Déjà abonné ? Rien ne change.",
            "…",
        ),
    ),
    (
        "fr",
        "Robots : les sites se barricadent",
        (
            "Confirmez que vous n'êtes pas un robot : la phrase accueille désormais un visiteur sur trois, selon une étude.",
            "…",
        ),
    ),
    (
        "fr",
        "Incendie à la gare",
        (
            "Un incendie s'est déclaré mardi matin dans un local technique de la gare. Il a été maîtrisé en une heure. Le trafic est revenu à la normale.",
        ),
    ),
    (
        "es",
        "La página no existe: el ayuntamiento borra su archivo",
        (
            "«No se ha encontrado la página solicitada», responde desde el lunes la web municipal a quien busca las actas.",
            "…",
        ),
    ),
    (
        "es",
        "Aceptar cookies o pagar, el dilema de los lectores",
        (
            "Lee gratis aceptando cookies o suscríbete: la agencia de protección de datos estudia si la elección es libre.",
            "…",
        ),
    ),
    (
        "it",
        "Password rubate, 10.000 account bloccati",
        (
            "«Hai dimenticato la password?»: la domanda è apparsa venerdì a diecimila clienti della banca, che non riuscivano ad accedere al proprio account.",
            "…",
        ),
    ),
    (
        "nl",
        "Rechter: krant mag lezers om account vragen",
        ("‘Verder lezen? Maak een gratis account aan’ mag, oordeelde de rechter in Groningen donderdag.", "…"),
    ),
    (
        "pl",
        "Strona urzędu nie działa",
        (
            "„Nie znaleziono strony” – taki komunikat od poniedziałku widzą mieszkańcy, którzy chcą zapłacić podatek.",
            "…",
        ),
    ),
    ("pt", "", ("…",)),
    ("uk", "", ("…",)),
    (
        "sv",
        "Domen: kakor kräver samtycke",
        ("Den som vill lägga kakor på läsarnas datorer måste få samtycke, slog domstolen fast på tisdagen.", "…"),
    ),
    ("en", "In pictures: the flower parade", ("More than 50 wagons took part this year.",)),
    ("it", "Video: il gol della vittoria", ("Il gol al 93' che decide il derby.", "Riprese di Marco Neri")),
)

TRAPS = (
    "<script>(function(){var a=document.createElement('script');a.src='/cdn-cgi/challenge-platform/scripts/jsd/main.js';})();</script>",
    "<script src='https://www.google.com/recaptcha/api.js'></script><form class='contact'><textarea></textarea><div class='g-recaptcha'></div></form>",
    "<script>window._pxAppId='PXq1';</script>",
    "<script src='https://js.datadome.co/tags.js'></script><script>window.ddoptions={endpoint:'https://geo.captcha-delivery.com'}</script>",
    "<script src='https://x1.edge.sdk.awswaf.com/x1/challenge.js' defer></script>",
    "<noscript>Please enable JavaScript to use all functions of this page.</noscript>",
    "<section id='comments'><h3>Comments</h3><p>You must be logged in to comment.</p><form action='/login'><input name='log'><input type='password' name='pwd'><button>Log in</button></form></section>",
    "<div class='meter'><p>You have read 3 of 5 free articles this month.</p><a href='/subscribe'>Subscribe now for $1</a></div>",
    "<div class='abo-box'><h3>Jetzt Abonnent werden</h3><p>4 Wochen für 1 € testen.</p><a href='/abo'>Zum Angebot</a></div>",
    "<div id='search-none' hidden><h2>Page not found</h2><p>Sorry, nothing was found.</p></div>",
    "<div role='dialog' aria-modal='true' class='tcf'><h2>We value your privacy</h2><p>We and our 812 partners store and access information on a device, such as cookies, and process personal data, for personalised advertising and content measurement.</p><button>Accept all</button><button>Reject all</button><button>Manage options</button></div>",
    "<div class='related'><h3>Most read</h3><a href='/n/1'>Page not found: a history</a><a href='/n/2'>Log in to the new portal</a></div>",
    "<form class='newsletter'><p>Sign up for our newsletter. You can withdraw your consent at any time.</p><input type='email'></form>",
    "",
)


def metadata(rng: Random, language: str, title: str, address: str, origin: str) -> str:
    article = {
        "@context": "https://schema.org",
        "@type": rng.choice(["NewsArticle", "Article", "BlogPosting", "ReportageNewsArticle"]),
        "headline": title,
        "datePublished": "2024-05-03T08:00:00+02:00",
        "author": {"@type": "Person", "name": "Ann Berg"},
    }
    linked = rng.choice([article, {"@graph": [{"@type": "WebSite", "name": "Post"}, article]}, [article]])
    return rng.choice(
        [
            f'<script type="application/ld+json">{json.dumps(linked)}</script><meta property="og:type" content="article"><link rel="canonical" href="{address}">',
            f'<meta property="og:type" content="article"><meta property="article:published_time" content="2024-05-03T08:00:00Z"><meta property="og:url" content="{address}">',
            f'<script type="application/ld+json">{json.dumps(linked)}</script>',
            f'<meta property="og:type" content="website"><link rel="canonical" href="{origin}/">',
            '<meta name="author" content="Ann Berg"><meta name="date" content="2024-05-03">',
            "",
            "",
        ]
    )


def innocent_page(half: str, index: int, rng: Random) -> tuple[str, str, str]:
    """Return the HTML, the path that answered and the path that was requested."""
    stories = DEVELOPMENT if half == "development" else HELD_OUT
    language, title, told = stories[index % len(stories)]
    title = title or headline(rng, language)
    texts: list[str] = []
    for text in told:
        texts += [paragraph(rng, language, 3) for _ in range(rng.randrange(2, 9))] if text == "…" else [text]
    if told == ("…",):
        texts = [sentence(rng, language), *texts]
    style = rng.randrange(5)
    if style == 0:
        body = "".join(f"<p>{escape(text)}</p>" for text in texts)
    elif style == 1:
        body = "<br><br>".join(escape(text) for text in texts)
    elif style == 2:
        body = "".join(f'<div class="text-{rng.randrange(9)}"><span>{escape(text)}</span></div>' for text in texts)
    elif style == 3:
        body = f'<div class="lead"><strong>{escape(texts[0])}</strong></div>' + "".join(
            f"<p class=x>{escape(text)}</p>" for text in texts[1:]
        )
    else:
        body = "<figure><img src='/a.jpg'><figcaption>Photo: Tom Reed</figcaption></figure>" + "".join(
            f"<p>{escape(text)}</p>" for text in texts
        )
    origin = "https://harbourpost.example" if half == "development" else "https://nordkurier.example"
    path = rng.choice(
        [
            f"/news/{slug(title) or 'a'}-{rng.randrange(10**6)}",
            f"/2024/05/03/{slug(title) or 'a'}/",
            f"/{slug(title) or 'a'}",
            f"/?p={rng.randrange(10**5)}",
            f"/artikel/{rng.randrange(10**7)}.html",
        ]
    )
    requested = rng.choice(
        [path, path, f"{path}{'&' if '?' in path else '?'}utm_source=rss", f"/r/{rng.randrange(10**6)}"]
    )
    trap = TRAPS[(index * 5 + index // len(stories)) % len(TRAPS)]
    dated = rng.choice(
        ['<time datetime="2024-05-03T08:00">3 May 2024</time>', '<div class="byline">Ann Berg, 3.5.2024</div>', ""]
    )
    opening, closing = rng.choice([("<article>", "</article>"), ("<div class='story'>", "</div>"), ("", "")])
    main = f"{opening}<h1>{escape(title)}</h1>{dated}{body}{closing}{trap}{banner(rng, language)}"
    name = rng.choice([f"{title} | Harbour Post", title, f"Post: {title}"])
    filling = Filling(
        language=language,
        title=name,
        main=main,
        head=metadata(rng, language, title, origin + path, origin),
        origin=origin,
    )
    return rng.choice(SHELLS[half])(rng, filling), path, requested
