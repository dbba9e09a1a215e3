"""Words by which the sentences of walls, forms and error pages are recognised, in lower case."""

import re

from dateline_pages.judging.wording.vocabulary import Wall, any_of

__all__ = ["ACTS", "ALONE", "ASKS", "COOKIES", "FILLERS", "GATES", "GONE", "OFFER", "QUOTED", "SAYING", "THINGS", "WE"]

THINGS: dict[Wall, re.Pattern[str]] = {
    "consent": any_of(
        r"""
        cookie|kakor|evästei|sütik|informasjonskapsl|traceur|tracking|tracciament|profilazione|rastre|çerez
        файл(?:ы|ов|и)
        (?:personal|your|usage|browsing) data|\bprivacy|personenbezogen|ihre daten|datenschutz|privatsphäre
        einwilligung
        données|vie privée|datos|privacidad|dati personali|consenso|persoonsgegevens|toestemming|dan(?:e|ych) osob
        prywatnoś|zgod[ęay]|dados|privacidade|persondata|privatliv|samtyk|samtyck|integritet|personuppgift|henkilötie
        yksityisy|osobních údaj|soukrom|souhlas|personvern|adat(?:véd|ai)|личны[хе]|персональн|конфиденц|конфіденц
        kişisel veri|gizlilik|απορρήτου|συγκατάθ|δεδομέν
        隐私|同意|プライバシー|クッキー|쿠키|개인정보|ملفات تعريف|الخصوصية
        advertising|with ads|\bwerbung|publicité|publicidad|pubblicità|advertenties|reklam|annons|mainon|consent
        information on (?:a|your|the|devices?)|informationen auf|(?:our|\d+) partners|unsere (?:\d+ )?partner|gdpr
        personali[sz]ed ads|tuoi dati|vos données|tus datos|je gegevens|your data|din data|twoje dane|広告
        anzeigen|annunci|adverts|ihrer daten|einverständnis|anuncios
        """
    ),
    "challenge": any_of(
        r"""
        \b(?:ro)?bots?\b|robot|robô|ρομπότ|робот|\bhuman|captcha|browser|javascript|\bjs\b|ad.?block|\bip\b|ip-adress
        ray id|incident|\bconnection|security (?:service|check|of|solution|verification)
        automat(?:ed|ion|isier|iqu|iz|is)
        (?:un|not )usual|ungewöhnlich|inhabituel|inusual|insolit|nietypow|ongebruikelijk|ovanlig|unormal
        mensch|humain|humano|umano|umana|persona\b|\bmens\b|człowiek|människa|menneske|ihminen|člověk|человек|людина
        netzwerk|réseau|navigat|navegador|verbindung|connexion|conexión|connessione|verbinding|przegląd|prohlížeč
        user-agent|script|\baccess\b|acceso|accès|zugriff|accesso|toegang|dostęp|доступ|acesso|automated|request
        anfrage|requête|solicitud|richiest|verzoek|your access|the check|traffic|трафик|браузер|соединен|запрос
        사람|상자|автоматич|device|программ|programm\b|pole poniżej|\breto\b|\bdéfi\b|\bsfida\b
        机器人|安全验证|验证码|滑块|浏览器|网络环境
        人机|ロボット|アクセス|ブラウザ|チェックボックス|로봇|보안|روبوت|إنسان|المتصفح|זר|רובוט
        tarayıcı|tarayici|robot olma|insan ol|αυτοματοποι|scrap(?:er|ing)|firewall|slider|puzzle|checkbox
        real (?:person|visitor|user)|echte person|vraie personne|persona reale|navegar|automated tools?
        """
    ),
    "login": any_of(
        r"""
        \bsoci[oa]\b|\bmedlem|mitglied|membre|\blid\b|leser|lecteur|account|password|\bsubscri|\bmembers?\b|e-?mail
        user ?name|free articles?|full access|unlimited|all articles
        konto|passwort|kennwort|\babo\b|\babos\b|abonn|zugangsdaten|alle artikel|digitalangebot|benutzer|ohne limit
        compte|mot de passe|identifiant|formule|article|cuenta|contraseña|suscri|contenido|sin límites|account
        abbona|contenut|prova gratuita|wachtwoord|artikel|konta|hasł|prenumera|artykuł|dostęp|conta\b|senha|assin
        lösenord|allt innehåll|passord|adgangskode|indhold|innhold|salasana|tilau|tilaa|tunnus|heslo|předplat|účet
        účtu
        jelszó|előfizet|fiók|parol|abonament|cont\b|пароль|аккаунт|подписк|подписчик|передплат|κωδικ|συνδρομ|λογαριασμ
        hesap|hesab|şifre|abone|üyelik|登录|密码|账号|会员|订阅|会員|ログイン|パスワード|有料|購読|비밀번호|로그인
        구독|회원
        المشترك|الاشتراك|كلمة المرور|حساب|סיסמ|מנוי|sign.in link|trial|this (?:post|story|article|content)|first month
        \bplan\b|local news|journalism|journalismus|journalisme|periodismo|giornalismo|plans\b|기사|멤버십
        """
    ),
    "not found": any_of(
        r"""
        \bpages?\b|\barticles?\b|\bcontent\b|\bstory\b|\blink\b|\burl\b|\bdocument\b|\baddress\b|web ?site|this site
        seite|artikel|beitrag|inhalt|meldung|adresse|webseite|contenu|lien\b|página|artículo|noticia|contenido|enlace
        pagina|articolo|contenuto|indirizzo|notizia|stron|artykuł|treś|adres|artigo|conteúdo|notícia|sida\b|sidan\b
        siden|artikkel|indhold|innhold|sivu|artikkeli|juttu|stránk|článe?k|obsah|oldal|cikk|tartalom|articolul|pagină
        страниц|стать|материал|новост|сторінк|стаття|матеріал|σελίδα|άρθρο|περιεχόμενο|sayfa|haber|içerik
        页面|网页|内容|文章|頁面|ページ|記事|페이지|기사|الصفحة|المقال|المحتوى|הדף|העמוד|הכתבה|पेज|पृष्ठ
        dépêche|looking for|\bserver\b|\bdomain|database|maintenance|\baccount\b|wartung|\bitem\b|\brequest(?:ed)?\b
        \bposts?\b
        notre site|nuestra web|\bil sito|сайт|サイト|\bweb\b|\bcontent\b
        servidor|serveur|serwer|results|meldungen|\berror\b|fehler|erreur|errore\b
        """
    ),
}
"""What the sentences of a kind are about."""

