"""An enricher of another package adds a model of its own to articles."""

import json
import math
import os
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
from dateline.errors import PermanentError, SettingsError
from dateline_enrich.annotation import annotate_lines
from dateline_enrich.enricher import Annotations, Enricher, load_enrichers
from dateline_enrich.enrichment import enriched
from dateline_enrich.extra import MAX_EXTRA_BYTES, output_schema
from dateline_keywords.enricher import Keywords
from dateline_keywords.topics import ArticleTopics
from dateline_schemas import Article, ContractError, EnrichedArticle
from pydantic import BaseModel, Field
from support.articles import an_article
from support.installed import installed_example

TOPICS = {"transport": ["ferry", "train"], "sport": ["cup", "cup final"]}

FERRY = an_article("Ferry service resumes", "Two ferries; the Ferry sails for the Cup final and the cup.")


def test_topics_are_ordered_by_their_share_and_name_their_keywords() -> None:
    added = Keywords(TOPICS).enrich(FERRY).extra
    assert isinstance(added, ArticleTopics)
    assert [(each.name, each.share, each.keywords) for each in added.topics] == [
        ("sport", 0.5, {"cup": 1, "cup final": 1}),
        ("transport", 0.5, {"ferry": 2}),
    ]
    assert Keywords(TOPICS, min_keywords=3).enrich(FERRY).extra is None
    assert Keywords({}).enrich(FERRY).extra is None


def test_other_keywords_are_another_version() -> None:
    versions = {Keywords(TOPICS).version, Keywords({}).version, Keywords(TOPICS, min_keywords=3).version}
    assert len(versions) == 3


def test_an_annotation_is_read_by_its_model_and_kept_by_those_who_do_not_know_it() -> None:
    article = enriched(FERRY, [Keywords(TOPICS)])
    again = EnrichedArticle.from_bytes(EnrichedArticle.from_bytes(article.to_bytes()).to_bytes())
    assert again == article
    topics = again.annotation("keywords", ArticleTopics)
    assert topics is not None
    assert [each.name for each in topics.topics] == ["sport", "transport"]
    assert again.annotation("other", ArticleTopics) is None
    assert enriched(an_article("Rain"), [Keywords(TOPICS)]).annotations == {}
    broken = again.model_copy(update={"annotations": {"keywords": {"topics": [{"name": 1}]}}})
    with pytest.raises(ContractError, match=r"^annotations\.keywords\.topics\.0\.name: Input should be a"):
        broken.annotation("keywords", ArticleTopics)


def test_a_model_may_have_aliases() -> None:
    class Share(BaseModel):
        per_cent: float = Field(alias="perCent")

    class Shares:
        name = "shares"
        version = "1"
        model = Share

        def enrich(self, article: Article) -> Annotations:
            return Annotations(extra=Share(perCent=3.5))

    article = enriched(FERRY, [Shares()])
    assert article.annotations == {"shares": {"perCent": 3.5}}
    assert article.annotation("shares", Share) == Share(perCent=3.5)
    jsonschema.validate(json.loads(article.to_bytes()), output_schema([Shares()]))


def test_the_schema_of_the_output_describes_annotations() -> None:
    schema = output_schema([Keywords(TOPICS)])
    article = json.loads(enriched(FERRY, [Keywords(TOPICS)]).to_bytes())
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(article, schema)
    article["annotations"]["keywords"]["topics"][0]["share"] = 2
    with pytest.raises(jsonschema.ValidationError, match="2 is greater than the maximum"):
        jsonschema.validate(article, schema)


class Score(BaseModel):
    score: float = 0
    text: str = ""


class Scores:
    """An enricher that adds what the test says."""

    name = "scores"
    version = "scores-1"
    model = Score

    def __init__(self, extra: BaseModel) -> None:
        self._extra = extra

    def enrich(self, article: Article) -> Annotations:
        return Annotations(extra=self._extra)


class Modelless(Scores):
    model = None  # type: ignore[assignment]


@pytest.mark.parametrize(
    ("enricher", "message"),
    [
        (Scores(Score.model_construct(score="high")), "the annotation of the enricher scores is invalid"),  # type: ignore[arg-type]
        (Scores(Score(score=math.nan)), "the annotation of the enricher scores is invalid"),
        (Scores(ArticleTopics(topics=[])), "scores added a ArticleTopics, and its model is Score"),
        (Modelless(Score()), "scores added a Score, and it declares no model"),
        (Scores(Score(text="x" * MAX_EXTRA_BYTES)), "has 262,167 bytes, and may have 262,144"),
    ],
)
def test_an_invalid_annotation_is_an_error_of_the_article(enricher: Enricher, message: str) -> None:
    with pytest.raises(PermanentError, match=message):
        enriched(FERRY, [enricher])
    (line,) = annotate_lines([FERRY.to_bytes()], [enricher])
    assert message in (line.problem or "")


def test_annotate_runs_the_installed_example_with_its_settings_and_shows_its_schema(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed_example("keywords", tmp_path, monkeypatch)

    def annotate(*arguments: str) -> bytes:
        return subprocess.run(
            [sys.executable, "-m", "dateline", "annotate", "--only", "keywords", *arguments],
            input=FERRY.to_bytes() + b"\n",
            capture_output=True,
            check=True,
            timeout=120,
            env=dict(os.environ) | {"DATELINE_KEYWORDS__TOPICS": json.dumps(TOPICS)},
        ).stdout

    article = EnrichedArticle.from_bytes(annotate())
    assert article == enriched(FERRY, [Keywords(TOPICS)])
    jsonschema.validate(json.loads(article.to_bytes()), json.loads(annotate("--schema")))


def test_two_enrichers_of_one_name_are_refused() -> None:
    with pytest.raises(SettingsError, match="more than one is called 'dates'"):
        load_enrichers(["dates", "dates"])
