"""The rules for Prometheus and the dashboard of Grafana name what exists, and leave no metric out."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from dateline.figures.catalog import METRICS
from dateline.figures.metric import Metric

ROOT = Path(__file__).parents[2]
RULES = yaml.safe_load((ROOT / "deploy/prometheus/dateline.rules.yml").read_text("utf-8"))
GRAFANA = json.loads((ROOT / "deploy/grafana/dateline.json").read_text("utf-8"))
REPORTED = set(
    re.findall(r'"(dateline_\w+)"', (ROOT / "services/status/src/dateline_status/http/metrics.py").read_text("utf-8"))
)
"""What the status service reports about the pipeline as a whole."""

RECORDED = {rule["record"] for group in RULES["groups"] for rule in group["rules"] if "record" in rule}


def names_of(metric: Metric) -> set[str]:
    ends = ("_bucket", "_sum", "_count") if metric.kind == "histogram" else ("",)
    return {metric.name + end for end in ends}


EXISTING = {name for metric in METRICS for name in names_of(metric)} | REPORTED | RECORDED | {"dateline_build_info"}


def expressions_of_grafana() -> Iterator[str]:
    for panel in GRAFANA["panels"]:
        yield from (target["expr"] for target in panel.get("targets", []))


EXPRESSIONS = [
    *(rule["expr"] for group in RULES["groups"] for rule in group["rules"]),
    *expressions_of_grafana(),
]


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_an_expression_names_metrics_and_labels_that_exist(expression: str) -> None:
    named = re.findall(r"\bdateline[_:][\w:]+", expression)
    assert named or "process_" in expression
    assert set(named) <= EXISTING


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_an_expression_asks_for_label_values_that_exist(expression: str) -> None:
    metrics = {name: metric for metric in METRICS for name in names_of(metric)}
    for name, conditions in re.findall(r"\b(dateline_\w+)\{([^}]*)\}", expression):
        for label, operator, value in re.findall(r'(\w+)(=~|!=|=)"([^"]*)"', conditions):
            assert label in metrics[name].labels
            known = metrics[name].values.get(label)
            assert known is None or set(value.split("|") if operator == "=~" else [value]) <= set(known)


def test_the_panels_do_not_overlap() -> None:
    taken: set[tuple[int, int]] = set()
    for panel in GRAFANA["panels"]:
        place: dict[str, Any] = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert not taken & cells, panel["title"]
        assert place["x"] + place["w"] <= 24
        taken |= cells


def test_every_metric_that_services_count_is_on_the_dashboard_of_grafana() -> None:
    shown = " ".join(expressions_of_grafana())
    # The status service draws those itself; they repeat what it reports.
    seen = {"dateline_seen_lag_records", "dateline_seen_dead_letters", "dateline_seen_kafka"}
    own = {metric.name for metric in METRICS} - seen

    assert {name for name in own if name not in shown} == {"dateline_since_publication_seconds"}
