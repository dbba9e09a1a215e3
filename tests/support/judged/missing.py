"""Error pages that are sent with status 200."""

# ruff: noqa: E501

from html import escape
from random import Random

from support.judged.shells import SHELLS, Filling, teasers

__all__ = ["missing_page"]

Missing = tuple[str, str, str, tuple[str, ...]]
"""Language, title, heading, paragraphs."""

DEVELOPMENT: tuple[Missing, ...] = (
    (
        "en",
        "Page not found - Harbour Post",
        "Oops! That page can’t be found.",
        ("It looks like nothing was found at this location. Maybe try a search?",),
    ),
    ("en", "404 Not Found", "404 Not Found", ("nginx",)),
    (
        "en",
        "Harbour Post",
        "Sorry, this page isn't available",
        ("The link you followed may be broken, or the page may have been removed.",),
    ),
    (
        "en",
        "Error 404",
        "We couldn't find the page you were looking for",
        ("Check the address or go back to our homepage.",),
    ),
    (
        "en",
        "Article no longer available",
        "This article is no longer available",
        ("This story has been removed from our website because our rights to it have expired.",),
    ),
    (
        "en",
        "Server error",
        "Something went wrong",
        ("An error occurred while loading this page. Please try again later.",),
    ),
    (
        "de",
        "Seite nicht gefunden",
        "Seite nicht gefunden",
        ("Die von Ihnen aufgerufene Seite existiert leider nicht oder nicht mehr.",),
    ),
    (
        "de",
        "Fehler 404 | Hafenpost",
        "Ups! Hier ist etwas schiefgelaufen",
        ("Die gesuchte Seite konnte nicht gefunden werden. Versuchen Sie es mit der Suche.",),
    ),
    (
        "de",
        "Hafenpost",
        "Dieser Artikel ist nicht mehr verfügbar",
        ("Aus rechtlichen Gründen dürfen wir diesen Beitrag nur für eine begrenzte Zeit anbieten.",),
    ),
    ("fr", "Page introuvable", "Erreur 404", ("La page que vous recherchez n'existe pas ou a été déplacée.",)),
    ("fr", "Oups", "Cette page n'existe plus", ("L'article demandé a été supprimé ou son adresse a changé.",)),
    (
        "es",
        "Página no encontrada",
        "Lo sentimos, no hemos encontrado la página",
        ("La página que buscas no existe o ha cambiado de dirección.",),
    ),
    ("es", "Error 404", "¡Vaya! Esta página no existe", ("Vuelve a la portada o usa el buscador.",)),
    ("it", "Pagina non trovata", "Pagina non trovata", ("La pagina che stai cercando non esiste o è stata rimossa.",)),
    ("it", "404", "Ci dispiace", ("L'articolo richiesto non è più disponibile.",)),
    (
        "nl",
        "Pagina niet gevonden",
        "Sorry, deze pagina bestaat niet (meer)",
        ("De pagina die je zoekt is verwijderd of verplaatst.",),
    ),
    ("pl", "Nie znaleziono strony", "Błąd 404", ("Strona, której szukasz, nie istnieje lub została usunięta.",)),
    ("pt", "Página não encontrada", "Erro 404", ("A página que procura não existe ou foi removida.",)),
    ("sv", "Sidan hittades inte", "Sidan kunde inte hittas", ("Sidan du söker finns inte längre.",)),
    ("fi", "Sivua ei löytynyt", "Sivua ei löytynyt", ("Etsimääsi sivua ei ole olemassa.",)),
    ("cs", "Stránka nenalezena", "Stránka nebyla nalezena", ("Požadovaná stránka neexistuje nebo byla odstraněna.",)),
    ("el", "Η σελίδα δεν βρέθηκε", "Σφάλμα 404", ("Η σελίδα που αναζητάτε δεν υπάρχει.",)),
    ("uk", "Сторінку не знайдено", "Помилка 404", ("Сторінка, яку ви шукаєте, не існує.",)),
    ("hu", "Az oldal nem található", "404", ("A keresett oldal nem található.",)),
    ("ro", "Pagina nu a fost găsită", "Eroare 404", ("Pagina căutată nu există.",)),
)

