"""Walls that ask to accept cookies or tracking."""

# ruff: noqa: E501

from html import escape
from random import Random

from support.judged.shells import SHELLS, Filling

__all__ = ["consent_page"]

Wall = tuple[str, str, str, tuple[str, ...], tuple[str, ...], str]
"""Language, title, heading, paragraphs, buttons, path of the page."""

DEVELOPMENT: tuple[Wall, ...] = (
    (
        "en",
        "Before you continue",
        "Before you continue to Harbour",
        (
            "We use cookies and data to deliver and maintain our services, track outages and protect against spam.",
            "If you choose to “Accept all”, we will also use cookies and data to show personalised ads, depending on your settings.",
        ),
        ("Reject all", "Accept all", "More options"),
        "/consent",
    ),
    (
        "en",
        "Harbour is part of the Coast family of brands",
        "We, the Coast family, care about your privacy",
        (
            "When you use our sites and apps, we use cookies to provide them to you and to authenticate users.",
            "If you click “Accept all”, we and our 237 partners, who are part of the IAB Transparency & Consent Framework, will also store and access information on a device and use precise geolocation data.",
        ),
        ("Accept all", "Reject all", "Manage privacy settings"),
        "/v2/collectConsent",
    ),
    (
        "en",
        "Your privacy choices",
        "Continue with advertising or subscribe",
        (
            "Read our site free of charge with advertising and tracking, or subscribe to our ad-free version for £2.99 a month.",
            "You can withdraw your consent at any time in our privacy policy.",
        ),
        ("Accept and continue", "Subscribe"),
        "/privacy-wall",
    ),
    (
        "de",
        "Zustimmung erforderlich",
        "Mit Werbung weiterlesen oder das Pur-Abo wählen",
        (
            "Besuchen Sie uns wie gewohnt mit Werbung und Tracking, indem Sie der Nutzung aller Cookies zustimmen.",
            "Details zum Tracking finden Sie in der Datenschutzerklärung und im Privacy Center. Sie können Ihre Einwilligung jederzeit widerrufen.",
            "Wir und unsere bis zu 230 Partner verarbeiten personenbezogene Daten wie IP-Adresse, Nutzer-ID und Browser-Informationen.",
        ),
        ("Akzeptieren und weiter", "Pur-Abo abschließen"),
        "/zustimmung",
    ),
    (
        "de",
        "Hafenpost",
        "Willkommen bei der Hafenpost",
        (
            "Weiterlesen mit Werbung: Wir erheben personenbezogene Daten und übermitteln diese auch an Drittanbieter, die uns helfen, unser Webangebot zu verbessern und zu finanzieren.",
            "Mit Klick auf „Einverstanden“ erklären Sie sich mit der Verwendung von Cookies und der damit verbundenen Verarbeitung personenbezogener Daten einverstanden.",
        ),
        ("Einverstanden", "Bereits Abonnent? Anmelden"),
        "/consent/tcf/",
    ),
    (
        "de",
        "Bevor Sie fortfahren",
        "Bevor Sie zur Hafenpost gelangen",
        (
            "Wir verwenden Cookies, um unsere Dienste bereitzustellen und zu betreiben.",
            "Wenn Sie „Alle akzeptieren“ auswählen, verwenden wir Cookies auch, um personalisierte Werbung anzuzeigen.",
        ),
        ("Alle ablehnen", "Alle akzeptieren"),
        "/ml",
    ),
    (
        "fr",
        "Le Journal du port",
        "Votre vie privée, notre priorité",
        (
            "Avec votre accord, nos 143 partenaires et nous utilisons des cookies ou technologies similaires pour stocker et accéder à des informations personnelles comme votre visite sur ce site.",
            "Vous pouvez retirer votre consentement à tout moment en cliquant sur « Gérer mes cookies ».",
        ),
        ("Accepter et continuer", "S'abonner pour refuser"),
        "/actualites/article-1.html",
    ),
    (
        "fr",
        "Avant de continuer",
        "Accédez gratuitement au site en acceptant les cookies",
        (
            "En acceptant les cookies, vous accédez gratuitement aux contenus du site et soutenez notre rédaction.",
            "Sinon, abonnez-vous pour 1 € le premier mois et naviguez sans cookies publicitaires.",
        ),
        ("Tout accepter", "Je m'abonne"),
        "/cookiewall",
    ),
    (
        "es",
        "Aviso de privacidad",
        "Tu privacidad es importante para nosotros",
        (
            "Nosotros y nuestros 812 socios almacenamos o accedemos a información en un dispositivo, tales como cookies, y procesamos datos personales.",
            "Puedes aceptar el uso de cookies o suscribirte para navegar sin publicidad personalizada.",
        ),
        ("Aceptar y continuar", "Rechazar y suscribirse"),
        "/aviso",
    ),
    (
        "es",
        "Antes de continuar",
        "Antes de ir al Correo del Puerto",
        (
            "Usamos cookies y datos para ofrecer y mantener los servicios.",
            "Si seleccionas «Aceptar todo», también usaremos cookies para mostrar anuncios personalizados.",
        ),
        ("Rechazar todo", "Aceptar todo"),
        "/consent",
    ),
    (
        "it",
        "Il Corriere del porto",
        "La tua privacy è importante",
        (
            "Noi e i nostri 741 partner archiviamo e accediamo a informazioni su un dispositivo, come i cookie, e trattiamo dati personali.",
            "Per continuare a leggere gratuitamente accetta i cookie, oppure abbonati.",
        ),
        ("Accetta e continua", "Abbonati"),
        "/cronaca/articolo",
    ),
    (
        "it",
        "Prima di continuare",
        "Scegli come proseguire",
        (
            "Utilizziamo cookie e dati per fornire i nostri servizi.",
            "Puoi revocare il consenso in qualsiasi momento dalle impostazioni della privacy.",
        ),
        ("Rifiuta tutto", "Accetta tutto"),
        "/consent",
    ),
    (
        "nl",
        "Privacy Gate",
        "Cookies toestaan",
        (
            "Havenbode en derde partijen plaatsen cookies om de website goed te laten werken en om advertenties te personaliseren.",
            "Klik op ‘Akkoord’ om toestemming te geven. Je kunt je toestemming op elk moment intrekken.",
        ),
        ("Akkoord", "Instellen"),
        "/consent?siteKey=abc&callbackUrl=x",
    ),
    (
        "nl",
        "Welkom bij de Havenbode",
        "Jouw privacy",
        ("Om deze pagina te bekijken vragen wij je toestemming voor cookies van ons en onze 120 partners.",),
        ("Alles accepteren", "Weigeren"),
        "/cookie-wall",
    ),
    (
        "pl",
        "Zgoda na cookies",
        "Dbamy o Twoją prywatność",
        (
            "My i nasi zaufani partnerzy przechowujemy i uzyskujemy dostęp do informacji na urządzeniu oraz przetwarzamy dane osobowe.",
            "Klikając „Przejdź do serwisu”, wyrażasz zgodę na przetwarzanie danych. Zgodę możesz wycofać w każdej chwili.",
        ),
        ("Przejdź do serwisu", "Ustawienia"),
        "/rodo",
    ),
    (
        "pt",
        "Aviso de cookies",
        "A sua privacidade é importante para nós",
        (
            "Nós e os nossos parceiros armazenamos ou acedemos a informações num dispositivo, como cookies, e processamos dados pessoais.",
        ),
        ("Aceitar e continuar", "Mais opções"),
        "/consent",
    ),
    (
        "sv",
        "Innan du fortsätter",
        "Vi värnar om din integritet",
        (
            "Vi och våra partner lagrar och får åtkomst till information på en enhet, till exempel cookies.",
            "Du kan när som helst återkalla ditt samtycke.",
        ),
        ("Godkänn alla", "Hantera inställningar"),
        "/samtycke",
    ),
    (
        "fi",
        "Tietosuoja-asetuksesi",
        "Välitämme yksityisyydestäsi",
        (
            "Me ja kumppanimme tallennamme evästeitä laitteellesi ja käsittelemme henkilötietoja.",
            "Voit peruuttaa suostumuksesi milloin tahansa.",
        ),
        ("Hyväksy kaikki", "Asetukset"),
        "/suostumus",
    ),
    (
        "cs",
        "Souhlas s cookies",
        "Vážíme si vašeho soukromí",
        (
            "My a naši partneři ukládáme a zpřístupňujeme informace na zařízení, například soubory cookie.",
            "Svůj souhlas můžete kdykoli odvolat.",
        ),
        ("Přijmout vše", "Předplatit"),
        "/souhlas",
    ),
    (
        "el",
        "Πριν συνεχίσετε",
        "Σεβόμαστε την ιδιωτικότητά σας",
        ("Εμείς και οι συνεργάτες μας αποθηκεύουμε cookies και επεξεργαζόμαστε προσωπικά δεδομένα.",),
        ("Αποδοχή όλων", "Επιλογές"),
        "/consent",
    ),
    (
        "en",
        "Cookie settings",
        "Please accept cookies to read this page",
        (
            "This page can only be shown after you have chosen your cookie settings. Without cookies we cannot show the content.",
        ),
        ("Accept", "Settings"),
        "/news/12345",
    ),
    (
        "de",
        "Cookie-Einstellungen",
        "Ihre Datenschutz-Einstellungen",
        ("Um diesen Inhalt zu sehen, stimmen Sie bitte der Verwendung von Cookies durch uns und unsere Partner zu.",),
        ("Alles akzeptieren", "Nur notwendige"),
        "/lokales/artikel123.html",
    ),
    (
        "da",
        "Samtykke til cookies",
        "Vi respekterer dit privatliv",
        (
            "Vi og vores partnere bruger cookies til at behandle personoplysninger.",
            "Du kan til enhver tid trække dit samtykke tilbage.",
        ),
        ("Tillad alle", "Afvis"),
        "/samtykke",
    ),
    (
        "hu",
        "Adatvédelmi beállítások",
        "Fontos számunkra az Ön adatainak védelme",
        ("Mi és partnereink sütiket tárolunk az eszközön, és személyes adatokat kezelünk.",),
        ("Elfogadom", "Beállítások"),
        "/consent",
    ),
    (
        "ro",
        "Confidențialitatea ta",
        "Respectăm confidențialitatea datelor tale",
        ("Noi și partenerii noștri stocăm și accesăm informații de pe dispozitiv, cum ar fi cookie-urile.",),
        ("Accept toate", "Mai multe opțiuni"),
        "/consimtamant",
    ),
)

