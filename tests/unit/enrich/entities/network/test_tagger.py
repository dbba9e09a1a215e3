import json
import shutil
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import onnxruntime
import pytest
from dateline_enrich.entities.network.tagger import EntityTagger, ModelError, Span
from dateline_enrich.entities.network.weights import MODEL, read_weights
from dateline_enrich.entities.network.window import OVERLAP, PORTION, cut, portions
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer

STRANGE = [
    "",
    "x",
    "\0",
    "\0\0 a\0b",
    "😀" * 2000,
    "שלום עולם",
    "A" * 50_000,
    "." * 300_000,
    "\r\n" * 1000,
    "\u202eabc",
    "\ud800",
]

pieces = st.sampled_from(
    [
        "Kofi Annan",
        "UN",
        "Geneva",
        " met ",
        ". ",
        ", ",
        "\n",
        "’s",
        "“",
        "”",
        "😀",
        "é",
        "e\u0301",
        "ﬁ",
        "İstanbul",
        "\0",
        "한국",
    ]
)


@pytest.fixture(scope="module")
def tagger() -> EntityTagger:
    return EntityTagger.load()


def read(tagger: EntityTagger, text: str) -> list[tuple[str, str]]:
    return [(text[span.start : span.end], span.label) for span in tagger.spans([text])[0]]


def test_persons_organisations_and_places_are_found(tagger: EntityTagger) -> None:
    text = "Kofi Annan, who led the United Nations, was born in Kumasi, Ghana."
    assert read(tagger, text) == [
        ("Kofi Annan", "PER"),
        ("United Nations", "ORG"),
        ("Kumasi", "LOC"),
        ("Ghana", "LOC"),
    ]


def test_an_empty_text_has_no_spans(tagger: EntityTagger) -> None:
    assert tagger.spans([]) == []


@pytest.mark.parametrize("text", STRANGE, ids=range(len(STRANGE)))
def test_no_text_raises(tagger: EntityTagger, text: str) -> None:
    (spans,) = tagger.spans([text])
    assert all(0 <= span.start < span.end <= len(text) for span in spans)


@given(parts=st.lists(pieces | st.text(max_size=8), max_size=30))
@settings(deadline=None, max_examples=60)
def test_spans_lie_in_the_text_in_order_and_begin_and_end_with_their_name(parts: list[str]) -> None:
    text = "".join(parts)
    (spans,) = EntityTagger.load().spans([text])
    before = 0
    for span in spans:
        assert before <= span.start < span.end <= len(text)
        assert not text[span.start].isspace()
        assert not text[span.end - 1].isspace()
        assert 0 <= span.score <= 1
        before = span.end


def test_offsets_count_code_points_including_combining_accents(tagger: EntityTagger) -> None:
    text = "😀😀 Président Félix Tshisekedi e\u0301tait \0 a\u0300 Kinshasa."
    assert ("Kinshasa", "LOC") in read(tagger, text)


def test_texts_in_one_call_have_the_same_names_as_in_separate_calls(tagger: EntityTagger) -> None:
    texts = ["Kofi Annan spoke in Geneva.", "", "Officials of the World Bank met Narendra Modi in New Delhi."]
    together = tagger.spans(texts)
    assert [[(s.start, s.end, s.label) for s in spans] for spans in together] == [
        [(s.start, s.end, s.label) for s in tagger.spans([text])[0]] for text in texts
    ]


def test_two_threads_find_the_same_names_as_one(tagger: EntityTagger) -> None:
    text = "Kofi Annan spoke in Geneva.\n" * 200
    assert [(s.start, s.label) for s in EntityTagger.load(threads=2).spans([text])[0]] == [
        (s.start, s.label) for s in tagger.spans([text])[0]
    ]


class Counting:
    """A session that counts pieces and batches."""

    def __init__(self, graph: bytes, **options: Any) -> None:
        self.session = onnxruntime.InferenceSession(graph, **options)
        self.pieces = self.batches = 0

    def run(self, names: None, inputs: dict[str, Any]) -> Any:
        self.pieces += inputs["ids"].size
        self.batches += 1
        return self.session.run(names, inputs)


@pytest.mark.parametrize("threads", [1, 2])
def test_short_and_long_texts_are_batched_without_padding(
    threads: int, encoder: Tokenizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    weights = read_weights()
    opened: list[Counting] = []

    def counting_session(graph: bytes, **options: Any) -> Counting:
        opened.append(Counting(graph, **options))
        return opened[-1]

    runtime = SimpleNamespace(**vars(onnxruntime) | {"InferenceSession": counting_session})
    monkeypatch.setattr("dateline_enrich.entities.network.tagger.onnxruntime", runtime)
    tagger = EntityTagger(weights, threads=threads)
    (counting,) = opened
    texts = ["Kofi Annan spoke in Geneva. " * n for n in (1, 1, 1, 1, 2, 3, 3, 50)]
    tagger.spans(texts)
    windows = [window for text in texts for window in cut(0, text, encoder, weights.window)]
    assert counting.pieces == sum(window.size + 2 for window in windows)
    assert counting.batches < len(windows)


def test_the_tagger_of_a_folder_is_loaded_once(tagger: EntityTagger) -> None:
    assert EntityTagger.load() is tagger


def test_a_file_with_a_wrong_checksum_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "model"
    shutil.copytree(MODEL, folder)
    with (folder / "model.onnx").open("ab") as graph:
        graph.write(b"!")
    with pytest.raises(ModelError, match=r"model\.onnx is not the file that model.json describes"):
        EntityTagger.load(folder)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "model.json").write_text(json.dumps({}))
    with pytest.raises(ModelError, match=r"cannot be read: .*model\.onnx"):
        EntityTagger.load(tmp_path)


