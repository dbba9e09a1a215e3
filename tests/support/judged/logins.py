"""Forms to sign in or to subscribe that stand where the article's text should be."""

# ruff: noqa: E501

from html import escape
from random import Random

from support.judged.prose import headline
from support.judged.shells import SHELLS, Filling

__all__ = ["login_page"]

Login = tuple[str, str, str, tuple[str, ...], str, str]
"""Language, title, heading, paragraphs, kind of the form, path of the page."""

DEVELOPMENT: tuple[Login, ...] = (
    (
        "en",
        "Log in | Harbour Post",
        "Log in to your account",
        ("Welcome back! Please enter your details.", "Forgot your password?"),
        "password",
        "/login?redirect=/news/1",
    ),
    (
        "en",
        "Sign in to continue reading",
        "Sign in to continue reading",
        ("Create a free account to get access to this article.",),
        "email",
        "/account/signin",
    ),
    (
        "en",
        "Subscribe to Harbour Post",
        "Subscribe to read this article",
        ("Get unlimited digital access for $1 a week. Cancel anytime.", "Already a subscriber? Log in"),
        "offers",
        "/subscribe",
    ),
    (
        "en",
        "Log In ‹ Harbour — WordPress",
        "Powered by WordPress",
        ("Username or Email Address", "Lost your password?"),
        "password",
        "/wp-login.php?redirect_to=x",
    ),
    ("en", "SSO", "Single sign-on", ("Use your institution's account.",), "sso", "/oauth2/authorize?client_id=1"),
    (
        "de",
        "Anmelden",
        "Melden Sie sich an",
        ("Noch kein Konto? Jetzt registrieren", "Passwort vergessen?"),
        "password",
        "/anmelden",
    ),
    (
        "de",
        "Hafenpost-Login",
        "Bitte melden Sie sich an, um weiterzulesen",
        ("Dieser Artikel ist nur für registrierte Nutzer verfügbar.",),
        "email",
        "/lokales/artikel1.html",
    ),
    (
        "de",
        "Abo",
        "Dieser Artikel ist exklusiv für Abonnenten",
        ("Jetzt 4 Wochen für 1 € testen und alle Artikel lesen.", "Sie sind bereits Abonnent? Hier anmelden"),
        "offers",
        "/plus/artikel2.html",
    ),
    (
        "fr",
        "Connexion",
        "Connectez-vous",
        ("Mot de passe oublié ?", "Pas encore de compte ? Inscrivez-vous"),
        "password",
        "/connexion",
    ),
    (
        "fr",
        "S'abonner",
        "Cet article est réservé aux abonnés",
        ("Profitez de toutes nos offres à partir de 1 € par mois, sans engagement.", "Déjà abonné ? Connectez-vous"),
        "offers",
        "/abonnement",
    ),
    (
        "es",
        "Iniciar sesión",
        "Inicia sesión para seguir leyendo",
        ("¿Has olvidado tu contraseña?", "¿No tienes cuenta? Regístrate"),
        "password",
        "/login",
    ),
    (
        "es",
        "Suscríbete",
        "Contenido exclusivo para suscriptores",
        ("Suscríbete desde 1 € al mes.", "¿Ya eres suscriptor? Inicia sesión"),
        "offers",
        "/suscripcion",
    ),
    (
        "it",
        "Accedi",
        "Accedi al tuo account",
        ("Password dimenticata?", "Non hai un account? Registrati"),
        "password",
        "/login",
    ),
    (
        "it",
        "Abbonati",
        "Contenuto riservato agli abbonati",
        ("Abbonati a 1 € per il primo mese.", "Sei già abbonato? Accedi"),
        "offers",
        "/abbonamento",
    ),
    (
        "nl",
        "Inloggen",
        "Log in op je account",
        ("Wachtwoord vergeten?", "Nog geen account? Maak er gratis een aan"),
        "password",
        "/inloggen",
    ),
    (
        "nl",
        "Verder lezen?",
        "Verder lezen? Maak een gratis account aan",
        ("Heb je al een account? Log in",),
        "email",
        "/nieuws/1",
    ),
    (
        "pl",
        "Logowanie",
        "Zaloguj się",
        ("Nie pamiętasz hasła?", "Nie masz konta? Zarejestruj się"),
        "password",
        "/logowanie",
    ),
    ("pt", "Iniciar sessão", "Entre na sua conta", ("Esqueceu-se da palavra-passe?",), "password", "/login"),
    (
        "sv",
        "Logga in",
        "Logga in för att läsa artikeln",
        ("Glömt lösenordet?", "Inte prenumerant? Köp här"),
        "password",
        "/logga-in",
    ),
    ("fi", "Kirjaudu", "Kirjaudu sisään", ("Unohditko salasanasi?",), "password", "/kirjaudu"),
    ("cs", "Přihlášení", "Přihlaste se", ("Zapomněli jste heslo?",), "password", "/prihlaseni"),
    ("el", "Σύνδεση", "Συνδεθείτε", ("Ξεχάσατε τον κωδικό;",), "password", "/login"),
    ("hu", "Bejelentkezés", "Bejelentkezés", ("Elfelejtett jelszó?",), "password", "/belepes"),
    ("ro", "Autentificare", "Intră în cont", ("Ai uitat parola?",), "password", "/autentificare"),
    (
        "en",
        "Harbour Post",
        "You have reached your limit of free articles",
        ("Register for free to read two more articles this month.",),
        "email",
        "/news/story-9",
    ),
)