HELD_OUT: tuple[Wall, ...] = (
    (
        "en",
        "Privacy Center",
        "Privacy notice",
        (
            "We and our 1,035 vendors ask for your consent to use your personal data, and to store and/or access information on your device.",
            "This may include using your personal data for personalised advertising and content, advertising and content measurement, audience research and services development.",
        ),
        ("Consent", "Manage options"),
        "/gdpr",
    ),
    (
        "en",
        "The Mirror of the North - Consent or Pay",
        "Choose how to read us",
        (
            "You can use our website for free if you agree to personalised advertising, or pay to reject cookies.",
            "Already a member? Sign in to continue without ads.",
        ),
        ("Agree", "Pay to reject"),
        "/consent-or-pay",
    ),
    (
        "en",
        "We value your privacy",
        "We value your privacy",
        (
            "To continue to our site, please select an option. Our partners process data on the basis of legitimate interest; you can object below.",
        ),
        ("I accept", "I do not accept", "Learn more"),
        "/world/2024/05/03/story.html",
    ),
    (
        "en",
        "Cookies required",
        "This content needs your permission",
        (
            "Our European visitors are important to us. Because of data protection rules you have to agree to our use of cookies before you can enter the site.",
        ),
        ("I agree, continue to the site",),
        "/eu-privacy",
    ),
    (
        "de",
        "Datenschutz-Hinweis",
        "Lesen Sie kostenlos mit Werbung",
        (
            "Mit Ihrer Zustimmung setzen wir und unsere Partner Cookies, Pixel und ähnliche Technologien für Werbezwecke ein.",
            "Oder lesen Sie werbefrei und ohne Werbetracking für 3,99 € im Monat.",
        ),
        ("Zustimmen und weiter", "Jetzt werbefrei lesen"),
        "/pur",
    ),
    (
        "de",
        "Cookies zustimmen oder Abo abschließen",
        "Wir brauchen Ihre Zustimmung",
        (
            "Zusammen mit unseren Werbepartnern möchten wir Informationen auf Ihrem Gerät speichern und abrufen.",
            "Ihre Einwilligung ist freiwillig und kann jederzeit mit Wirkung für die Zukunft widerrufen werden.",
        ),
        ("Zustimmen", "Ohne Tracking nutzen"),
        "/politik/123",
    ),
    (
        "de",
        "consent.nordkurier.example",
        "Privatsphäre-Einstellungen",
        (
            "Um unsere Inhalte nutzen zu können, benötigen wir Ihr Einverständnis zur Datenverarbeitung.",
            "Verwendungszwecke: Informationen auf einem Gerät speichern, personalisierte Anzeigen, Messung der Anzeigenleistung.",
        ),
        ("Alle annehmen", "Einstellungen anzeigen"),
        "/",
    ),
    (
        "fr",
        "Consentement",
        "Continuer sans accepter ou soutenir nos journalistes",
        (
            "Pour continuer votre lecture, vous devez accepter le dépôt de traceurs par notre site et ses partenaires.",
            "Vos données de navigation servent à la publicité personnalisée et à la mesure de performance des contenus.",
        ),
        ("J'accepte", "Continuer sans accepter"),
        "/consentement",
    ),
    (
        "fr",
        "La Voix du Nord-Est",
        "Nous respectons votre vie privée",
        (
            "Nous et nos partenaires stockons et/ou accédons à des informations sur un terminal et traitons les données personnelles.",
            "Choisissez l'abonnement sans publicité ou l'accès gratuit avec cookies.",
        ),
        ("Accéder gratuitement au site", "Accéder pour 0,50 € sans cookie"),
        "/societe/article_123.html",
    ),
    (
        "fr",
        "Paramètres de confidentialité",
        "Vos choix concernant les cookies",
        ("Cette page s'affichera dès que vous aurez donné ou refusé votre consentement.",),
        ("Tout accepter", "Tout refuser", "Personnaliser"),
        "/cmp",
    ),
    (
        "es",
        "Configuración de privacidad",
        "Elige cómo quieres leernos",
        (
            "Lee gratis aceptando cookies publicitarias de terceros o suscríbete por 2 euros al mes.",
            "Tu consentimiento se puede retirar en cualquier momento.",
        ),
        ("Acepto", "Suscribirme"),
        "/pay-or-ok",
    ),
    (
        "es",
        "El Heraldo",
        "Valoramos su privacidad",
        (
            "Con su consentimiento, nosotros y nuestros proveedores podemos utilizar datos de localización geográfica precisa e identificación mediante análisis de dispositivos.",
        ),
        ("Consentir", "Gestionar opciones"),
        "/politica/2024-05-03/nota.html",
    ),
    (
        "it",
        "Consenso ai cookie",
        "Accetta i cookie o sottoscrivi un abbonamento",
        (
            "Se accetti, noi e terze parti selezionate utilizzeremo cookie e tecnologie simili per la pubblicità personalizzata.",
        ),
        ("Accetta e prosegui", "Rifiuta e abbonati"),
        "/consenso",
    ),
    (
        "it",
        "Informativa",
        "Rispettiamo la tua privacy",
        (
            "Dando il consenso al trattamento dei tuoi dati personali potrai leggere gratuitamente i contenuti del sito.",
            "Il consenso può essere revocato in ogni momento.",
        ),
        ("Acconsento", "Scopri di più"),
        "/notizie/123.html",
    ),
    (
        "nl",
        "Toestemming",
        "Wij respecteren je privacy",
        (
            "Door op ‘Ja, ik accepteer’ te klikken ga je akkoord met cookies van ons en onze advertentiepartners.",
            "Zonder cookies kun je deze site niet gratis lezen; neem dan een abonnement.",
        ),
        ("Ja, ik accepteer", "Nee, ik wil een abonnement"),
        "/toestemming",
    ),
    (
        "nl",
        "Cookie-instellingen",
        "Even je voorkeuren instellen",
        ("Voordat je verdergaat naar deze website willen we je toestemming vragen voor het gebruik van cookies.",),
        ("Akkoord en doorgaan", "Voorkeuren beheren"),
        "/gate",
    ),
    (
        "pl",
        "Ustawienia prywatności",
        "Szanujemy Twoją prywatność",
        (
            "Aby przejść do artykułu, wyraź zgodę na wykorzystanie plików cookie przez nas i naszych partnerów w celach reklamowych.",
        ),
        ("Zgadzam się", "Nie wyrażam zgody"),
        "/zgoda",
    ),
    (
        "pl",
        "Kurier",
        "Witamy w serwisie",
        (
            "Administratorem danych jest wydawca. Partnerzy mogą przetwarzać dane na podstawie prawnie uzasadnionego interesu, a w pozostałych przypadkach na podstawie zgody.",
        ),
        ("Akceptuję i przechodzę do serwisu",),
        "/informacje/1",
    ),
    (
        "pt",
        "Consentimento",
        "Valorizamos a sua privacidade",
        ("Para continuar a ler gratuitamente, aceite os cookies nossos e dos nossos parceiros de publicidade.",),
        ("Concordo", "Não concordo"),
        "/cookies",
    ),
    (
        "sv",
        "Samtycke",
        "Din integritet är viktig för oss",
        (
            "För att läsa vidare behöver vi ditt samtycke till kakor och behandling av personuppgifter för riktad annonsering.",
        ),
        ("Jag godkänner", "Anpassa"),
        "/cmp",
    ),
    (
        "no",
        "Personvern",
        "Vi bryr oss om personvernet ditt",
        (
            "Vi og våre samarbeidspartnere bruker informasjonskapsler til annonser og analyse. Du må gi samtykke for å gå videre.",
        ),
        ("Godta alle", "Tilpass"),
        "/samtykke",
    ),
    (
        "cs",
        "Nastavení soukromí",
        "Než budete pokračovat",
        (
            "Potřebujeme váš souhlas se zpracováním osobních údajů pro personalizovanou reklamu. Číst bez reklam můžete s předplatným.",
        ),
        ("Souhlasím", "Nesouhlasím"),
        "/cmp",
    ),
    (
        "el",
        "Ρυθμίσεις απορρήτου",
        "Η ιδιωτικότητά σας είναι σημαντική",
        ("Χρειαζόμαστε τη συγκατάθεσή σας για τη χρήση cookies από εμάς και τους συνεργάτες μας.",),
        ("Συμφωνώ", "Ρυθμίσεις"),
        "/gdpr",
    ),
    (
        "uk",
        "Налаштування конфіденційності",
        "Ми дбаємо про вашу конфіденційність",
        ("Ми та наші партнери зберігаємо файли cookie та обробляємо персональні дані за вашою згодою.",),
        ("Погоджуюсь", "Налаштування"),
        "/consent",
    ),
    (
        "fi",
        "Evästeet",
        "Ennen kuin jatkat",
        ("Tarvitsemme suostumuksesi evästeiden käyttöön, jotta voimme näyttää kohdennettua mainontaa.",),
        ("Hyväksyn", "Hallitse valintoja"),
        "/cmp",
    ),
)