ACTS: dict[Wall, re.Pattern[str]] = {
    "consent": any_of(
        r"""
        accept|agree|consent|\buse\b|\bstore|\bprocess|continue|click|reject|choose|manage|withdraw|value|respect
        besuch|visit|akzept|zustimm|einverst|verarbeit|nutzen|verwenden|klick|speicher|widerruf|ablehn|wähl|benötig
        weiterles|respekt
        accord|utilis|refus|retir|stock|continu|choisi|respect|permett|acept|almacen|utiliz|usa|usamos|rechaz|pulsa
        accett|rifiut|utilizz|conserv|scegli|abbon|prosegu|contin|accept|plaats|gebruik|geef|weiger|akkoord|kies
        wyraża|klikaj|akcept|przetwarz|używa|korzyst|godkän|lagra|använd|behandl|bruge|bruker|godta|tillad|lagrer
        käyt|hyväks|käsit|souhlas|použív|zpracov|přijm|vyber|klikn|elfogad|használ|kezel|utilizăm|accepta|prelucr
        использ|соглас|приня|обрабат|використ|прийня|χρησιμοποι|αποδοχ|αποδέχ|kullan|kabul|işle|concord|prossegu
        valoriz
        使用|同意|接受|使います|使用し|許可|사용|동의|نستخدم|توافق|أوافق|قبول|subscri|abonn|suscri|értékel|tiszte
        \ballow|tratt|decid|setzen|zeigen|dépos|entscheid|beslist|bestem|visa\b|vise\b|続ける|necesit
        \brely|\bpay\b|finanz|financ|paga\b
        \belig|elij|brauch|besoin|need\b
        """
    ),
    "challenge": any_of(
        r"""
        verif|confirm|\bcheck|\benable|block|detect|complet|prov(?:e|ing)|solve|reload|disabl|protect|identif|denied
        not a (?:ro)?bot|hold|doit accepter|accéder|resuelv|flagged|suspicious|sicherstell|warten sie|похож|слайд
        slide|zaznacz|선택|bot(?:em|ów)|bloquead|pas un|turn on|redirected|validat|review|allow|limit|are human
        automated|reject|access|made us think
        bestätig|überprüf|aktivier|blockier|festgestellt|erkannt|lös(?:en|t)|verweiger|beweis|prüfen|gesperrt
        sind kein
        vérifi|confirm|cocher|activ|bloqu|détect|refus|prouve|résou|comprob|verific|complet|activa|demuestra|demostr
        rileva|dimostr|risolv|verific|attiv|conferm|troppe|blocca|controle|bevestig|schakel|geblokk|bewijs|inschakel
        potwierd|weryf|włącz|zablok|udowod|sprawdz|wykry|bekräft|verifier|aktivera|bekreft|bekræft|aktiver|tarkist
        vahvist
        ověř|potvrď|povol|zapn|ellenőr|erősít|engedély|проверк|подтверд|включит|заблок|перевір|підтверд|увімкн|επιβεβ
        doğrula|etkinleştir|验证|驗證|确认|启用|拖动|异常|確認|検出|オンにして|有効|制限|확인|تأكيد|تحقق|أكد|تفعيل
        אמת|אשר
        make sure|restrict|not permitted|zu viele|gesperrt|too many|trop de|demasiad|clique|klicken|verificando
        verific|ověř
        """
    ),
    "login": any_of(
        r"""
        \blog(?:ging|ged)? ?in|\bsign(?:ing|ed)? ?(?:in|up|on)|become|hazte|zugriff|erhalten|devi essere|devenez
        profitez|word (?:lid|abonnee)|\bread|subscrib|register|\bcreate|continue|forgot|lost|remember|join
        get (?:unlimited|full|access|complete)|cancel|reached|unlock|only for|for (?:paid|paying)|members? only
        enter your
        anmeld|einlogg|registrier|weiter(?:zu)?les|nur für|testen|kündbar|vergessen|lesen sie|abonnier|freischalt
        zugang
        connect|inscri|abonn|réserv|créez|créer|oublié|testez|résili|lire la suite|inicia|registr|exclusiv|suscríb
        lee\b
        seguir leyendo|olvid|acced|abbona|riserv|registr|disdic|attiva|dimentic|leggere|continua|inlog|aanmeld|lees
        neem
        lezen|exclusief|vergeten|zaloguj|wykup|czytaj|dostępn|zapomn|zarejestr|assine|entre\b|cadastr|esquec|exclusiv
        logga in|bli prenum|läs vidare|skapa|glömt|logg inn|les videre|log ind|læs videre|bliv|kirjaudu|tilaa|unohd
        lue
        přihlá|zapomn|předplať|číst dál|jelentkez|fizess|elfelejt|conectea|abonează|citeșt|войд|вход|подпи|забыл
        читать
        увійд|забули|передплат|συνδεθ|εγγραφ|ξεχάσ|giriş|kaydol|unuttu|abone ol|登录|注册|忘记|订阅|限定|登録|お読み
        로그인|가입|تسجيل|نسيت|اشترك|הירש|התחבר|שכחת|left to read|[€$£]\s?\d|\d\s?(?:€|euros?\b|zł|kr\b)
        have used|choose|support|unterstütz|soutene|apoya|sostieni|steun|kup\b|køb|köp|이용|읽을 수
        """
    ),
    "not found": any_of(
        r"""
        unpublished|coming soon|under construction|plus (?:accessible|en ligne)|nicht mehr|not (?:be )?found
        n[o']t (?:find|exist|available|be)|no longer|expired|removed|deleted|\bmoved|unavailable|archived
        can.t find|couldn.t find|does(?:n.t| not) exist|nothing|not available|broken|for sale|may be for|parked
        maintenance|suspended
        successfully installed|internal (?:server )?error|contact (?:your|the)|critical error|is currently|mistyped
        nicht (?:mehr|gefunden|verfüg|vorhand|auffind|abruf|exist)|konnte (?:leider )?nicht|existiert|gelöscht
        abgelaufen
        entfernt|verschoben|depublizier|begrenzte zeit|wartung|introuv|n.exist|plus disponible|supprim|déplac|archivé
        retiré|expir|no (?:existe|se ha|se encuentr|está|disponible|hemos|pudimos)|eliminad|movid|caducad|retirad
        non (?:esist|è|trovat|disponib)|rimoss|cancellat|spostat|scadut|niet (?:meer|gevonden|beschik|vinden)
        bestaat niet
        verwijderd|verplaatst|nie (?:istniej|znalez|można|jest)|usunięt|przenies|wygas|não (?:existe|encontr|está|foi)
        removid|excluíd|finns inte|hittade?s? inte|tagits bort|flyttat|findes ikke|slettet|flyttet|fjernet|finnes ikke
        ei (?:löyd|löyt|ole)|poistettu|siirretty|neexist|nenalez|nebyla|smazán|odstraněn|přesunut|nem (?:talál|létez)
        törölt|nu (?:a fost|exist|mai)|șters|не (?:найден|существ|знайден|існу)|удален|перемещ|видален|переміщ
        δεν (?:βρ|υπ)|διαγρ|bulunam|kaldırıl|silinm|mevcut değil
        不存在|删除|已下线|找不到|未找到|見つかりません|終了した
        削除|찾을 수 없|삭제|존재하지|غير موجود|حذف|لم يتم العثور|לא נמצא|הוסר|नहीं मिला
        indisponible|fuera de servicio|could not be|not be located|ya no se encuentra|存在しません|終了しました
        掲載を終了
        se ha producido|no results|were found|stehen nur|isn.t here|any ?more|aufgetreten|est survenue|si è verificato
        """
    ),
}
"""What such sentences say is done or has happened."""