HELD_OUT: tuple[Missing, ...] = (
    (
        "en",
        "Not Found | The Mirror",
        "Sorry, we can't find that page",
        ("You may have typed the address incorrectly or used an outdated link.",),
    ),
    ("en", "The Mirror", "404", ("The requested URL was not found on this server.",)),
    (
        "en",
        "Content unavailable",
        "This content is not available in your region",
        (
            "We recognise you are attempting to access this website from a country belonging to the European Economic Area and therefore access cannot be granted at this time.",
        ),
    ),
    (
        "en",
        "Page unavailable",
        "The page you requested does not exist",
        ("It might have moved or been deleted. Here are some popular stories instead.",),
    ),
    (
        "en",
        "Application error",
        "Application error: a client-side exception has occurred",
        ("See the browser console for more information.",),
    ),
    (
        "en",
        "Gone",
        "This story has been taken down",
        ("The page you are trying to view has expired and is no longer on our site.",),
    ),
    (
        "de",
        "404 - Nordkurier",
        "Diese Seite gibt es leider nicht",
        ("Möglicherweise haben Sie sich vertippt, oder die Seite wurde verschoben.",),
    ),
    (
        "de",
        "Nicht gefunden",
        "Hoppla, da ist was schiefgegangen!",
        ("Unter dieser Adresse ist kein Inhalt vorhanden. Zur Startseite",),
    ),
    (
        "de",
        "Beitrag gelöscht",
        "Der gewünschte Beitrag wurde gelöscht oder ist abgelaufen",
        ("Stöbern Sie doch in unseren aktuellen Nachrichten.",),
    ),
    (
        "fr",
        "404 | La Voix",
        "Désolé, nous ne trouvons pas la page demandée",
        ("Elle a peut-être été supprimée. Retour à l'accueil.",),
    ),
    (
        "fr",
        "Contenu indisponible",
        "Ce contenu n'est plus disponible",
        ("Le lien que vous avez suivi est peut-être incorrect ou expiré.",),
    ),
    (
        "es",
        "404",
        "No se ha encontrado la página solicitada",
        ("Es posible que el enlace esté roto o que el contenido haya sido eliminado.",),
    ),
    (
        "es",
        "Contenido no disponible",
        "Esta noticia ya no está disponible",
        ("Consulta otras noticias en la portada.",),
    ),
    ("it", "Errore 404", "Ops! La pagina richiesta non c'è", ("Potrebbe essere stata spostata o cancellata.",)),
    ("it", "Contenuto non disponibile", "Il contenuto che cerchi non è più online", ("Torna alla home page.",)),
    (
        "nl",
        "404 - Kuriren",
        "Oeps, we kunnen deze pagina niet vinden",
        ("Controleer het adres of ga naar de homepage.",),
    ),
    ("nl", "Artikel niet beschikbaar", "Dit artikel is niet langer beschikbaar", ("Het is offline gehaald.",)),
    ("pl", "404", "Ups, tej strony już nie ma", ("Artykuł został usunięty lub zmienił się jego adres.",)),
    (
        "pt",
        "Erro",
        "Não encontrámos a página que procura",
        ("O endereço pode estar errado ou o conteúdo já não está disponível.",),
    ),
    ("sv", "404", "Hoppsan, sidan finns inte", ("Artikeln kan ha tagits bort eller flyttats.",)),
    (
        "no",
        "Fant ikke siden",
        "Beklager, vi finner ikke siden du leter etter",
        ("Den kan være slettet eller flyttet.",),
    ),
    ("da", "Siden findes ikke", "Siden blev ikke fundet", ("Artiklen er muligvis slettet.",)),
    ("cs", "Chyba 404", "Omlouváme se, stránka neexistuje", ("Článek byl smazán nebo přesunut.",)),
    ("fi", "404", "Hups! Sivu on poistettu tai siirretty", ("Palaa etusivulle.",)),
    ("uk", "404", "На жаль, такої сторінки немає", ("Матеріал видалено або переміщено.",)),
)


def missing_page(half: str, index: int, rng: Random) -> tuple[str, str]:
    """Return the HTML and the path of an error page."""
    known = DEVELOPMENT if half == "development" else HELD_OUT
    language, title, heading, paragraphs = known[index % len(known)]
    second = bool(index // len(known) % 2)
    texts = "".join(f"<p>{escape(text)}</p>" for text in paragraphs)
    level = rng.choice(["h1", "h1", "h2", "div class=title", "p"])
    main = f'<section class="{rng.choice(["error-404 not-found", "content", "x1"])}"><{level}>{escape(heading)}</{level.split()[0]}>{texts}'
    if second:
        # Error pages of newspapers offer the articles of the day.
        main += f'<form role="search"><input type="search" name="s"></form></section>{teasers(rng, language, rng.randrange(4, 16), summaries=True)}'
    else:
        main += '<a href="/">Home</a></section>'
    head = rng.choice(["", '<meta name="robots" content="noindex">', '<meta property="og:type" content="website">'])
    filling = Filling(language=language, title=title, main=main, head=head, chrome=second)
    return rng.choice(SHELLS[half])(rng, filling), f"/2019/0{rng.randrange(1, 9)}/old-story-{rng.randrange(10**5)}"
