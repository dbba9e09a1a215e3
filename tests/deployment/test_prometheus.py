"""The rules for Prometheus are valid, and each alert fires when it should and only then."""

import yaml
from deployment.tools import ROOT, run, tool

FOLDER = ROOT / "deploy/prometheus"


def test_rules_are_valid() -> None:
    assert "SUCCESS" in run(tool("promtool"), "check", "rules", str(FOLDER / "dateline.rules.yml"))


def test_alerts_fire_when_they_should_and_only_then() -> None:
    assert "SUCCESS" in run(tool("promtool"), "test", "rules", str(FOLDER / "dateline.test.yml"))


def test_every_alert_has_a_test_that_sees_it_fire() -> None:
    rules = yaml.safe_load((FOLDER / "dateline.rules.yml").read_text("utf-8"))
    alerts = {rule["alert"] for group in rules["groups"] for rule in group["rules"] if "alert" in rule}
    cases = yaml.safe_load((FOLDER / "dateline.test.yml").read_text("utf-8"))["tests"]
    fired = {each["alertname"] for case in cases for each in case["alert_rule_test"] if each.get("exp_alerts")}
    silent = {each["alertname"] for case in cases for each in case["alert_rule_test"] if not each.get("exp_alerts")}

    assert fired == silent == alerts