HELD_OUT: tuple[Login, ...] = (
    (
        "en",
        "Authentication",
        "Welcome",
        ("Log in to The Mirror to continue to Mirror Online.", "Don't have an account? Sign up"),
        "password",
        "/u/login?state=abc",
    ),
    (
        "en",
        "Member sign-in",
        "This article is for members only",
        ("Join today and support independent journalism.", "Already a member? Sign in here."),
        "offers",
        "/members/2024/story",
    ),
    (
        "en",
        "Register",
        "Register for free to keep reading",
        ("It only takes a minute. We will never share your details.",),
        "email",
        "/register",
    ),
    (
        "en",
        "Mirror: digital subscriptions",
        "Choose your plan",
        (
            "Monthly $9.99. Yearly $79. Student $4. All plans include the e-paper and the app.",
            "Billed automatically until cancelled.",
        ),
        "offers",
        "/offer?pc=1",
    ),
    (
        "en",
        "Shibboleth Login",
        "Login to Mirror Archive",
        ("Username", "Password", "Don't remember login"),
        "password",
        "/idp/profile/SAML2/Redirect/SSO",
    ),
    (
        "de",
        "Einloggen | Nordkurier",
        "Willkommen zurück!",
        ("Loggen Sie sich mit Ihrer E-Mail-Adresse ein.", "Kennwort vergessen"),
        "password",
        "/user/login?destination=/a",
    ),
    (
        "de",
        "Registrieren und weiterlesen",
        "Kostenlos registrieren und weiterlesen",
        ("Mit einem Konto lesen Sie drei Artikel im Monat gratis.",),
        "email",
        "/registrierung",
    ),
    (
        "de",
        "Nordkurier Plus",
        "Weiterlesen mit Nordkurier Plus",
        (
            "Monatlich kündbar. Alle Inhalte auf nordkurier.example. Im ersten Monat gratis, danach 9,90 €.",
            "Sie haben bereits ein Abo? Einloggen",
        ),
        "offers",
        "/plus/politik/artikel99",
    ),
    ("de", "Zugang", "Ihr Zugang zum E-Paper", ("Kundennummer", "Kennwort"), "password", "/epaper/zugang"),
    (
        "fr",
        "Identification",
        "Identifiez-vous",
        ("Vous avez déjà un compte ? Saisissez votre adresse e-mail et votre mot de passe.",),
        "password",
        "/mon-compte",
    ),
    (
        "fr",
        "Il vous reste 90% de l'article à lire",
        "La suite est réservée aux abonnés",
        ("Choisissez votre formule. Résiliable à tout moment.", "Se connecter"),
        "offers",
        "/article/abonnes-1",
    ),
    (
        "es",
        "Acceso",
        "Accede a tu cuenta",
        ("Introduce tu correo y contraseña.", "Recordar contraseña"),
        "password",
        "/acceso",
    ),
    (
        "es",
        "Hazte socio",
        "Para seguir leyendo, hazte socio",
        ("Lee sin límites por 60 euros al año.", "¿Ya eres socio? Entra"),
        "offers",
        "/socios",
    ),
    (
        "it",
        "Login",
        "Effettua il login",
        ("Inserisci email e password.", "Hai dimenticato la password?"),
        "password",
        "/auth",
    ),
    (
        "it",
        "Registrati per continuare",
        "Registrati gratis per continuare a leggere",
        ("Hai già un account? Effettua l'accesso",),
        "email",
        "/registrazione",
    ),
    ("nl", "Aanmelden", "Meld je aan", ("E-mailadres", "Wachtwoord", "Account aanmaken"), "password", "/aanmelden"),
    (
        "nl",
        "Alleen voor abonnees",
        "Dit artikel is alleen voor abonnees",
        ("Probeer de eerste maand gratis. Al abonnee? Inloggen",),
        "offers",
        "/plus/1",
    ),
    (
        "pl",
        "Zaloguj się, aby czytać dalej",
        "Treść dostępna dla subskrybentów",
        ("Wybierz prenumeratę. Pierwszy miesiąc za 1 zł.", "Masz już konto? Zaloguj się"),
        "offers",
        "/prenumerata",
    ),
    (
        "pt",
        "Exclusivo assinantes",
        "Este artigo é exclusivo para assinantes",
        ("Assine por 1 € no primeiro mês.", "Já é assinante? Faça login"),
        "offers",
        "/assinar",
    ),
    ("sv", "Konto", "Logga in på ditt konto", ("E-postadress", "Skapa konto"), "password", "/konto"),
    ("no", "Logg inn", "Logg inn for å lese saken", ("Har du ikke abonnement? Kjøp her",), "password", "/logginn"),
    ("da", "Log ind", "Log ind for at læse videre", ("Har du glemt din adgangskode?",), "password", "/logind"),
    (
        "cs",
        "Předplatné",
        "Článek je jen pro předplatitele",
        ("Už máte předplatné? Přihlaste se.",),
        "offers",
        "/premium/1",
    ),
    (
        "fi",
        "Tilaajille",
        "Tämä artikkeli on vain tilaajille",
        ("Oletko jo tilaaja? Kirjaudu sisään",),
        "offers",
        "/tilaa",
    ),
    ("uk", "Вхід", "Увійдіть, щоб продовжити", ("Забули пароль?", "Зареєструватися"), "password", "/login"),
)


