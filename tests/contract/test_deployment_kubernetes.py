"""The manifests are valid and agree with the code."""

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from dateline.settings import known_settings
from dateline_enrich.settings import EnrichSettings
from dateline_schemas import TOPICS

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "deploy/kubernetes"
SPECIFICATIONS = ROOT / "tests/contract/specifications"
MANIFESTS: list[tuple[str, dict[str, Any]]] = [
    (path.name, manifest)
    for path in sorted(FOLDER.glob("*.yaml"))
    if path.name != "kustomization.yaml"
    for manifest in yaml.safe_load_all(path.read_text("utf-8"))
]
NAMES = [f"{file}:{manifest['kind']}/{manifest['metadata']['name']}" for file, manifest in MANIFESTS]
WORKLOADS = [manifest for _, manifest in MANIFESTS if manifest["kind"] in ("Deployment", "Job")]


def schema_of(kind: str) -> dict[str, Any]:
    """Return the schema of a kind, such as `apps/v1/Deployment`."""
    for name in ("kubernetes-1.37.json", "keda-2.21.json"):
        found = json.loads((SPECIFICATIONS / name).read_text("utf-8"))
        if kind in found["kinds"]:
            return {**found["kinds"][kind], "$defs": found.get("$defs", {})}
    raise AssertionError(f"there is no schema of {kind}")


@pytest.mark.parametrize("manifest", [manifest for _, manifest in MANIFESTS], ids=NAMES)
def test_manifest_is_valid(manifest: dict[str, Any]) -> None:
    schema = schema_of(f"{manifest['apiVersion']}/{manifest['kind']}")
    jsonschema.Draft7Validator(schema).validate(manifest)


def test_schema_rejects_unknown_fields() -> None:
    wrong = json.loads(json.dumps(WORKLOADS[0]))
    wrong["spec"]["template"]["spec"]["containers"][0]["livenessProb"] = {}
    with pytest.raises(jsonschema.ValidationError):
        test_manifest_is_valid(wrong)


def test_kustomization_names_every_file() -> None:
    listed = yaml.safe_load((FOLDER / "kustomization.yaml").read_text("utf-8"))
    assert sorted(listed["resources"]) == sorted({file for file, _ in MANIFESTS})
    images = {c["image"] for each in WORKLOADS for c in each["spec"]["template"]["spec"]["containers"]}
    assert images == {image["name"] for image in listed["images"]}


@pytest.mark.parametrize("workload", WORKLOADS, ids=lambda each: each["metadata"]["name"])
def test_workload_has_minimal_rights_limits_and_probes(workload: dict[str, Any]) -> None:
    pod = workload["spec"]["template"]["spec"]
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["automountServiceAccountToken"] is False
    (container,) = pod["containers"]
    assert container["securityContext"]["readOnlyRootFilesystem"] is True
    assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
    assert container["resources"]["limits"]["memory"]
    if workload["kind"] == "Deployment":
        assert {"startupProbe", "livenessProbe"} <= container.keys()
        selector = workload["spec"]["selector"]["matchLabels"]
        assert selector.items() <= workload["spec"]["template"]["metadata"]["labels"].items()


def test_probes_check_the_file_that_the_image_names() -> None:
    (path,) = re.findall(r"DATELINE_RUNTIME__ALIVE_FILE=(\S+)", (ROOT / "Dockerfile").read_text("utf-8"))
    for name in ("pages.yaml", "enrich.yaml", "sinks.yaml"):
        assert (FOLDER / name).read_text("utf-8").count(path) == 2
    assert (ROOT / "Dockerfile").read_text("utf-8").count(path) == 2


def test_replicas_survive_the_draining_of_nodes() -> None:
    budgets = {m["metadata"]["name"] for _, m in MANIFESTS if m["kind"] == "PodDisruptionBudget"}
    several = {w["metadata"]["name"] for w in WORKLOADS if w["spec"].get("replicas", 1) > 1}
    assert budgets == several


def test_scaling_uses_the_lag_of_enrich_and_is_limited_by_the_partitions() -> None:
    (scaled,) = [manifest for _, manifest in MANIFESTS if manifest["kind"] == "ScaledObject"]
    (trigger,) = scaled["spec"]["triggers"]
    topic = TOPICS["articles.parsed"]
    assert trigger["metadata"]["topic"] == topic.named("dateline.")
    assert trigger["metadata"]["consumerGroup"] == EnrichSettings.model_fields["group"].default
    assert scaled["spec"]["maxReplicaCount"] == topic.partitions
    (settings,) = [m for _, m in MANIFESTS if m["kind"] == "ConfigMap" and m["metadata"]["name"] == "dateline"]
    assert trigger["metadata"]["bootstrapServers"] == settings["data"]["DATELINE_KAFKA__BOOTSTRAP_SERVERS"]


def test_settings_in_the_manifests_exist() -> None:
    text = "".join(path.read_text("utf-8") for path in FOLDER.glob("*.yaml"))
    assert set(re.findall(r"DATELINE_[A-Z]+__[A-Z_]+", text)) <= known_settings().keys()