ASKS = any_of(
    r"""
    \b(?:you|your|you're|we|our|we're|please|this|sorry|unfortunately|the requested|below|already)\b
    (?:^|[,;:] (?:or |and )?)(?:register|subscribe|log in|sign in|enable|accept|click|verify|complete|continue)\b
    (?:^|[,;:] (?:or |and )?)(?:enter|create|try)\b
    (?:^|[,;:] (?:or |and )?)(?:press|choose|reject|contact|activate|start|join|unlock|forgot|buy)\b
    \b(?:ci-dessous|qui sotto|unten|hieronder|a continuación|abaixo|poniżej|nedan|nedenfor|níže|ниже|нижче)\b
    ^(?:dimostra|demuestra|comprueba|confirmez|activez|attiva|elige|elija|acepta|completa)\b
    \b(?:bitte|ihr(?:e[mnrs]?)?|ihnen|wir|uns(?:ere)?|du|deine?|diese[rs]?|leider|jetzt|noch|bereits|nur|gewünschte)\b
    \b(?:\w+en sie|vous|votre|vos|nous|notre|nos|veuillez|je|cet|cette|ce|désolé|oups|déjà|pas|cliquez)\b
    \b(?:tu|tus|su|usted|nosotros|nuestr[oa]s?|hemos|este|esta|lo sentimos|ya|suscríbete|regístrate)\b
    \b(?:inicia|puede|completa)\b
    \b(?:tuo|tua|tuoi|noi|questo|questa|spiacenti|hai|non|attiva|accetta|abbonati|registrati|puoi|per)\b
    \b(?:je|jij|jouw|u|uw|wij|we|deze|dit|helaas|ons|onze|nog|neem|schakel|log)\b
    \b(?:ten|tej|twoj\w*|masz|prosimy|zaloguj|wykup|szukasz|nasz\w*|klikając|ta|wyrażasz|my)\b
    \b(?:você|seu|sua|esta|este|nossos?|nós|que|clicar|assine)\b
    \b(?:du|din|ditt|vi|våra|vår|vores|våre|denne?|dette|bli|tyvärr|redan|har|sidan|dit|de)\b
    \b(?:me|sinun|tämä|voit|etsimä\w*|olet\w*|kumppan\w*)\b
    \b(?:váš|vaše|vašeho|jste|náš|tento|tato|můžete|prosím|souhlasím|my)\b
    \b(?:ön|kérjük|ez|az oldal|mi|noi|dvs|această|acest\w*|ne pare)\b
    \b(?:вы|ваш\w*|мы|наш\w*|пожалуйста|эт[аоу]\w*|сожалению|запрашива\w*|ви|ми|будь|ця|цей)\b
    \b(?:σας|μας|παρακαλ\w*|αυτ\w*|δεν|σου|bu|siz\w*|lütfen|maalesef|aradığınız|\w+(?:ınız|iniz|unuz|ünüz))\b
    您|你|请|請|抱歉|本站|我们|已被|ください|お探し|お使い|この|ございません|いたします|すると|습니다|십시오|주세요
    하세요|귀하
    عذر|يرجى|تبحث|هذه|هذا|لقد|أنت|نحن|الرجاء|אנא|מצטער|שלך|אתה|זה|क्षमा|कृपया|आप
    指定された|ご利用
    ^(?:si|se|als|jeśli|om|hvis|jos|pokud|если|якщо|if)\b
    ^(?:activa|solve|confirm|prove|turn on|slide|resuelve|risolvi|los)\b
    """
)
"""Words that speak to the reader, or point at the page itself."""

