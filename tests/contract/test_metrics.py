"""Every metric is counted by a service, documented with its labels, and named as Prometheus wants it."""

import ast
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from dateline.figures import catalog
from dateline.figures.catalog import METRICS
from dateline.figures.metric import Metric
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "metrics.md").read_text("utf-8")
REPORT = ROOT / "services/status/src/dateline_status/http/metrics.py"
RECORDING = {"counter", "counters_by", "gauge", "histogram"}
"""The methods of a meter that make series."""

UNITS = ("seconds", "bytes")
"""Base units, with which a name ends; a name without one counts things."""

ROW = re.compile(r"^\| `(dateline_\w+)` \| (.+) \|$", re.MULTILINE)


@cache
def trees() -> list[ast.Module]:
    """Return the modules that use the catalogue."""
    folders = [ROOT / "sdk/src", *sorted((ROOT / "services").glob("*/src"))]
    texts = [path.read_text("utf-8") for each in folders for path in sorted(each.rglob("*.py"))]
    return [ast.parse(text) for text in texts if "from dateline.figures.catalog import" in text]


@cache
def recorded() -> frozenset[str]:
    """Return the constants of the catalogue of which some code makes series."""
    return frozenset(
        node.args[0].id
        for tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in RECORDING
        and node.args
        and isinstance(node.args[0], ast.Name)
    )


@cache
def rows() -> dict[str, list[str]]:
    return {name: [cell.strip() for cell in cells.split(" | ")] for name, cells in ROW.findall(PAGE)}


def of_the_report() -> dict[str, list[str]]:
    """Return the labels of each metric that the status service makes of its report."""
    tree = ast.parse(REPORT.read_text("utf-8"))
    found: dict[str, list[str]] = {}
    for function in (node for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)):
        names: list[str] = []
        for node in ast.walk(function):
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "names":
                names = ast.literal_eval(node.value)
        for node in ast.walk(function):
            if not isinstance(node, ast.Call) or not node.args or not isinstance(node.args[0], ast.Constant):
                continue
            if isinstance(name := node.args[0].value, str) and name.startswith("dateline_"):
                labels = next((each.value for each in node.keywords if each.arg == "labels"), None)
                is_named = isinstance(labels, ast.Name)
                found[name] = names if is_named else ast.literal_eval(labels) if labels is not None else []
    return found


def constants() -> list[tuple[str, Metric]]:
    return [(name, value) for name, value in vars(catalog).items() if isinstance(value, Metric)]


def test_the_catalogue_is_complete_and_has_each_name_once() -> None:
    assert Counter(METRICS) == Counter(value for _, value in constants())
    assert len({metric.name for metric in METRICS}) == len(METRICS)
    assert {name for name, _ in constants()} <= set(catalog.__all__)


@pytest.mark.parametrize(("constant", "metric"), constants(), ids=lambda each: getattr(each, "name", str(each)))
def test_some_code_counts_it(constant: str, metric: Metric) -> None:
    assert constant in recorded(), f"no service makes a series of {metric.name}"


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.name)
def test_names_and_buckets_follow_the_conventions_of_prometheus(metric: Metric) -> None:
    assert re.fullmatch(r"dateline(_[a-z]+)+", metric.name)
    assert metric.name.endswith("_total") == (metric.kind == "counter")
    assert not re.search(r"milli|micro|_ms|kilo|mega|_kb|minutes|hours", metric.name)
    assert "instance" not in metric.labels
    assert set(metric.values) <= set(metric.labels)
    assert bool(metric.bounds) == (metric.kind == "histogram")
    assert list(metric.bounds) == sorted(set(metric.bounds))
    if "time" in metric.text.lower().split()[:1]:
        assert metric.name.endswith("_seconds")


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.name)
def test_the_page_says_what_the_catalogue_says(metric: Metric) -> None:
    values = {label: f" ({', '.join(f'`{each}`' for each in metric.values[label])})" for label in metric.values}
    labels = ", ".join(f"`{label}`{values.get(label, '')}" for label in metric.labels) or "none"
    kind, documented, unit, text = rows()[metric.name]
    assert (kind, documented, text) == (metric.kind, labels, metric.text)
    assert (unit in UNITS) == (metric.name.removesuffix("_total").rpartition("_")[2] in UNITS)


def test_the_page_has_the_metrics_of_the_report_with_their_labels() -> None:
    found = of_the_report()
    assert len(found) > 20
    own = {metric.name for metric in METRICS}
    assert not own & found.keys()
    documented = {name: re.findall(r"`(\w+)`", cells[0]) for name, cells in rows().items() if name not in own}
    assert documented == found


def test_every_label_has_an_end_that_the_page_explains() -> None:
    explained = {
        label
        for cell in re.findall(
            r"^\| (`[a-z_`, ]+`) \|", PAGE.partition("No label has")[2].partition("**")[0], re.MULTILINE
        )
        for label in re.findall(r"`(\w+)`", cell)
    }
    labels = {label for metric in METRICS for label in metric.labels}
    labels |= {label for each in of_the_report().values() for label in each}
    assert labels == explained


def test_no_two_metrics_have_series_of_one_name() -> None:
    families = [
        *(CounterMetricFamily(each.name, "") for each in METRICS if each.kind == "counter"),
        *(GaugeMetricFamily(each.name, "") for each in METRICS if each.kind == "gauge"),
        *(HistogramMetricFamily(each.name, "") for each in METRICS if each.kind == "histogram"),
        *(GaugeMetricFamily(name, "") for name in of_the_report()),
    ]
    suffixes = {
        "counter": ("_total", "_created"),
        "gauge": ("",),
        "histogram": ("_bucket", "_count", "_sum", "_created"),
    }
    names = Counter(name for each in families for name in {each.name, *(each.name + s for s in suffixes[each.type])})
    assert not [name for name, count in names.items() if count > 1]
