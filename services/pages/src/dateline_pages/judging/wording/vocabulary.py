"""Words that walls, forms and error pages are made of, in the languages of Europe."""

import re
from typing import Literal

__all__ = ["HEADINGS", "TELLTALES", "WORDS", "Wall", "any_of", "words_in"]

Wall = Literal["consent", "challenge", "login", "not found"]
"""The kinds of pages that are recognised by their words."""


def any_of(text: str) -> re.Pattern[str]:
    """Return a pattern of alternatives, one a line; a line is part of a regular expression."""
    return re.compile("|".join(line for line in map(str.strip, text.strip().splitlines()) if line))


WORDS: dict[Wall, re.Pattern[str]] = {
    "consent": any_of(
        r"""
        cookie|kakor|evästei|sütik|informasjonskapsl|\btraceurs?\b|\bpixels?\b|\btracking
        consent|samtyck|samtykke|suostum|souhlas|συγκατάθεσ|\bzgod[ayęz]|zgadzam|згод|consimt|consimț|hozzájárul
        concord
        einwillig|zustimm|einverst|toestemming|akkoord|permission
        privacy|privatsphäre|datenschutz|vie privée|confidential|privacidad|privacidade|prywatnoś|integritet
        yksityisyy
        tietosuoj|soukrom|ιδιωτικότ|απορρήτου|privatliv|personvern|adatvéd|confidențial|конфіденц|конфиденц
        \bpartner|partenaire|\bsocios?\b|parceiros|kumppan|partnerz|συνεργάτ|vendors|drittanbieter|third part
        terze parti
        derde partijen|terceros|proveedores|samarbeidspartner|партнер|werbepartner
        consenso|administratorem danych|personal data|personenbezogen|données (?:personnel|de navig)|datos personal
        dati personali|persoonsgegevens
        danych osobow|dane osob|dados pessoais|personuppgift|henkilötieto|osobních údaj|προσωπικά δεδομέν
        personoplysning
        personopplysning|személyes adat|date personale|персональн|your data|ihre daten
        legitimate interest|berechtigtes interesse|intérêt légitime|interés legítimo|legittimo interesse|uzasadnionego
        (?:personali[sz]ed|targeted) ad|personalisierte|personnalisé|personalizad|personalizzat|personaliser
        store (?:and/or|and|or) access|speichern und|stockons|almacenamos|archiviamo|accedemos
        accept all|reject all|alle akzeptieren|alles akzeptieren|alle ablehnen|tout accepter|tout refuser|aceptar todo
        rechazar todo|accetta tutt|rifiuta tutt|alles accepteren|przyjmij|akcept|godkänn|hyväks|godta|elfogad|přijmout
        withdraw|widerruf|retirer votre|retirar|revoc|revocat|intrekken|wycofać|odwolat|odvolat|återkalla|peruuttaa
        (?:with|mit|ohne|avec|sans|con|sin|met|utan|uten) (?:advert|ads\b|werbung|publicit|pubblicit|annons|reclame)
        ad-free|werbefrei|pur-abo|sans publicit|privacy center|pay to reject|rodo\b|rgpd|gdpr|dsgvo|data protection
        """
    ),
    "challenge": any_of(
        r"""
        \brobots?\b|\bbots?\b|robotem|robô|ρομπότ|робот|captcha|\bhuman\b|scrap(?:er|ing)|automated (?:access|request)
        automatisierte|\bjavascript\b|\benable js\b|ad blocker|browser|navegador|navigateur|prohlížeč|przeglądark
        браузер
        (?:unusual|suspicious) (?:traffic|activity)|activité inhabituelle|tráfico inusual|ungewöhnlich|nietypow
        verif(?:y|ying|ied|ication|ica|iek|ikac)|vérifi|überprüf|weryfik|проверк|проверяем|controleren|comprobando
        security (?:check|service|of your)|sicherheit (?:ihrer|der)|seguridad|sécurité|sicurezza|sikkerhed|säkerhet
        (?:your )?connection|verbindung|conexión|connessione|connexion|verbinding|suojattu
        you have been blocked|access (?:denied|to this page)|zugriff verweigert|accès refusé|acceso denegado
        accesso negato|toegang geweigerd|permission to access|limited by the site|request (?:rejected|unsuccessful)
        was rejected|\bblocked\b|ray id|incident id|support id|reference (?:id|#)|request number|block reference
        protect(?:ed|ion| itself)|one moment|just a moment|please (?:wait|allow)|einen moment|un momento|un instant
        even geduld
        ett ögonblick|подождите|unable to access|not permitted|not loading|\breload|super-human|disabled cookies
        """
    ),
    "login": any_of(
        r"""
        \blog[ -]?in\b|\bsign[ -]?(?:in|up)\b|\bsign-on\b|authenticat|shibboleth|\bpassword|\busername|user name
        \baccount|register|membership|\bmembers?\b|already a|subscri|unlimited|free article|cancel anytime
        keep reading|continue reading|read this article|choose your plan|billed|\bjoin\b|support independent
        anmeld|einlogg|passwort|kennwort|\bkonto|registrier|abonne|\babo\b|kündbar|weiter(?:zu)?les|melden sie sich
        kundennummer|zugang|loggen
        connexion|connectez|se connecter|mot de passe|inscri|identifi|abonn|engagement|résiliable|votre formule|compte
        iniciar? sesión|inicia sesión|contraseña|suscri|regístra|\bcuenta|\bacced|seguir leyendo|\bsoci[oa]s?\b
        sin límites
        \baccedi|\baccesso\b|password|abbona|registra|riservat[oa] agli|effettua|\blogin
        inlog|wachtwoord|verder lezen|aanmeld|meld je aan|abonnee|\bgratis\b|proberen|probeer
        logowani|zaloguj|hasł|rejestr|konta\b|subskryb|prenumera|\bkonto
        sessão|palavra-passe|\bsenha|assina|\bconta\b|entre na
        logga in|lösenord|prenumer|skapa konto|logg inn|abonnement|passord|log ind|adgangskode|e-postadress
        kirjaudu|salasana|tilaaj|tilaa\b|přihlá|přihlas|heslo|předplat|jelszó|bejelentkez|belép|autentific|parola
        intră în
        σύνδεσ|συνδεθ|κωδικό|συνδρομ|вхід|увійд|пароль|зареєстр|подписк|войти
        limit of|exclusi|exklusiv|réservé|reservad|first month|ersten monat|premier mois|primer mes|primo mese
        eerste maand
        pierwszy miesiąc|primeiro mês|[€$£]\s?\d|\d\s?(?:€|\$|£|euros?\b|zł|kr\b)|e-mail|don't remember|institution
        """
    ),
    "not found": any_of(
        r"""
        \b404\b|not found|n[o']t (?:be )?f(?:ound|ind)|nothing was found|isn.t available|not available|no longer
        unavailable|does(?:n.t| not) exist|been (?:removed|moved|deleted|taken down)|may be broken|outdated link
        expired
        \berror|went wrong|oops|sorry|page you|check the address|typed the address|homepage|try a search
        please try again
        client-side exception|browser console|server error|access cannot be granted|popular stories instead
        nicht (?:mehr )?(?:gefunden|verfügbar|vorhanden|auffindbar)|existiert|gibt es (?:leider )?nicht|gelöscht
        abgelaufen
        fehler|schiefgegangen|schiefgelaufen|vertippt|verschoben|zur startseite|hoppla|\bups\b|leider nicht
        begrenzte zeit
        introuvable|n.existe (?:pas|plus)|pas trouv|ne trouvons pas|supprimé|déplacé|n.est plus disponible|erreur|oups
        désolé|l.accueil|incorrect ou|a changé
        no (?:encontrad|existe|se ha encontrado|hemos encontrado)|no (?:está )?disponible|eliminad|roto|lo sentimos
        ¡vaya
        la portada|la página que|cambiado de direcci
        non (?:trovat|esiste|è più|c.è|disponibil)|rimoss|cancellat|spostat|ci dispiace|\bops\b|home page|più online
        niet (?:gevonden|beschikbaar|langer beschikbaar|vinden)|bestaat niet|verwijderd|verplaatst|oeps
        offline gehaald
        controleer het adres
        nie (?:znalezion|istnieje|ma\b)|usunięt|zmienił|błąd|\bups\b|już nie ma
        não (?:encontrad|encontrámos|existe|está)|removid|errad|já não|\berro\b
        (?:inte|ikke|ei) (?:hitt|finns|finn|fund|ole)|finns inte|hittades inte|findes ikke|fant ikke|tagits bort
        flytta
        slettet|fel\b|hoppsan|beklager|löytynyt|poistettu|siirretty|ei löydy|hups|etusivu
        nenalezen|nebyla nalezena|neexistuje|odstraněn|smazán|přesunut|chyba|omlouváme
        δεν (?:βρέθηκε|υπάρχει)|σφάλμα|не (?:знайдено|існує|найден)|немає|помилка|видалено|переміщен|ошибка|удален
        nem található|nu (?:a fost|există)|eroare|copyright|\bnginx\b|apache
        """
    ),
}
"""Words in lower case; a text is made of a kind when most of its stretches hold one of them."""