ALONE: dict[Wall, re.Pattern[str]] = {
    "consent": any_of(
        r"""
        european economic area|unavailable due to legal reasons|access cannot be granted|(?:we|i) value your privacy
        (?:store|access) information on (?:a|your) device|cookies? wall|privacy gate|your privacy (?:choices|settings)
        """
    ),
    "challenge": any_of(
        r"""
        believe this is (?:a mistake|an error)|request blocked|could not be satisfied|generated by cloudfront
        \bray id\b|incident id|support id|reference\s*#|enable (?:js|javascript)
        checking (?:if|your|the) (?:site|browser)
        javascript (?:is|and cookies are) (?:required|disabled)|errors\.edgesuite|permission to access
        block (?:details|reason)
        (?:site|website) owner|website firewall|firewall - access|verify(?:ing)? (?:that )?you(?:'re| are)
        human verification|network policy|press & hold
        powered by (?:cloudflare|imperva|datadome)|please complete the (?:check|captcha|security)|whitelist your ip
        this (?:may|process)? ?(?:take|is automatic)|too many requests
        sie (?:ein mensch|kein roboter)|(?:you're|you are) (?:a )?human|(?:eres|es usted) (?:un )?humano
        êtes (?:bien )?(?:un )?humain
        je een mens bent|geen robot bent|sei umano|jesteś człowiekiem|é humano|ви людина|вы (?:не робот|человек)
        no eres un robot
        n'êtes pas un robot|nie jesteś (?:robotem|botem)|non sei un robot|não é um robô|olet ihminen
        är (?:en )?människa|er et menneske
        """
    ),
    "login": any_of(
        r"""
        forgot (?:your )?password|lost your password|passwort vergessen|mot de passe oublié|olvidaste tu contraseña
        password dimenticata|wachtwoord vergeten|nie pamiętasz hasła|esqueceu|glömt lösenord
        glemt (?:passord|adgangskode)
        already (?:a )?(?:subscriber|registered|member|have)|ya eres suscriptor|déjà abonné|already a paid
        (?:for|to) (?:paid |paying )?(?:subscribers|members) only|for (?:paid|paying) (?:subscribers|members)
        """
    ),
    "not found": any_of(
        r"""
        (?:error|fehler|erreur|errore|błąd|erro|ошибка|http)\W{0,3}404\b|\b404\W{1,3}(?:error|not found|page|fehler)
        ^404$
        page not found|nothing found|(?:story|article|content|post) (?:was )?not found|domain is for sale
        parked (?:free|domain)|buy this domain|under maintenance|performing (?:some |scheduled )?maintenance
        index of /
        internal server error|database connection|account (?:has been )?suspended|default (?:web ?site |welcome )?page
        web ?server is (?:successfully|now)|web server is successfully|it works!|critical error on this (?:web)?site
        [\w-]+\.\w+ is for sale|welcome to nginx|apache2? .{0,20}default page|hosting provider|error '?800|odbc
        syntax error|stack trace|exception|warning: \w+\(|fatal error|bad gateway|service unavailable
        gateway time-?out|seite nicht gefunden|page introuvable|página no encontrada|pagina non trovata
        back (?:on ?line )?s(?:hortly|oon)
        algo ha salido mal|something went wrong|site is (?:coming soon|under construction)|^coming soon$
        domain has expired|schief ?ge(?:laufen|gangen)|hoppla|^o+ps|wartungsarbeiten|in manutenzione|en maintenance
        parked for free|is this your domain|client-side exception
        (?:page|article|content|story|link|url) (?:that )?you(?:'re| are| were)? (?:request|want|look|try|search|after)
        (?:gesuchte|gewünschte|angeforderte|aufgerufene) (?:seite|artikel|inhalt|beitrag)
        de(?:n|r) sie (?:aufrufen|suchen|gesucht)
        (?:page|article|contenu) (?:que vous (?:re)?cherch|que vous (?:avez )?demand|demandée?)
        que (?:buscas|busca|estás buscando|intentas)
        che (?:stai cercando|cerchi|hai (?:cercato|richiesto))|die (?:je|u) zoekt|któr\w+ szukasz
        (?:você )?(?:procura|tentou acessar)
        (?:sidan|artikeln) du (?:söker|letar)|(?:siden|artiklen|artikkelen) du (?:leder|søger|leter|prøver)
        etsimä\w+ sivu
        kter\w+ hledáte|a keresett|căutat[ăe]|(?:запрашиваем|котор)\w+ вы|яку ви|που (?:ψάχνετε|αναζητ)|aradığınız
        您(?:访问|要找|查找)|お探し|指定された(?:記事|ページ|url)|찾으시는|تبحث عن|שחיפשת
        [\w-]+\.\w+ (?:may be|is) for sale|torneremo presto|(?:sind|bin) bald (?:wieder|zurück)|volveremos pronto
        """
    ),
}
"""Phrases that no news have but in quotation marks or reports."""