def consent_page(half: str, index: int, rng: Random) -> tuple[str, str]:
    """Return the HTML and the path of a wall."""
    walls = DEVELOPMENT if half == "development" else HELD_OUT
    language, title, heading, paragraphs, buttons, path = walls[index % len(walls)]
    texts = "".join(f"<p>{escape(text)}</p>" for text in paragraphs)
    if index // len(walls) % 2:
        # The wall alone, as an address of its own shows it.
        choices = "".join(f'<button name="agree" value="{n}">{escape(text)}</button>' for n, text in enumerate(buttons))
        main = (
            f'<form method="post" class="consent-form"><input type="hidden" name="csrfToken" value="x1">'
            f"<h1>{escape(heading)}</h1>{texts}{choices}</form><p><a href='/privacy'>Privacy</a> <a href='/terms'>Terms</a></p>"
        )
        chrome = False
    else:
        choices = "".join(
            f'<a class="btn" href="#" data-choice="{n}">{escape(text)}</a>' for n, text in enumerate(buttons)
        )
        main = (
            f'<div class="{rng.choice(["gate", "wall-container", "purabo", "cmp-page"])}" role="dialog">'
            f"<h2>{escape(heading)}</h2><div>{texts}</div><div>{choices}</div></div>"
        )
        chrome = half == "development" and rng.random() < 0.3
    filling = Filling(language=language, title=title, main=main, chrome=chrome)
    return rng.choice(SHELLS[half])(rng, filling), path
