"""The markup of sites around what a page holds, as several content management systems write it."""

# ruff: noqa: E501

import json
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from random import Random

from support.judged.prose import headline, paragraph

__all__ = ["SHELLS", "Filling", "banner", "teasers"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filling:
    """What a shell is put around."""

    language: str
    title: str
    main: str
    """HTML of the page's own part."""
    head: str = ""
    site: str = "The Harbour Post"
    origin: str = "https://harbourpost.example"
    chrome: bool = True
    """Whether the page has navigation, teasers and forms beside its own part."""


def slug(text: str) -> str:
    return "-".join("".join(c if c.isalnum() else " " for c in text.lower()).split())[:60]


def teasers(rng: Random, language: str, count: int, *, summaries: bool = False) -> str:
    """Return teasers of articles, as they fill front pages and sidebars."""
    found = []
    for _ in range(count):
        title = headline(rng, language)
        link = f"/{rng.choice(['news', 'local', 'sport', '2024/05/03'])}/{slug(title)}-{rng.randrange(10**6)}"
        text = f"<p>{escape(paragraph(rng, language, 1))}</p>" if summaries else ""
        found.append(f'<div class="teaser"><h3><a href="{link}">{escape(title)}</a></h3>{text}</div>')
    return "".join(found)


def banner(rng: Random, language: str) -> str:
    """Return a banner about cookies as it stands on innocent pages."""
    texts = {
        "en": ("We value your privacy. We and our partners store or access information on devices.", "Accept all"),
        "de": ("Wir und unsere Partner verwenden Cookies, um Inhalte zu personalisieren.", "Alle akzeptieren"),
        "fr": ("Nous et nos partenaires utilisons des cookies pour mesurer l'audience.", "Tout accepter"),
        "es": ("Nosotros y nuestros socios utilizamos cookies para personalizar anuncios.", "Aceptar todo"),
        "it": ("Noi e i nostri partner utilizziamo cookie per personalizzare gli annunci.", "Accetta tutto"),
        "nl": ("Wij en onze partners gebruiken cookies om advertenties te tonen.", "Alles accepteren"),
    }
    text, button = texts.get(language, texts["en"])
    return rng.choice(
        [
            f'<div id="onetrust-banner-sdk" role="dialog"><p>{text}</p><button id="onetrust-accept-btn-handler">'
            f"{button}</button></div>",
            f'<div id="didomi-host"><div class="didomi-popup-container"><span>{text}</span><button>{button}</button>'
            "</div></div>",
            f'<div class="cookie-notice" aria-label="cookies">{text} <a href="/privacy">…</a><a href="#">{button}</a></div>',
            "<div id='usercentrics-root'></div>",
            "<script src='https://cdn.privacy-mgmt.com/unified/wrapperMessagingWithoutDetection.js'></script>",
            "",
        ]
    )


def login_box(rng: Random) -> str:
    return rng.choice(
        [
            '<div class="modal" style="display:none"><form action="/login" method="post"><input name="email">'
            '<input type="password" name="password"><button>Log in</button></form></div>',
            '<form class="nav-login" action="/user/login"><input name="u"><input type="password" name="p"></form>',
            '<a class="login" href="/account/login">Log in</a>',
            "",
        ]
    )


def wordpress(rng: Random, filling: Filling) -> str:
    menu = "".join(f'<li class="menu-item"><a href="/{name}/">{name}</a></li>' for name in ("news", "sport", "culture"))
    side = f'<aside id="secondary" class="widget-area">{teasers(rng, filling.language, 5)}</aside>'
    outer = (
        f'<nav id="site-navigation"><ul>{menu}</ul>{login_box(rng)}</nav>' if filling.chrome else "",
        f"{side}<footer id='colophon'><p>© {filling.site}</p><form class='mc4wp-form'><input type='email'>"
        f"<button>Newsletter</button></form></footer>{banner(rng, filling.language)}"
        if filling.chrome
        else "",
    )
    return (
        f'<!DOCTYPE html><html lang="{filling.language}"><head><meta charset="UTF-8"><title>{escape(filling.title)}</title>'
        f'<meta name="generator" content="WordPress 6.5"><link rel="stylesheet" href="/wp-content/themes/x/style.css">'
        f'{filling.head}<meta property="og:site_name" content="{filling.site}"></head>'
        f'<body class="hfeed"><div id="page" class="site"><header id="masthead"><a href="/" rel="home">{filling.site}</a>'
        f"{outer[0]}</header><div id='content'><main id='primary'>{filling.main}</main>{outer[1]}</div></div></body></html>"
    )


def minified(rng: Random, filling: Filling) -> str:
    names = [f"{rng.choice('abcdef')}{rng.randrange(999)}" for _ in range(6)]
    side = f"<div class={names[1]}>{teasers(rng, filling.language, 8)}</div>{login_box(rng)}" if filling.chrome else ""
    state = json.dumps({"props": {"page": slug(filling.title), "user": None, "flags": list(range(40))}})
    return (
        f"<!doctype html><html lang={filling.language}><meta charset=utf-8><title>{escape(filling.title)}</title>"
        f'{filling.head}<div id=__next><div class="{names[0]} {names[2]}"><div class={names[3]}>{filling.main}</div>'
        f"{side}</div></div>{banner(rng, filling.language) if filling.chrome else ''}"
        f'<script id=__NEXT_DATA__ type=application/json>{state}</script><script async src="/_next/static/a.js"></script>'
    )


def tables(rng: Random, filling: Filling) -> str:
    side = f"<td width=180 valign=top>{teasers(rng, filling.language, 4)}</td>" if filling.chrome else ""
    return (
        f"<HTML><HEAD><TITLE>{escape(filling.title)}</TITLE>{filling.head}"
        f'<META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset=utf-8"></HEAD><BODY BGCOLOR="#ffffff">'
        f"<TABLE BORDER=0 WIDTH=100%><TR><TD COLSPAN=2><B>{filling.site}</B> | <A HREF='/'>Home</A></TD></TR>"
        f"<TR><TD>{filling.main}</TD>{side}</TR></TABLE></BODY></HTML>"
    )


def arc(rng: Random, filling: Filling) -> str:
    side = (
        f'<div class="b-xl__right">{teasers(rng, filling.language, 10)}</div><footer class="b-footer">'
        f'<a href="/terms/">Terms</a><a href="/privacy/">Privacy</a></footer>{banner(rng, filling.language)}'
        if filling.chrome
        else ""
    )
    return (
        f'<!DOCTYPE html><html lang="{filling.language}"><head><title>{escape(filling.title)}</title>{filling.head}'
        f'<meta name="twitter:site" content="@post"/><script type="application/javascript" id="polyfill-script">'
        f"if(!Array.prototype.includes)document.write('')</script></head><body><div id=\"fusion-app\" "
        f'class="fusion-app layout-section"><header class="b-header"><a href="/">{filling.site}</a>'
        f'{login_box(rng) if filling.chrome else ""}</header><section role="main">{filling.main}</section>{side}</div>'
        f"<script>window.Fusion=window.Fusion||{{}};Fusion.contextPath='/pf'</script></body></html>"
    )


def typo3(rng: Random, filling: Filling) -> str:
    side = (
        f"<div class='col-md-4'><div class='csc-default'>{teasers(rng, filling.language, 6)}</div></div>"
        f"<div class='frame newsletter'><form><input type=email name=mail></form></div>{login_box(rng)}"
        if filling.chrome
        else ""
    )
    return (
        f'<!DOCTYPE html>\n<html lang="{filling.language}">\n<head>\n<meta charset="utf-8">\n'
        f"<!-- This website is powered by TYPO3 -->\n<title>{escape(filling.title)}</title>\n{filling.head}\n</head>\n"
        f'<body id="p17" class="page-17">\n<div class="container"><div class="navbar"><a href="/">{filling.site}</a></div>\n'
        f'<div class="row"><div class="col-md-8" id="c42">\n{filling.main}\n</div>{side}</div></div>\n'
        f"{banner(rng, filling.language) if filling.chrome else ''}</body>\n</html>"
    )


def vue(rng: Random, filling: Filling) -> str:
    mark = f"data-v-{rng.randrange(16**8):08x}"
    side = f"<aside {mark}>{teasers(rng, filling.language, 7)}</aside>{login_box(rng)}" if filling.chrome else ""
    return (
        f'<!doctype html><html data-n-head-ssr lang="{filling.language}"><head {mark}><title>{escape(filling.title)}</title>'
        f'{filling.head}</head><body><div data-server-rendered="true" id="__nuxt"><div id="__layout"><div {mark}>'
        f"<header {mark}><svg {mark}></svg>{filling.site}</header>{filling.main}{side}"
        f"</div></div></div>{banner(rng, filling.language) if filling.chrome else ''}<script>window.__NUXT__=(function(a,b)"
        f"{{return {{layout:'default',data:[{{}}],error:null}}}}(null,{rng.randrange(9)}));</script></body></html>"
    )


Shell = Callable[[Random, Filling], str]

SHELLS: dict[str, tuple[Shell, ...]] = {"development": (wordpress, minified, tables), "held out": (arc, typo3, vue)}
"""For each half, the shells of its pages: what is tuned on one is not measured on it."""