HEADINGS: dict[Wall, re.Pattern[str]] = {
    "consent": any_of(
        r"""
        隐私|クッキー|プライバシー|쿠키|ملفات تعريف|gizlilik|çerez|your (?:data|choices)
        cookie|consent|samtyck|samtykke|suostum|souhlas|zgod[ayę]|consens[ot]|consimț|toestemming|zustimmung|evästeet
        privacy|privatsphäre|datenschutz|vie privée|confidential|privacidad|privacidade|prywatnoś|integritet
        yksityisyy
        tietosuoj|soukrom|ιδιωτικότ|απορρήτου|privatliv|personvern|adat|confidențial|конфіденц|respectăm
        before you continue|bevor sie|avant de continuer|antes de (?:ir|continuar)|prima di continuare|innan du forts
        πριν συνεχίσετε|než budete|ennen kuin jatkat|continue with ad|mit werbung|pur-abo
        """
    ),
    "challenge": any_of(
        r"""
        安全验证|人机验证|ロボットではない|アクセスが制限|로봇이 아닙|التحقق من|אינך רובוט|robot olmadığ
        robot or human
        making sure you.re not a bot|security verification|einen augenblick|essere umano|robot check|^forbidden
        just a moment|one moment|einen moment|un momento|un instant|checking your browser|verifying your browser
        attention required|you have been blocked|access (?:denied|to this page)|permission to access|request rejected
        (?:are|aren.t|not) (?:you )?a (?:ro)?bot|un robot|robotem|you are a human|human verification|captcha
        security check|vérification de sécurité|verifica di sicurezza|zugriff verweigert|accès refusé|acceso denegado
        client challenge|being redirected|pardon our interruption
        your access to this (?:site|service) has been limited|unusual (?:activity|traffic)
        ddos-guard|weryfikacja$|проверка браузера|проверяем ваш браузер|controle van je browser|verbindung sicher
        la conexión es segura|verbinding veilig|secure connection|automated access|request is being verified
        un humain|un humano|é humano|un umano|ein mensch|een mens|jesteś (?:robotem|botem|człowiekiem)|nejste robot
        (?:verifica|controllo) del browser|vérification du navigateur|verificación del navegador|browserprüfung
        (?:ist|ihr) zugriff wurde
        sicherheitsabfrage|sicherheitsprüfung|suspicious activity|bot-prüfung|one more step|geen robot\?
        """
    ),
    "login": any_of(
        r"""
        登录|登入|ログイン|会員登録|로그인|تسجيل الدخول|התחבר|כניסה|giriş yap|üye girişi|members? (?:area|login)
        \blog[ -]?in\b|\bsign[ -]?in\b|\bsso\b|single sign-on|authentication|register|subscribe|subscription|your plan
        register for free|kostenlos registrieren|la suite est réservée aux|enter your email|elige tu plan
        nur für abonnenten
        continue reading|keep reading|members only|free articles
        anmeld|einloggen|registrier|weiter(?:zu)?les|abonnent|melden sie sich an|\babo\b|exklusiv für|zugang
        connexion|connectez|identifi|abonné|s.abonner|reste \d+|iniciar? sesión|inicia sesión|acceso|accede|suscr
        socio
        seguir leyendo|accedi|abbona|riservato|\blogin|registrati|inloggen|verder lezen|aanmelden|meld je aan|abonnees
        logowanie|zaloguj|subskryb|iniciar sessão|entre na|assinante|logga in|konto|logg inn|log ind|kirjaudu|tilaaj
        přihlá|přihlas|předplat|bejelentkez|autentific|intră în|σύνδεση|συνδεθείτε|вхід|увійдіть
        """
    ),
    "not found": any_of(
        r"""
        不存在|找不到|見つかりません|찾을 수 없|غير موجود|לא נמצא|bulunamadı|नहीं मिल|не найден|nothing found
        \b404\b|not found|can.t (?:be found|find)|couldn.t find|isn.t available|no longer available|unavailable
        not available in|does(?:n.t| not) exist|taken down|went wrong|^(?:server |application )?error\b|^gone$
        nicht gefunden|nicht mehr verfügbar|gibt es (?:leider )?nicht|schiefgegangen|schiefgelaufen|gelöscht|^fehler
        the page you requested|nicht mehr online|^upps|inaccessible|doesn.t seem to be here|existiert nicht
        introuvable|n.existe|ne trouvons pas|plus disponible|indisponible|^oups|^erreur
        no encontrad|no hemos encontrado|no existe|no se ha encontrado|no disponible|ya no está|^error\b
        non trovata|non esiste|non disponibile|non è più|non c.è|^errore
        niet gevonden|bestaat niet|niet vinden|niet (?:langer )?beschikbaar
        nie znaleziono|nie istnieje|już nie ma|^błąd|não encontr|não existe|^erro\b
        hittades inte|inte hittas|finns inte|fant ikke|finner ikke|findes ikke|ikke fundet|ei löyty|on poistettu
        nenalezen|nebyla nalezena|neexistuje|^chyba|δεν βρέθηκε|δεν υπάρχει|^σφάλμα|не знайдено|сторінки немає
        ^помилка
        nem található|nu a fost găsit|^eroare
        エラー|错误|오류|خطأ
        in manutenzione|en maintenance|en mantenimiento|wartungsarbeiten|in onderhoud|under maintenance|be right back
        """
    ),
}
"""Titles and headings in lower case that name what a page is."""


