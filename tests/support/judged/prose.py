"""Ordinary news in several languages, as headlines and sentences."""

# ruff: noqa: E501

from random import Random

__all__ = ["LANGUAGES", "headline", "paragraph", "sentence"]

NEWS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "en": (
        (
            "Council approves new tram line through the old harbour",
            "Farmers fear losses after the coldest May in decades",
            "Striker returns to the squad before the derby",
            "Bakers warn of higher bread prices this winter",
            "Museum reopens after three years of repairs",
            "Ferry runs aground near the northern islands",
        ),
        (
            "The council voted on Tuesday evening by 31 votes to 14, after a debate of more than four hours.",
            "Residents of the quarter had collected some 4,000 signatures against the plan.",
            "“We will look at every single tree,” the mayor said after the meeting.",
            "According to the builders, the work will begin in spring and take about two years.",
            "Last year, the costs had been put at 42 million, but steel has become dearer since then.",
            "The opposition called the decision hasty and announced that it would go to court.",
            "Trade unions welcomed the plan, which is expected to create some 200 jobs in the region.",
        ),
    ),
    "de": (
        (
            "Stadtrat stimmt für neue Straßenbahn durch den alten Hafen",
            "Bauern fürchten Ausfälle nach dem kältesten Mai seit Jahrzehnten",
            "Stürmer kehrt vor dem Derby in den Kader zurück",
            "Bäcker warnen vor höheren Brotpreisen im Winter",
            "Museum öffnet nach drei Jahren Umbau wieder",
            "Fähre läuft vor den nördlichen Inseln auf Grund",
        ),
        (
            "Der Rat stimmte am Dienstagabend mit 31 zu 14 Stimmen, nach einer Debatte von mehr als vier Stunden.",
            "Anwohner des Viertels hatten rund 4000 Unterschriften gegen den Plan gesammelt.",
            "„Wir werden uns jeden einzelnen Baum ansehen“, sagte die Bürgermeisterin nach der Sitzung.",
            "Nach Angaben der Baufirma beginnen die Arbeiten im Frühjahr und dauern etwa zwei Jahre.",
            "Im vergangenen Jahr waren die Kosten auf 42 Millionen geschätzt worden, seither ist Stahl teurer geworden.",
            "Die Opposition nannte den Beschluss übereilt und kündigte eine Klage an.",
            "Die Gewerkschaften begrüßten das Vorhaben, das in der Region etwa 200 Stellen schaffen soll.",
        ),
    ),
    "fr": (
        (
            "Le conseil approuve une nouvelle ligne de tramway au vieux port",
            "Les agriculteurs craignent des pertes après un mois de mai glacial",
            "L'attaquant de retour dans le groupe avant le derby",
            "Les boulangers annoncent un pain plus cher cet hiver",
            "Le musée rouvre après trois ans de travaux",
            "Un ferry s'échoue près des îles du nord",
        ),
        (
            "Le conseil a voté mardi soir par 31 voix contre 14, après plus de quatre heures de débat.",
            "Les riverains avaient réuni quelque 4 000 signatures contre le projet.",
            "« Nous examinerons chaque arbre », a déclaré la maire après la séance.",
            "Selon le constructeur, les travaux débuteront au printemps et dureront environ deux ans.",
            "L'an dernier, le coût avait été estimé à 42 millions, mais l'acier a renchéri depuis.",
            "L'opposition a dénoncé une décision hâtive et annoncé un recours en justice.",
            "Les syndicats ont salué le projet, qui doit créer près de 200 emplois dans la région.",
        ),
    ),
    "es": (
        (
            "El ayuntamiento aprueba una nueva línea de tranvía por el puerto viejo",
            "Los agricultores temen pérdidas tras el mayo más frío en décadas",
            "El delantero vuelve a la convocatoria antes del derbi",
            "Los panaderos avisan de que el pan subirá este invierno",
            "El museo reabre tras tres años de obras",
        ),
        (
            "El pleno votó el martes por la noche por 31 votos contra 14, tras más de cuatro horas de debate.",
            "Los vecinos habían reunido unas 4.000 firmas contra el plan.",
            "«Miraremos cada árbol», dijo la alcaldesa después de la sesión.",
            "Según la constructora, las obras empezarán en primavera y durarán unos dos años.",
            "El año pasado el coste se había calculado en 42 millones, pero el acero se ha encarecido.",
            "La oposición calificó la decisión de precipitada y anunció que acudirá a los tribunales.",
        ),
    ),
    "it": (
        (
            "Il consiglio approva la nuova linea del tram nel porto vecchio",
            "Gli agricoltori temono perdite dopo il maggio più freddo da decenni",
            "L'attaccante torna tra i convocati prima del derby",
            "I fornai avvertono: il pane costerà di più",
            "Il museo riapre dopo tre anni di lavori",
        ),
        (
            "Il consiglio ha votato martedì sera con 31 voti contro 14, dopo oltre quattro ore di dibattito.",
            "I residenti avevano raccolto circa 4.000 firme contro il progetto.",
            "«Guarderemo ogni singolo albero», ha detto la sindaca dopo la seduta.",
            "Secondo l'impresa i lavori inizieranno in primavera e dureranno circa due anni.",
            "L'anno scorso i costi erano stati stimati in 42 milioni, ma da allora l'acciaio è rincarato.",
            "L'opposizione ha definito la decisione affrettata e ha annunciato un ricorso.",
        ),
    ),
    "nl": (
        (
            "Gemeenteraad stemt in met nieuwe tramlijn door oude haven",
            "Boeren vrezen verliezen na koudste mei in tientallen jaren",
            "Spits keert terug in de selectie voor de derby",
            "Bakkers waarschuwen voor duurder brood",
        ),
        (
            "De raad stemde dinsdagavond met 31 tegen 14 stemmen, na een debat van meer dan vier uur.",
            "Bewoners van de wijk hadden zo'n 4000 handtekeningen tegen het plan verzameld.",
            "'We gaan elke boom bekijken', zei de burgemeester na de vergadering.",
            "Volgens de bouwer beginnen de werkzaamheden in het voorjaar en duren ze ongeveer twee jaar.",
            "De oppositie noemde het besluit overhaast en stapt naar de rechter.",
        ),
    ),
    "pl": (
        (
            "Rada miasta zgodziła się na nową linię tramwajową przez stary port",
            "Rolnicy obawiają się strat po najzimniejszym maju od dekad",
            "Napastnik wraca do kadry przed derbami",
            "Piekarze ostrzegają przed droższym chlebem",
        ),
        (
            "Rada głosowała we wtorek wieczorem, 31 do 14, po ponad czterogodzinnej debacie.",
            "Mieszkańcy dzielnicy zebrali około 4000 podpisów przeciwko planowi.",
            "„Przyjrzymy się każdemu drzewu” – powiedziała burmistrz po posiedzeniu.",
            "Według wykonawcy prace zaczną się wiosną i potrwają około dwóch lat.",
            "Opozycja nazwała decyzję pochopną i zapowiedziała skargę do sądu.",
        ),
    ),
    "pt": (
        (
            "Câmara aprova nova linha de elétrico pelo porto velho",
            "Agricultores receiam perdas depois do maio mais frio em décadas",
            "Avançado regressa aos convocados antes do dérbi",
        ),
        (
            "A assembleia votou na terça-feira à noite por 31 votos contra 14, após mais de quatro horas de debate.",
            "Os moradores tinham reunido cerca de 4000 assinaturas contra o plano.",
            "«Vamos olhar para cada árvore», disse a presidente da câmara depois da sessão.",
            "Segundo a construtora, as obras começam na primavera e duram cerca de dois anos.",
        ),
    ),
    "sv": (
        (
            "Fullmäktige säger ja till ny spårväg genom gamla hamnen",
            "Bönder fruktar förluster efter kallaste maj på decennier",
            "Anfallaren tillbaka i truppen före derbyt",
        ),
        (
            "Fullmäktige röstade på tisdagskvällen med 31 röster mot 14, efter mer än fyra timmars debatt.",
            "Boende i kvarteret hade samlat omkring 4 000 namnunderskrifter mot planen.",
            "– Vi kommer att titta på varje träd, sade kommunalrådet efter mötet.",
            "Enligt byggaren börjar arbetet i vår och tar ungefär två år.",
        ),
    ),
    "fi": (
        (
            "Valtuusto hyväksyi uuden raitiotien vanhan sataman läpi",
            "Viljelijät pelkäävät tappioita kylmän kevään takia",
        ),
        (
            "Valtuusto äänesti tiistai-iltana äänin 31–14 yli neljä tuntia kestäneen keskustelun jälkeen.",
            "Alueen asukkaat olivat keränneet noin 4 000 allekirjoitusta suunnitelmaa vastaan.",
            "Rakentajan mukaan työt alkavat keväällä ja kestävät noin kaksi vuotta.",
        ),
    ),
    "cs": (
        ("Zastupitelé schválili novou tramvajovou trať starým přístavem", "Zemědělci se po studeném květnu bojí ztrát"),
        (
            "Zastupitelstvo hlasovalo v úterý večer, 31 ku 14, po více než čtyřhodinové debatě.",
            "Obyvatelé čtvrti sebrali proti plánu asi 4000 podpisů.",
            "Podle stavební firmy začnou práce na jaře a potrvají zhruba dva roky.",
        ),
    ),
    "el": (
        ("Το συμβούλιο ενέκρινε νέα γραμμή τραμ στο παλιό λιμάνι", "Οι αγρότες φοβούνται ζημιές μετά τον κρύο Μάιο"),
        (
            "Το συμβούλιο ψήφισε την Τρίτη το βράδυ με 31 ψήφους έναντι 14, ύστερα από συζήτηση τεσσάρων ωρών.",
            "Οι κάτοικοι της γειτονιάς είχαν συγκεντρώσει περίπου 4.000 υπογραφές κατά του σχεδίου.",
            "Σύμφωνα με τον εργολάβο, οι εργασίες θα αρχίσουν την άνοιξη και θα διαρκέσουν δύο χρόνια.",
        ),
    ),
    "uk": (
        (
            "Міська рада схвалила нову трамвайну лінію через старий порт",
            "Фермери побоюються збитків після холодного травня",
        ),
        (
            "Рада проголосувала у вівторок увечері 31 голосом проти 14 після чотиригодинних дебатів.",
            "Мешканці кварталу зібрали близько 4000 підписів проти плану.",
            "За словами забудовника, роботи почнуться навесні й триватимуть близько двох років.",
        ),
    ),
}
"""For each language, headlines and sentences."""

LANGUAGES = tuple(NEWS)


def headline(rng: Random, language: str) -> str:
    return rng.choice(NEWS.get(language, NEWS["en"])[0])


def sentence(rng: Random, language: str) -> str:
    return rng.choice(NEWS.get(language, NEWS["en"])[1])


def paragraph(rng: Random, language: str, sentences: int = 3) -> str:
    known = NEWS.get(language, NEWS["en"])[1]
    return " ".join(rng.sample(known, min(sentences, len(known))))