GATES: dict[Wall, re.Pattern[str]] = {
    "login": any_of(
        r"""
        (?:to|and) (?:continue|keep) reading|continue reading (?:with|by|for)
        want to (?:keep |continue )?read(?:ing)?(?: more| on)?\?
        to (?:read|unlock|view) (?:the |this )(?:(?:full|whole|entire) )?(?:article|story|post|content)\b
        (?:only|exclusive(?:ly)?|available|reserved) (?:for|to) (?:paid |paying |our )?(?:subscribers|members)
        (?:for|to) (?:(?:paid|paying) (?:subscribers|members)|(?:subscribers|members) only)
        (?:reached|read) your (?:limit|last)|limit of free|subscribe (?:for|to get) (?:full|unlimited)
        um weiterzulesen|jetzt weiterlesen|weiterlesen mit
        (?:nur|exklusiv) für (?:\w+ )?(?:abonnent|registrier|mitglied)|möchten (?:sie )?(?:gerne? )?weiterlesen
        um (?:diesen|den) (?:ganzen |vollständigen )?(?:artikel|beitrag)
        réservée? (?:aux|à nos) (?:abonn|membres|lecteurs)|il (?:vous )?reste \d+
        pour lire (?:la suite|cet article|l.article|l.intégralité)
        (?:solo|exclusiv[oa]s?) para (?:los )?(?:suscri|socios)
        (?:para|y) (?:seguir leyendo|leer este (?:artículo|contenido))
        riservat[oa] (?:agli|ai) (?:abbonat|soci|iscritt)
        per (?:continuare a leggere|leggere (?:l.articolo|tutto l.articolo|il resto))
        exclusief voor|alleen voor abonn|om (?:verder|dit artikel) te lezen|lees verder met
        dla (?:prenumerator|subskryb)|czytać dalej|aby przeczytać
        exclusiv[oa] para assinantes|para (?:continuar lendo|ler (?:este|o) (?:artigo|conteúdo))|läs vidare
        för prenumeranter|les videre|læs videre|for abonnenter
        tilaajille|jatka lukemista|pouze pro předplat|pro předplatitele|číst dál|előfizetőknek|tovább olvas
        только (?:для )?подписчик|для передплат|για συνδρομητές|sadece aboneler|abonelere özel
        有料会員|会員限定|残り.?\d+文字|続きを(?:お?読|見)|会员专享|订阅后|付费内容|付费阅读|登录后(?:阅读|查看)
        유료|구독자|للمشتركين|למנויים
        used (?:all|up)(?: of)? your|(?:your|last|remaining) free articles?|free articles? (?:for|this) month
        chcesz (?:czytać|przeczytać)|vil du læse|vill du läsa|vuoi leggere|quieres (?:seguir leyendo|leer más)
        vous (?:voulez|souhaitez) lire|wil je (?:verder|meer|dit) .{0,20}lezen|хотите .{0,20}читать
        quer (?:ler|continuar)
        um diesen inhalt zu (?:sehen|lesen)|유료 회원|회원만
        (?:lee|leer|read) (?:la |the )?(?:full (?:story|article)|rest of|noticia completa)
        (?:artículo|article|articolo|artikel) (?:complet|compless|volledig)
        """
    ),
    "consent": any_of(
        r"""
        \b(?:read|reading)\b.{0,40}\b(?:with (?:ads|advertising)|accept\w*|consent|cookies|tracking)
        without tracking
        (?:accept|consent|cookies|tracking).{0,60}\b(?:(?:keep|continue) reading|(?:to|and) read|(?:or|and) subscribe)
        (?:werbung|tracking).{0,30}(?:weiter)?lesen|weiterlesen.{0,30}(?:werbung|tracking)|ohne tracking
        (?:einwilligung|zustimm).{0,40}(?:weiterles|zu lesen)
        (?:accept|refus).{0,60}(?:abonn|\blire|article)|(?:lire|accédez).{0,60}accept
        (?:acept|rechaz).{0,50}(?:suscri|leer|leyendo|pagar)|(?:leer|leyendo).{0,40}(?:consent|cookies)
        (?:accett|rifiut|consens|tracciament).{0,60}(?:abbon|legg|a pagamento)
        (?:leggere|abbonat).{0,60}(?:accett|consens|cookie)
        (?:akkoord|accepte|toestemming|cookies).{0,60}(?:lees|lezen|abonn)|s reklam|číst.{0,30}(?:reklam|souhlas)
        (?:accepter|godta|godkänn|hyväks).{0,60}(?:abonn|prenum|tilaa|læse|läsa|lukea)
        (?:lire|accéder).{0,60}(?:cookies|publicit|autoris)|accept\w*.{0,30}cookies.{0,60}(?:load|view|content)
        (?:acept|rechaz).{0,50}(?:suscr|\blee\b)
        """
    ),
}
"""Phrases of boxes that stand where the rest of an article should be."""

