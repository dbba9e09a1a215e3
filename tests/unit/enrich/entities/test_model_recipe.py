import json
import lzma
import random
import re
from pathlib import Path

import pytest
from dateline_enrich.entities.network.encoding import encode
from dateline_enrich.entities.network.weights import MODEL
from tokenizers import Tokenizer

from models.entities.texts.augmentation import Bank
from models.entities.texts.corpus import MarkedName, Text, as_marked, cleaned, read, trimmed
from models.entities.texts.examples import examples
from models.entities.texts.invention import Inventor
from models.entities.texts.labels import ANY, OUTSIDE, TAGS, begin, inside
from models.entities.texts.mixture import demonyms, held_out, more_names, weight


def text(content: str, *marked: tuple[str, str], source: str = "docred", split: str = "train") -> Text:
    names = []
    at = 0
    for surface, label in marked:
        at = content.index(surface, at)
        names.append(MarkedName(start=at, end=at + len(surface), labels=frozenset({label})))
        at += len(surface)
    return Text(id="t", source=source, genre="news", split=split, text=content, names=tuple(names))


def labels(item: Text) -> list[tuple[str, str]]:
    return [(item.text[n.start : n.end], "/".join(sorted(n.labels))) for n in item.names]


@pytest.fixture(scope="module")
def encoder() -> Tokenizer:
    return Tokenizer.from_file(str(MODEL / "tokenizer.json"))


@pytest.mark.parametrize(
    ("span", "expected"),
    [("the Hague’s", "Hague"), ("“An Orbis”", "Orbis"), ("Theresa", "Theresa"), ("The", "The")],
)
def test_articles_possessives_and_quotation_marks_are_not_part_of_a_name(span: str, expected: str) -> None:
    start, end = trimmed(span, 0, len(span))
    assert span[start:end] == expected


