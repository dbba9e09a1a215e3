"""A lower bound for the quality of the packaged model, on our own sentences."""

import re
from collections import Counter

from dateline_enrich.entities.network.tagger import EntityTagger

SENTENCES = """
[Ngozi Adeyemi|PER] was sworn in as governor of [Anambra State|LOC] on Tuesday.
The [World Bank|ORG] approved a loan of $300m for [Bangladesh|LOC], its office in [Dhaka|LOC] said.
Shares of [Halvorsen Shipping|ORG] fell after [Erik Lund|PER] resigned as chairman.
"We will not sign," [Foreign Ministry|ORG] spokeswoman [Leila Hosseini|PER] told [Reuters|ORG] in [Tehran|LOC].
Flooding cut the road between [Beira|LOC] and [Chimoio|LOC] in central [Mozambique|LOC].
[Priya Raman|PER], who chairs the [Indian Institute of Public Health|ORG], called the figures alarming.
Police in [Sao Paulo|LOC] arrested [Joao Batista Ferreira|PER] at the airport.
The [European Commission|ORG] fined [Telvanta|ORG] 90 million euros.
[Tunisia|LOC] and [Algeria|LOC] reopened their border at [Tabarka|LOC].
President [Amara Diallo|PER] flew to [Paris|LOC] for talks with [Claire Fontaine|PER].
The ruling [Democratic Unity Party|ORG] lost its majority in [Parliament|ORG].
In [Almaty|LOC], thousands marched along the [Tole Bi Street|LOC].
[Kenji Watanabe|PER] joined [Nagoya University|ORG] from [Osaka|LOC] last year.
[UNICEF|ORG] said 4,000 children in [Yemen|LOC] needed care.
A spokesman for [Zheng Wei|PER] declined to comment.
The river [Niger|LOC] burst its banks near [Mopti|LOC], [Mali|LOC].
[Maria Gonzalez|PER] and her brother [Luis|PER] left [Caracas|LOC] in 2017.
Engineers of [Deltacom|ORG] repaired the cable off [Mombasa|LOC].
[Boris Kovalenko|PER], a lawyer from [Kharkiv|LOC], will defend her.
The [Supreme Court of Ghana|ORG] heard the case of [Kwame Asante|PER].
[Hapoel Haifa|ORG] beat [Maccabi Netanya|ORG] in [Haifa|LOC] on Saturday.
The [Ministry of Health|ORG] in [Jakarta|LOC] confirmed three deaths.
Coach [Rafael Ortiz|PER] praised [Andre Silva|PER] after the match.
[Yerevan|LOC] accuses [Baku|LOC] of shelling two villages.
Protesters gathered outside the offices of [Petrolux|ORG] in [Lagos|LOC].
[Sultan bin Fahd|PER] received [Olaf Brandt|PER] in [Riyadh|LOC].
[Amnesty International|ORG] urged [Vietnam|LOC] to free [Tran Van Minh|PER].
The [Bank of Japan|ORG] left rates unchanged.
Miners in [Cerro de Pasco|LOC], [Peru|LOC], ended a strike of six weeks.
[Fatima Zahra Bennani|PER] won the seat of [Casablanca|LOC] for the [Istiqlal Party|ORG].
[NATO|ORG] ships left [Piraeus|LOC] for the [Black Sea|LOC].
The [University of Cape Town|ORG] named [Thandiwe Nkosi|PER] its vice-chancellor.
A court in [Manila|LOC] cleared [Jose Dela Cruz|PER] of all charges.
The [International Monetary Fund|ORG] team will visit [Colombo|LOC] in May.
[Kim Min-jun|PER] of [Seoul National University|ORG] led the study.
Rebels seized [Goma|LOC] in the east of the [Democratic Republic of Congo|LOC].
[Dmitry Orlov|PER] heads the [Moscow|LOC] office of [Severbank|ORG].
"[Ankara|LOC] must choose," said Senator [Helen Marsh|PER].
[Red Cross|ORG] workers reached [Port-au-Prince|LOC] on Friday.
[Abdul Rahman Siddiqui|PER] was born in [Peshawar|LOC], [Pakistan|LOC].
[Al Jazeera|ORG] broadcast the speech live from [Doha|LOC].
[Lucy Hartwell|PER], 34, runs a bakery in [Leeds|LOC].
Prices rose for the third month, and wages did not follow.
""".strip().splitlines()

FLOORS = {"PER": 0.95, "ORG": 0.80, "LOC": 0.90}


def marked(line: str) -> tuple[str, set[tuple[str, str]]]:
    names = {(name, label) for name, label in re.findall(r"\[([^|\]]+)\|(\w+)\]", line)}
    return re.sub(r"\[([^|\]]+)\|\w+\]", r"\1", line), names


def test_names_in_varied_news_are_found() -> None:
    assert len(SENTENCES) >= 40
    gold = [marked(line) for line in SENTENCES]
    found = EntityTagger.load().spans([text for text, _ in gold])
    counts: Counter[tuple[str, str]] = Counter()
    for (text, names), spans in zip(gold, found, strict=True):
        seen = {(re.sub(r"^[Tt]he ", "", text[s.start : s.end]), s.label) for s in spans}
        for kind, group in (("gold", names), ("found", seen), ("right", names & seen)):
            counts.update((kind, label) for _, label in group)
    f1 = {label: 2 * counts["right", label] / (counts["gold", label] + counts["found", label]) for label in FLOORS}
    assert {label: f1[label] >= floor for label, floor in FLOORS.items()} == dict.fromkeys(FLOORS, True), f1