SAYING = any_of(
    r"""
    \b(?:says?|said|told|wrote|writes|according to|warns?|warned|announced|ruled|argues?|reported)\b
    \b(?:greets|reads the|asks)\b
    \b(?:sagte?n?|laut|zufolge|erklärte?|teilte|warnt|schreibt|heißt es|mitteil\w*)\b
    \b(?:a dit|a déclaré|selon|explique|rappelle|affirme|indique)\b|\b(?:dijo|según|explica|advierte|asegura|afirmó)\b
    \b(?:ha detto|secondo|spiega|afferma|avverte)\b|\b(?:zegt|zei|volgens|meldt|aldus)\b
    \b(?:mówi|powiedział\w*|według|podał\w*|poinformował\w*)\b|\b(?:disse|segundo|afirmou)\b
    \b(?:säger|enligt|sade|siger|ifølge|sanoo|mukaan|řekl\w*|uvedl\w*|podle|mondta|szerint|spune|potrivit)\b
    \b(?:сказал\w*|сообщ\w*|по словам|заявил\w*|повідом\w*)\b|είπε|δήλωσε|dedi\b|söyledi|açıkladı
    表示|提醒|指出|报道|报讯|によると|述べた|話した|밝혔다|말했다|قال|أعلن|وأضاف|אמר
    """
)
"""Verbs of reports about what somebody said."""

