"""Front pages, section fronts and pages of tags of the independent sets."""

# ruff: noqa: E501

from html import escape
from random import Random

__all__ = ["independent_front"]

STORIES = {
    "en": [
        ("Mayor breaks ground on new hospital wing", "Construction will take three years and cost 90 million."),
        ("Storm leaves thousands without power", "Crews hope to restore service by Sunday night."),
        ("Rovers sign striker on loan", "The 22-year-old joins until the end of the season."),
        ("How a village saved its last shop", "Neighbours pooled their money and bought it."),
        ("Rail strike called off after late talks", "Unions accept a two-year pay deal."),
        ("Five gardens to visit this spring", "From the coast to the hills, all open at weekends."),
        ("Court hears appeal in fraud case", "The judges will rule next month."),
        ("Rents rise faster than wages", "New figures show the widest gap in a decade."),
        ("Opinion: let the high street be quiet", "Not every square needs a festival."),
        ("Wildlife returns to restored wetland", "Bitterns heard for the first time since 1961."),
    ],
    "de": [
        ("Bürgerentscheid über das Freibad", "Am Sonntag stimmen die Einwohner ab."),
        ("Zug entgleist bei Rangierfahrt", "Verletzt wurde niemand."),
        ("Neue Leiterin für das Museum", "Sie kommt aus Basel und beginnt im Herbst."),
        ("Handwerk sucht Lehrlinge", "Jede dritte Stelle bleibt unbesetzt."),
        ("VfB verlängert mit dem Trainer", "Der Vertrag gilt bis 2027."),
        ("Kommentar: Mut zur Lücke", "Warum der Plan besser ist als sein Ruf."),
        ("Stadt pflanzt tausend Bäume", "Die ersten stehen am Güterbahnhof."),
        ("Rezept: Spargel aus dem Ofen", "In vierzig Minuten fertig."),
    ],
    "fr": [
        ("Le tramway roulera jusqu'à minuit", "La métropole étend les horaires dès juin."),
        ("Un incendie maîtrisé près du port", "Aucun blessé n'est à déplorer."),
        ("La vigne souffre du gel tardif", "Les pertes atteignent 30 % par endroits."),
        ("Rugby : le club promu en Pro D2", "La ville a fêté ses joueurs toute la nuit."),
        ("Le musée rouvre après travaux", "Trois ans de chantier auront été nécessaires."),
        ("Tribune : rendez-nous les trains de nuit", "Une autre manière de voyager est possible."),
        ("La rentrée des maternelles inquiète", "Cinq classes pourraient fermer."),
    ],
    "es": [
        ("El puerto bate su récord de contenedores", "Crece un doce por ciento en un año."),
        ("Detenido un hombre por estafa", "Ofrecía pisos que no existían."),
        ("El festival vende todas las entradas", "La organización estudia una segunda fecha."),
        ("La lluvia alivia los embalses", "El nivel sube por cuarta semana."),
        ("El central renueva hasta 2028", "El club anuncia el acuerdo."),
        ("Abre la biblioteca del barrio", "Los vecinos la pedían desde 2009."),
    ],
    "ja": [
        ("新庁舎の建設始まる", "完成は3年後の予定。"),
        ("台風接近、交通に影響", "週末は大雨の恐れ。"),
        ("地元高校が初優勝", "延長の末に勝利をつかんだ。"),
        ("商店街に新しい図書館", "市民の声が実った。"),
        ("米の価格が上昇", "天候不順が響いた。"),
        ("観光客数が過去最高", "海外からの客が増えた。"),
    ],
    "ar": [
        ("افتتاح الجسر الجديد فوق النهر", "يتوقع أن يخفف الازدحام."),
        ("ارتفاع أسعار القمح", "الأسواق تترقب قرار الحكومة."),
        ("المنتخب يستعد للبطولة", "معسكر مغلق لمدة أسبوعين."),
        ("مهرجان السينما يعلن جوائزه", "فيلم شاب يفوز بالجائزة الكبرى."),
        ("أمطار غزيرة في الشمال", "الدفاع المدني يدعو إلى الحذر."),
        ("جامعة جديدة تفتح أبوابها", "تستقبل ثلاثة آلاف طالب."),
    ],
}

NAMES = ("Home", "Local", "Archive", "Bridge", "Topics")


def card(index: int, language: str, title: str, text: str, style: int) -> str:
    link = f"/{language}/2024/05/{index + 1:02}/item-{1000 + index}"
    if style == 0:
        return f'<article class="card"><a href="{link}"><img src="i.jpg"><h2>{escape(title)}</h2></a><p>{escape(text)}</p></article>'
    if style == 1:
        return f'<div class="m-tile"><span class="kicker">Local</span><h3><a href="{link}">{escape(title)}</a></h3><div class="deck">{escape(text)}</div><span>2h ago</span></div>'
    if style == 2:
        return f'<li><a href="{link}">{escape(title)}</a></li>'
    if style == 3:
        return f'<tr><td><a href="{link}"><b>{escape(title)}</b></a><br><font size="2">{escape(text)} <a href="{link}">Read more</a></font></td></tr>'
    return f'<a class="css-{index}k" href="{link}"><div><p class="css-t">{escape(title)}</p><p class="css-s">{escape(text)}</p></div></a>'


def independent_front(index: int, rng: Random) -> tuple[str, str, str, str]:
    """Return the HTML, the language, the path of a front, and the path that was requested."""
    language = list(STORIES)[index % len(STORIES)]
    style = index % 5
    stories = [*STORIES[language]] * (3 if index % 4 == 0 else 2)
    rng.shuffle(stories)
    cards = [card(place, language, title, text, style) for place, (title, text) in enumerate(stories)]
    if index % 3 == 0:
        # One big story on top, with a long summary.
        title, text = stories[0]
        more = " ".join(text for _, text in stories[1:4])
        cards[0] = (
            f'<section class="lead"><h1><a href="/{language}/2024/lead-1">{escape(title)}</a></h1>'
            f"<p>{escape(text)} {escape(more)}</p></section>"
        )
    body = "".join(cards)
    body = f"<ul>{body}</ul>" if style == 2 else f"<table>{body}</table>" if style == 3 else f"<div>{body}</div>"
    name = NAMES[index % len(NAMES)]
    if index % 5 in (1, 3):
        body = f"<h1>{name}</h1>{body}"
    path = ("/", "/local/", "/?redirected=1", "/tag/bridge", "/index.html", "/m/", f"/{language}/")[index % 7]
    return body, language, path, f"/{language}/2024/05/03/some-story-that-is-gone-{100 + index}"