TELLTALES: dict[Wall, re.Pattern[str]] = {
    "consent": any_of(
        r"""
        (?:we|wir|nous|nosotros|noi|wij|my|me|vi) (?:and|und|et|y|e|en|i|ja|och|og) (?:our|unsere|nos|nuestros|i nostri)
        accept(?:ing)? (?:all|cookies)|withdraw your consent|widerrufen|wir verwenden cookies|mit ihrer zustimmung
        """
    ),
    "challenge": any_of(
        r"""
        ray id|incident id|support id|reference (?:#|id)|request number|enable (?:js\b|javascript)|allow up to
        javascript is (?:required|disabled)|(?:has|have) been (?:blocked|limited)|your (?:connection|browser|request)
        verify (?:that )?you|(?:are|you're) (?:a human|not a robot)|protect itself|connection is safe|automated access
        captcha, um|automatisierter zugriff|verbindung (?:sicher|überprüf)|aktivieren sie|dies dauert nur
        ein mensch sind|solve the puzzle|looks automated
        activer javascript|tu conexión|tu non sia un robot|attiva javascript|tua connessione|schakel javascript
        nie jesteś robotem|rozwiąż captcha|включите javascript|has detected unusual|anubis
        """
    ),
    "login": any_of(
        r"""
        already (?:a|have)|forgot|have an account|cancel(?:led)? any|passwort vergessen|kennwort|noch kein konto
        bereits
        mot de passe|déjà (?:abonné|un compte)|ya eres|olvidado|no tienes cuenta|già abbonato|hai già|dimenticat
        heb je al|al abonnee|masz już|nie pamiętasz|já é|glömt|inte prenumerant|har du|unohditko|oletko|už máte
        ξεχάσατε|забули|elfelejtett|ai uitat|for free|gratis testen|all plans
        [€$£]\s?\d[^€$£]{1,80}[€$£]\s?\d|\d\s?€\D{1,80}\d+\s?€
        create a free account|a minute|mit einem konto|(?:resiliable|résiliable) à tout|offres à partir|free articles
        nur für (?:registrierte|abonnent)|réservé aux|exclusivo para|riservato agli|alleen voor|dla subskrybentów
        """
    ),
    "not found": any_of(
        r"""
        page (?:you|that you)|nothing was found
        (?:this|the) (?:page|story|article|content|url) (?:is|has|might|may|you)
        requested (?:url|page)|link you followed|may be broken|try (?:a search|again)|please try
        die (?:gesuchte|angeforderte|aufgerufene|von ihnen)|(?:dieser|der gewünschte) (?:artikel|beitrag)
        unter dieser adresse|bitte prüfen|aus rechtlichen gründen|la page (?:que|demandée)|article demandé|ce contenu
        elle a peut-être|le lien que|la página (?:que|solicitada)|el (?:enlace|contenido)|otras noticias|la portada
        la pagina (?:che|richiesta)|articolo richiesto|il contenuto|potrebbe essere|torna alla
        deze pagina|de pagina die|dit artikel|is offline|controleer het|strona, której|tej strony|artykuł został
        a página que|o endereço|sidan du|artikeln kan|kan være slettet|artiklen er|etsimääsi|palaa etusivulle
        požadovaná|článek byl|η σελίδα που|сторінка, яку|матеріал видалено|a keresett|pagina căutată
        """
    ),
}
"""Phrases of such pages that news have in quotation marks alone."""


def words_in(text: str, kind: Wall) -> int:
    """Return how many words of a kind a text holds, each counted once."""
    return len({match[0] for match in WORDS[kind].finditer(text.lower())})