def form(kind: str, rng: Random) -> str:
    field = f'<input type="email" name="{rng.choice(["email", "login", "user"])}" placeholder="E-mail">'
    if kind == "password":
        return f'<form method="post">{field}<input type="password" name="pw"><button type="submit">OK</button></form>'
    if kind == "email":
        return f'<form action="/register" method="post">{field}<button>→</button><button type="button">Google</button></form>'
    if kind == "sso":
        return '<form action="/saml"><select name="idp"><option>A</option><option>B</option></select><input name="username"><input type=password name=j_password></form>'
    return '<div class="offers"><a class="offer" href="/checkout/1">1 €</a><a class="offer" href="/checkout/2">9 €</a><a href="/login">Login</a></div>'


def login_page(half: str, index: int, rng: Random) -> tuple[str, str]:
    """Return the HTML and the path of a page that asks to sign in."""
    logins = DEVELOPMENT if half == "development" else HELD_OUT
    language, title, heading, paragraphs, kind, path = logins[index % len(logins)]
    texts = "".join(f"<p>{escape(text)}</p>" for text in paragraphs)
    second = bool(index // len(logins) % 2)
    before = f"<h1>{escape(headline(rng, language))}</h1>" if kind != "password" and second else ""
    level = "h2" if before else rng.choice(["h1", "h2", "strong"])
    main = f'{before}<div class="{rng.choice(["box", "auth", "piano-offer", "c-gate"])}"><{level}>{escape(heading)}</{level}>{texts}{form(kind, rng)}</div>'
    filling = Filling(language=language, title=title, main=main, chrome=not second)
    return rng.choice(SHELLS[half])(rng, filling), path