QUOTED = re.compile(r"(?<!\S)[“„«\"][\w\s][^“”„«»\"]{1,18}\s[^“”„«»\"]{18,}|[「『]")
"""What somebody said; a shorter quotation may be the name of a button."""

OFFER = re.compile(
    r"(?:[€$£]\s?\d|\d\s?(?:€|\$|£|euros?\b|zł|kr\b|kč|円|元)).{0,60}"
    r"(?:month|week|year|monat|woche|jahr|mois|semaine|\bmes(?:es)?\b|mese|maand|miesiąc|mês|månad|måned|měs|月)"
    r"|(?:month|week|monat|mois|\bmes\b|mese|maand|månad).{0,40}(?:[€$£]\s?\d|\d\s?(?:€|euro|kr\b))"
    r"|cancel (?:any ?time|when)|jederzeit kündbar|sans engagement|sin permanencia|disdici quando|opzegbaar"
    r"|avsluta när"
)
"""Offers of subscriptions: a price and a time."""

COOKIES = any_of(r"cookie|kakor|evästei|sütik|informasjonskapsl|traceur|çerez|クッキー|쿠키|файлы? cookie")
"""What a wall for consent is about, whatever it says about them."""

WE = any_of(
    r"""
    \b(?:we|our|wir|unsere?|nous|nos|nosotros|nuestr[oa]s?|noi|nostr[oi]|wij|onze|ons|my|nasi|nós|nossos?|vi|våra|vores|våre)\b
    \b(?:me|naši|mi|mes|noștri|мы|наши|ми|наші|εμείς|usamos|utilizamos|utilizziamo|usiamo|używamy|použív\w*|käytämme)\b
    当サイト|本站|我们|저희
    """
)
"""Words of a publisher that speaks of itself."""

