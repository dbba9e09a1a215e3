"""Short sets of words that the rules use; the long lists are data, see `lexicon`."""

from __future__ import annotations

__all__ = [
    "CAPITAL_WORDS",
    "COMPANY_SUFFIXES",
    "COMPANY_VERBS",
    "COMPOUND_TAILS",
    "DIRECTIONS",
    "DIVISION_WORDS",
    "FACILITIES",
    "LEGAL_FORMS",
    "LOCATIVE",
    "MOVING",
    "NAME_PARTICLES",
    "NATION_WORDS",
    "ORGANIZATION_ENDINGS",
    "PERIOD_SUFFIXES",
    "PERSON_SUFFIXES",
    "PREFIXES",
    "PRODUCT_NOUNS",
    "PUBLIC_BODIES",
    "QUOTED_CONNECTORS",
    "SAYING",
    "STATE_PARTS",
    "STATE_WORDS",
    "STORMS",
]


def _words(*lines: str) -> frozenset[str]:
    return frozenset(word for line in lines for word in line.split())


COMPANY_SUFFIXES = _words("inc llc ltd corp plc")
"""Words after a comma that belong to the name of a company: Google, Inc."""

COMPANY_VERBS = _words(
    "announced beat began bought built came closed earned employs expanded expects faced faces failed fell filed fired",
    "gained gave got grew held hired issued jumped kept launched led left lifted lost made makes must offered opened",
    "operates ordered owns paid pays plunged raised raises ran recalled rejected removed rose sank saw sells serves",
    "settled should slashed slid slipped sold started stopped sued surged took topped tumbled went withdrew won",
)
"""Verbs whose subject is often a company, and which do not look like nouns."""

LEGAL_FORMS = COMPANY_SUFFIXES | _words("gmbh jsc llp ltda ojsc pjsc pty pvt sarl srl")
"""Legal forms of companies."""

PERSON_SUFFIXES = _words("jr sr ii iii iv")
"""Words after a person's surname, as in "Davis Jr."."""

NAME_PARTICLES = _words("bin da das de del den der di do dos du la las le los van vom von y zu zur")
"""Words inside names of persons that have no capital."""

PREFIXES = _words("sub trans cis")
"""Words that a hyphen joins to the name of a place: sub-Saharan Africa."""

STATE_PARTS = _words(
    "ambassador army border borders capital central coast constitution economy embassy foreign government military",
    "ministry north parliament president prime ruling south supreme",
)
"""Words after the possessive of a country: Chad's capital, Chad's foreign minister."""

STORMS = _words("hurricane typhoon cyclone storm")
"""Lower-case nouns before the name of a storm."""

PRODUCT_NOUNS = _words(
    "aircraft airliner airliners app browser camera car cars chip chips console consoles drone drones drug",
    "fighter gun guns handset handsets headset helicopter helicopters jet jets laptop laptops limousine missile",
    "missiles pistol pistols plane planes processor rifle rifles rocket rockets satellite satellites sedan",
    "smartphone smartphones smartwatch software spacecraft supercomputer tablet tablets tank tanks truck trucks",
    "vaccine vaccines",
)
"""Nouns after the name of a product: the Sputnik V vaccine."""

QUOTED_CONNECTORS = _words("a an and at by de for from in la le of on or the to with")
"""Lower-case words inside quoted names."""

ORGANIZATION_ENDINGS = _words(
    "inc ltd corp co llc plc group company corporation holdings limited party",
    "sa ag gmbh asa ab oyj nv se spa bv",
)
"""Last words that short names of organisations leave out."""

PUBLIC_BODIES = _words(
    "ministry department parliament government embassy army police court navy council assembly agency office"
)
"""Nouns for public bodies, whose words may have any order: Ministry of Defence, Defence Ministry."""

PERIOD_SUFFIXES = _words("bros co corp inc jr ltd sr")
"""Last words of names that keep their period."""

LOCATIVE = _words("in at near across throughout outside inside around within")
"""Prepositions before places."""

MOVING = _words(
    "back came deported emigrated escaped exiled exported exports extradited fled flew flies flight flights fly flying",
    "go goes going gone heading home immigrated imported imports journey journeyed march marched migrated move moved",
    "moving relocated return returned returning returns sailed sent shipped tour tours travel traveled traveling",
    "travelled travelling travels trip trips visit visits voyage way went",
)
"""Verbs and nouns of motion, which stand before places: flew to Israel."""

STATE_WORDS = _words(
    "army borders capital citizen citizens coast east eastern embassy emperor government islands king kingdom map",
    "minister north northern parliament part parts people peoples population president republic rest south southern",
    "state west western",
)
"""Nouns before "of" and the name of a country."""

SAYING = _words(
    "said says told added adds argued argues asked asks announced announces believes believed claimed claims",
    "commented confirmed declared denied explained explains insisted noted notes recalled replied reported",
    "responded revealed stated states stressed suggested tweeted urged vowed wrote writes testified thinks",
    "thought joked warned",
)
"""Verbs of saying, which stand beside persons."""

NATION_WORDS = _words(
    "ambassador ambassadors embassy parliament kingdom republic diplomats diplomatic premier chancellor monarch",
    "foreign defence president's",
)
"""Words beside a name that indicate a country rather than a province."""

CAPITAL_WORDS = _words(
    "president senate congress parliament minister ministers ministry embassy diplomats sanctions troops treaty"
)
"""Words of national politics. With them, the name of a capital may stand for the government."""

DIRECTIONS = _words(
    "north south east west northern southern eastern western central northeast northwest southeast southwest",
    "north-east north-west south-east south-west northeastern northwestern southeastern southwestern",
)
"""Words before the name of a people: Southeast Asian."""

DIVISION_WORDS = _words("governor gov sheriff legislature statehouse counties county gubernatorial")
"""Words beside a name that indicate a state or province rather than a country."""

FACILITIES = _words(
    "academy archive archives center centers centre centres church clinic college laboratory railway school store",
    "stores studio studios university works",
)
"""Last words of names that are both organisations and buildings."""

COMPOUND_TAILS = _words(
    "administered affiliated aligned area backed based born bound brokered built centered centred centric",
    "controlled dominated educated era friendly funded held inspired installed leaning led like linked listed",
    "made majority mandated minded native occupied only operated owned related ruled run led sponsored",
    "speaking style supported trained type wide",
)
"""Second parts of compounds such as "Beijing-based", which are not part of the name."""
