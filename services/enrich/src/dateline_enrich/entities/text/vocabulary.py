"""Closed sets of words that the rules name; the long lists are data, see `lexicon`."""

from __future__ import annotations

__all__ = [
    "ABBREVIATIONS",
    "CAPITAL_WORDS",
    "COMPANY_SUFFIXES",
    "COMPOUND_TAILS",
    "DIRECTIONS",
    "DIRECTIVE",
    "DIVISION_WORDS",
    "FACILITIES",
    "FORMS_OF_ADDRESS",
    "LOCATIVE",
    "NATION_WORDS",
    "ORGANIZATION_ENDINGS",
    "PARTICLES",
    "PERIOD_SUFFIXES",
    "PLURAL_OWNERS",
    "PREFIXES",
    "PRODUCT_NOUNS",
    "PUBLIC_BODIES",
    "QUOTED_CONNECTORS",
    "SAYING",
    "STORMS",
    "WORD_ENDINGS",
]


def _words(*lines: str) -> frozenset[str]:
    return frozenset(word for line in lines for word in line.split())


PARTICLES = _words(
    "de del della di da du des dos das van von der den ter ten bin ibn bint al el ul ud ben abu la le y af av",
    "zu zur",
)
"""Lower-case words inside names of persons and places."""

ABBREVIATIONS = _words(
    "adm assn bros brig capt cmdr co col corp cpl cpt det dr fr ft gen gov hon inc insp jr lt ltd maj messrs",
    "mr mrs ms mt mx no pres prof pte rep rev sen sgt sr st ste supt",
)
"""Words whose period does not end a sentence."""

COMPANY_SUFFIXES = _words("inc llc ltd corp jr sr plc")
"""What belongs to a name after a comma: Google, Inc."""

PREFIXES = _words("sub trans cis")
"""What hyphens join to the name of a place: sub-Saharan Africa."""

STORMS = _words("hurricane typhoon cyclone storm")
"""Lower-case nouns before the name of a storm."""

PLURAL_OWNERS = _words(
    "children doctors employers farmers journalists lawyers men nurses people peoples soldiers students",
    "teachers veterans women workers writers",
)
"""Owners that belong to the name: People's Republic, Teachers' Union."""

PRODUCT_NOUNS = _words(
    "aircraft airliner airliners app browser camera car cars chip chips console consoles drone drones drug",
    "fighter gun guns handset handsets headset helicopter helicopters jet jets laptop laptops limousine missile",
    "missiles pistol pistols plane planes processor rifle rifles rocket rockets satellite satellites sedan",
    "smartphone smartphones smartwatch software spacecraft supercomputer tablet tablets tank tanks truck trucks",
    "vaccine vaccines",
)
"""Nouns behind the name of a product: the Sputnik V vaccine."""

QUOTED_CONNECTORS = _words("a an and at by de for from in la le of on or the to with")
"""Lower-case words inside quoted names."""

ORGANIZATION_ENDINGS = _words(
    "inc ltd corp co llc plc group company corporation holdings limited party",
    "sa ag gmbh asa ab oyj nv se spa bv",
)
"""Last words that the short name of an organisation leaves out."""

PUBLIC_BODIES = _words(
    "ministry department parliament government embassy army police court navy council assembly agency office"
)
"""Bodies whose words go in any order: Ministry of Defence, Defence Ministry."""

PERIOD_SUFFIXES = _words("bros co corp inc jr ltd sr")
"""Ends of names that keep their period."""

LOCATIVE = _words("in at near across throughout outside inside around within")
"""Prepositions before places."""

DIRECTIVE = _words("from to into via towards toward")
"""Prepositions before places, and before persons and organisations as well."""

SAYING = _words(
    "said says told added adds argued argues asked asks announced announces believes believed claimed claims",
    "commented confirmed declared denied explained explains insisted noted notes recalled replied reported",
    "responded revealed stated states stressed suggested tweeted urged vowed wrote writes testified thinks",
    "thought joked warned",
)
"""Lower-case words inside quoted names."""

DIRECTIONS = _words(
    "north south east west northern southern eastern western central northeast northwest southeast southwest",
    "northeastern northwestern southeastern southwestern upper lower greater inner outer sub-saharan",
)
"""Words before a place that make another place of it: Northern Uganda."""

NATION_WORDS = _words(
    "ambassador ambassadors embassy parliament kingdom republic diplomats diplomatic premier chancellor monarch",
    "foreign defence president's",
)
"""Words beside a name that speak of a country rather than of a province."""

CAPITAL_WORDS = _words(
    "president senate congress parliament minister ministers ministry embassy diplomats sanctions troops treaty"
)
"""Words of national politics: where they are, the name of a capital may stand for its government."""

DIVISION_WORDS = _words("governor gov sheriff legislature statehouse counties county gubernatorial")
"""Words beside a name that speak of a state or province rather than of a country."""

FACILITIES = _words(
    "academy archive archives center centers centre centres church clinic college laboratory railway school store",
    "stores studio studios university works",
)
"""Last words of what is an organisation and a building."""

FORMS_OF_ADDRESS = _words("mr mrs ms dr prof rep sen gen gov col lt sgt capt rev")
"""Titles that nothing but a person follows."""

COMPOUND_TAILS = _words(
    "administered affiliated aligned area backed based born bound brokered built centered centred centric",
    "controlled dominated educated era friendly funded held inspired installed leaning led like linked listed",
    "made majority mandated minded native occupied only operated owned related ruled run led sponsored",
    "speaking style supported trained type wide",
)
"""Lower-case words inside quoted names."""

WORD_ENDINGS = (
    *("tion", "tions", "sion", "ment", "ments", "ness", "ship", "ships", "ings", "ance", "ence", "ity", "ism", "ists"),
    *("ical", "onal", "ial", "ible", "able", "ious", "ative", "ology", "ware"),
)
"""Endings of English words, hardly of names."""