def test_sets_are_read_without_leaked_lines_and_overlaps(tmp_path: Path) -> None:
    line = {
        "id": "a",
        "genre": "news",
        "split": "train",
        "text": "The Bank of Ghana",
        "ents": [[0, 17, "ORG"], [12, 17, "LOC"]],
    }
    with lzma.open(tmp_path / "docred.jsonl.xz", "wt", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n" + json.dumps({**line, "leak_crossner_test": True}) + "\n")
    (only,) = read(tmp_path, ["docred"])
    assert labels(only) == [("Bank of Ghana", "ORG")]


def test_a_demonym_is_not_a_place() -> None:
    (item,) = cleaned(
        [text("A Ghanaian firm in Ghana", ("Ghanaian", "LOC"), ("Ghana", "LOC"))], frozenset({"Ghanaian"})
    )
    assert labels(item) == [("Ghanaian", "MISC"), ("Ghana", "LOC")]


def test_a_paper_marked_as_a_work_may_be_an_organisation() -> None:
    (item,) = cleaned([text("in the Accra Times today", ("Accra Times", "MISC"))], frozenset())
    assert labels(item) == [("Accra Times", "MISC/ORG")]


def test_a_rare_class_of_a_name_stays_open() -> None:
    texts = [text("in England", ("England", "LOC")) for _ in range(9)] + [text("England won", ("England", "ORG"))]
    assert labels(cleaned(texts, frozenset())[-1]) == [("England", "LOC/ORG")]


def test_without_open_tags_only_demonyms_are_changed() -> None:
    item = text("A Ghanaian in Ghana. Ghana in the Accra Times", ("Ghanaian", "LOC"), ("Ghana", "LOC"))
    (same,) = as_marked([item], frozenset({"Ghanaian"}))
    assert labels(same) == [("Ghanaian", "MISC"), ("Ghana", "LOC")]


def test_an_unmarked_repetition_of_a_name_stays_open() -> None:
    (item,) = cleaned([text("Ama Obi spoke. Later Ama Obi left. Ama Obis", ("Ama Obi", "PER"))], frozenset())
    assert labels(item) == [("Ama Obi", "PER"), ("Ama Obi", "O/PER")]


def test_a_span_that_cuts_a_word_leaves_all_classes_open() -> None:
    (item,) = cleaned([text("the municipality", ("municipalit", "LOC"))], frozenset())
    assert labels(item) == [("municipalit", "LOC/MISC/O/ORG/PER")]


def test_words_allow_the_tags_that_the_names_leave_open(encoder: Tokenizer) -> None:
    item = cleaned([text("Ama Obi met Orbis Times.", ("Ama Obi", "PER"), ("Orbis Times", "MISC"))], frozenset())[0]
    (sentence,) = examples(item, encoder)
    both = ["MISC", "ORG"]
    expected = (begin(["PER"]), inside(["PER"]), OUTSIDE, begin(both), inside(both), OUTSIDE)
    assert sentence.tags == expected
    assert [(m.first, m.last, m.label) for m in sentence.mentions] == [(0, 1, "PER")]


def test_an_unmarked_capital_of_gum_may_be_another_name(encoder: Tokenizer) -> None:
    (sentence,) = examples(text("Ama likes Jazz here", ("Ama", "PER"), source="gum_clear"), encoder)
    assert sentence.tags[2] == OUTSIDE | begin(["MISC"]) | inside(["MISC"])
    assert sentence.tags[3] == OUTSIDE


def test_long_sentences_are_cut_outside_names(encoder: Tokenizer) -> None:
    content = "and Ama Obi " * 40
    item = text(content, *[("Ama Obi", "PER")] * 40)
    parts = examples(item, encoder, longest=30)
    assert sum(len(part.mentions) for part in parts) == 40
    assert all(part.size <= 34 for part in parts)


def test_no_sentence_begins_inside_a_name(encoder: Tokenizer) -> None:
    item = text("He led Obi. Orbis and Adu\nBank. They left.", ("Obi. Orbis", "ORG"), ("Adu\nBank", "ORG"))
    parts = examples(item, encoder)
    assert [len(part.mentions) for part in parts] == [2, 0]
    assert all(part.tags[0] != inside(["ORG"]) for part in parts)


def test_masks_have_one_bit_per_tag() -> None:
    assert 2 ** len(TAGS) - 1 == ANY
    assert [TAGS[begin([c]).bit_length() - 1] + TAGS[inside([c]).bit_length() - 1] for c in ("PER", "MISC")] == [
        "B-PERI-PER",
        "B-MISCI-MISC",
    ]


def test_scored_splits_of_gum_are_held_out() -> None:
    assert held_out(text("a", source="gum_clear", split="dev"))
    assert not held_out(text("a", source="gum_clear"))
    assert not held_out(text("a", source="crossner", split="dev"))


def test_news_has_a_higher_weight_than_sentences_without_names(encoder: Tokenizer) -> None:
    news, empty = text("Ama left.", ("Ama", "PER"), source="gum_clear"), text("it left.", source="fewnerd")
    assert weight(news, examples(news, encoder)) > 10 * weight(empty, examples(empty, encoder))


def test_replacement_names_depend_only_on_the_seed() -> None:
    assert more_names(1) == more_names(1) != more_names(2)
    assert {label for label, _ in more_names(1)} == {"PER", "LOC"}


def test_invented_names_cover_all_classes_and_depend_only_on_the_seed() -> None:
    drawn = [list(Inventor(random.Random(seed)).names(300, 300, 300)) for seed in (1, 1, 2)]
    assert drawn[0] == drawn[1] != drawn[2]
    for label in ("PER", "ORG", "LOC"):
        own = [name for kind, name in drawn[0] if kind == label]
        assert len(own) == 300
        assert len(set(own)) > 200
    assert {label for label, _ in more_names(1, invented=True)} == {"PER", "ORG", "LOC", "MISC"}


def test_invented_names_are_well_formed() -> None:
    for _, name in Inventor(random.Random(3)).names(500, 500, 500):
        assert not re.search(r"[_;:\[\]]|\s\s|^\s|\s$", name)
        assert any(c.isupper() for c in name)


def test_demonyms_contain_peoples_but_not_countries() -> None:
    assert {"Ghanaian", "Muslim"} <= demonyms()
    assert "Ghana" not in demonyms()


def test_peoples_replace_only_peoples(encoder: Tokenizer) -> None:
    bank = Bank([], [("MISC", "Ghanaian"), ("MISC", "Tuvaluans"), ("MISC", "Kenyans")], encoder)
    rng = random.Random(1)

    def drawn(name: str) -> object:
        words = bank.draw("MISC", tuple(encode(name, encoder).pieces), rng)
        return words and tuple(pieces for pieces, _ in words)

    plurals = {tuple(encode(name, encoder).pieces) for name in ("Tuvaluans", "Kenyans")}
    assert {drawn("Kenyans") for _ in range(20)} == plurals
    assert drawn("Windows") is None