@pytest.fixture(scope="module")
def encoder() -> Tokenizer:
    return Tokenizer.from_file(str(MODEL / "tokenizer.json"))


@pytest.mark.parametrize("line", ["Kofi Annan went to Geneva. ", "Kofi Annan, "], ids=["sentences", "one sentence"])
def test_windows_cover_each_word_about_once(encoder: Tokenizer, line: str) -> None:
    once, twice = (list(cut(0, line * n, encoder, 126)) for n in (500, 1000))
    assert 1.9 * len(once) <= len(twice) <= 2.1 * len(once)
    read_pieces, pieces = sum(w.size for w in twice), sum(len(p) for w in _portions_of(twice) for p in w)
    assert read_pieces <= pieces * 126 / (126 - OVERLAP - 8)


def _portions_of(windows: list) -> list:  # type: ignore[type-arg]
    return list({id(w.words): w.words.pieces for w in windows}.values())


def test_each_word_belongs_to_one_window(encoder: Tokenizer) -> None:
    text = "Kofi Annan, the head of it, " * 300
    windows = list(cut(0, text, encoder, 126))
    assert len(windows) > 2
    assert all(w.size <= 126 for w in windows)
    own = [(w.offset + w.words.starts[i]) for w in windows for i in range(w.own_first, w.own_stop)]
    assert own == sorted(set(own))
    assert len(own) == sum(map(len, _portions_of(windows)))
    assert all(w.first <= w.own_first < w.own_stop <= w.stop for w in windows)


def test_a_window_without_capitals_is_not_read(encoder: Tokenizer) -> None:
    assert list(cut(0, "nothing to see here. " * 50, encoder, 126)) == []


@pytest.mark.parametrize(
    ("sentence", "is_read"),
    [
        ("The talks will go on for days.", False),
        ("“It was a good year,” he said.", False),
        ("I did.", False),
        ("WHO did?", True),
        ("The G20 met.", True),
        ("The talks in Geneva will go on.", True),
        ("Putin will go on.", True),
        ("The 中国 say so.", True),
        ("and so said iain", True),
    ],
)
def test_a_sentence_of_ordinary_words_is_left_out(encoder: Tokenizer, sentence: str, is_read: bool) -> None:
    text = f"Kofi Annan spoke in Geneva. {sentence} Ban Ki-moon spoke in Seoul."
    (window,) = cut(0, text, encoder, 126)
    words = [text[start:end] for start, end in zip(window.words.starts, window.words.ends, strict=True)]
    assert (sentence.rstrip(".?").split()[-1] in words) == is_read
    assert {"Geneva", "Ban", "Seoul"} <= set(words)


def test_names_around_left_out_sentences_keep_their_offsets(tagger: EntityTagger) -> None:
    text = "Kofi Annan spoke in Geneva\nThe talks will go on. New York waits. It is late. Narendra Modi left."
    assert read(tagger, text) == [
        ("Kofi Annan", "PER"),
        ("Geneva", "LOC"),
        ("New York", "LOC"),
        ("Narendra Modi", "PER"),
    ]


@given(text=st.text(alphabet="a. \n", max_size=400), size=st.integers(4, 50))
def test_portions_add_up_to_the_text(text: str, size: int) -> None:
    parts = list(portions(text, size))
    assert "".join(part for _, part in parts) == text
    assert all(text[start : start + len(part)] == part and len(part) <= size for start, part in parts)


def test_a_long_name_is_found_across_the_border_of_two_windows(tagger: EntityTagger) -> None:
    for filler in range(100, 130, 3):
        text = "then, " * filler + "said President Vladimir Putin of Russia, " + "and so on, " * 60
        names = [name for name, _ in read(tagger, text)]
        assert names.count("Vladimir Putin") == 1, filler


def test_no_name_continues_over_the_end_of_a_line(tagger: EntityTagger) -> None:
    assert read(tagger, "Regards,\nKofi Annan\nNarendra Modi\nAngela Merkel") == [
        ("Kofi Annan", "PER"),
        ("Narendra Modi", "PER"),
        ("Angela Merkel", "PER"),
    ]


def test_a_portion_has_a_maximum_size() -> None:
    assert max(len(part) for _, part in portions("word " * 40_000)) <= PORTION


def test_a_span_has_a_confidence() -> None:
    assert Span(start=0, end=1, label="PER", score=0.5).score == 0.5


def test_addresses_contain_no_names() -> None:
    text = "https://news.example/2022/Ghana-wins-in-Kenya\n\nKofi Annan came to Ghana."
    (spans,) = EntityTagger.load().spans([text])
    assert [text[s.start : s.end] for s in spans] == ["Kofi Annan", "Ghana"]