FILLERS = any_of(
    r"""
    try (?:again|refresh|reload|our|a|the|search)|again later|please wait|come back|check back
    back to (?:the )?(?:home|front)
    go (?:back|to the)|contact us|homepage|home page|perhaps search|momentarily|redirected|sit tight
    thanks for (?:your|visiting)
    versuchen sie|später (?:erneut|wieder|noch)|zurück zu|startseite|unsere suche|kontaktieren|weitergeleitet
    réessay|revenir plus tard|revenez|retour à|l.accueil|patient|redirig|inténtalo|inténtelo|vuelve a|espera|volver a
    riprova|attendi|torna (?:alla|più)|reindirizzat|probeer|ga (?:terug|naar)|een ogenblik|spróbuj|poczekaj|wróć
    tente novamente|aguarde|volte|försök|vänta|gå till|tillbaka|prøv igen|prøv igjen|yritä|palaa|zkuste|vraťte
    počkejte
    попробуйте|вернуться|вернитесь|подождите|спробуйте|поверніться|tekrar den|返回|稍后|戻る|しばらく|다시 시도|العودة
    let.s get you|torneremo|search(?:ing)? will|click here|secondes|secondi|segundos|sekund|seconds|will be back
    (?:change|withdraw).{0,40}(?:any time|mind)|keuze.{0,20}wijzigen|jederzeit (?:ändern|widerrufen)|à tout moment
    en cualquier momento|in qualsiasi momento|när som helst|når som helst|w każdej chwili|kdykoli|a qualquer momento
    working (?:hard )?(?:on|to)\b|be notified|stiamo lavorando|wir arbeiten|nous travaillons|estamos trabajando
    """
)
"""Sentences that such pages have beside what they say."""

GONE = re.compile(
    r"\b(?:this|diese[rs]?|cette|cet|ce|est[ae]|quest[oa]|dit|deze|ten|ta|denna|denne|tämä|tento) (?:web ?)?"
    r"(?:page|article|story|post|link|seite|artikel|beitrag|inhalt|meldung|contenu|dépêche|página|artículo|noticia"
    r"|contenido|pagina|articolo|contenuto|artykuł|strona|artigo|sida|artikkeli)\b.{0,90}\b"
    r"(?:removed|expired|no longer|unavailable|deleted|moved|archived|entfernt|gelöscht|nicht mehr|abgelaufen"
    r"|depubliziert"
    r"|plus (?:accessible|disponible)|supprimé|archivé|expiré|eliminad|caducad|no (?:está|existe)|rimoss|non è più"
    r"|niet (?:meer|langer)|verwijderd|usunięt|removid|bort|fjernet|poistettu)"
)
"""A sentence that says of the page itself that it is gone."""
