"""Rules for docker-compose.yml and the Dockerfile; tests/containers runs them."""

import json
import re
import runpy
import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from dateline_broker.lock.lockfile import read_lock

ROOT = Path(__file__).parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")
SPECIFICATION = ROOT / "tests/contract/specifications/compose-spec.json"


def test_compose_file_is_valid_by_the_specification() -> None:
    schema = json.loads(SPECIFICATION.read_text("utf-8"))
    jsonschema.Draft202012Validator(schema).validate(COMPOSE)


def test_compose_file_passes_every_setting_on() -> None:
    made = runpy.run_path(str(ROOT / "deploy/compose_settings.py"))
    text = (ROOT / "docker-compose.yml").read_text("utf-8")
    assert made["with_settings"](text) == text, "run `make schemas`"
    for service in ("ingest", "pages", "enrich", "sinks", "status"):
        names = {name for section in ("kafka", "runtime", service) for name in made["passed_on"]()[section]}
        assert names <= SERVICES[service]["environment"].keys()


def test_compose_runs_the_kafka_of_the_embedded_broker() -> None:
    assert SERVICES["kafka"]["image"] == f"apache/kafka:{read_lock().kafka_version}"


@pytest.mark.parametrize("name", SERVICES)
def test_service_is_limited_restarted_and_ordered(name: str) -> None:
    service = SERVICES[name]
    assert service["mem_limit"]
    assert service["cpus"]
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["restart"] == ("no" if name in ("topics", "demo-publish") else "unless-stopped")
    assert "container_name" not in service, "it could not be scaled"
    if name != "kafka":
        assert service["read_only"] is True
        assert service["depends_on"]
    for port in service.get("ports", []):
        assert port.startswith("${COMPOSE_BIND:-127.0.0.1}:")


def test_no_command_waits_by_sleeping() -> None:
    text = (ROOT / "docker-compose.yml").read_text("utf-8")
    assert "sleep" not in text + DOCKERFILE


def test_only_the_demo_has_a_profile() -> None:
    assert {name for name, service in SERVICES.items() if service.get("profiles")} == {
        name for name in SERVICES if name.startswith("demo-")
    }


def test_dockerfile_needs_only_its_base_image_from_an_image_registry() -> None:
    assert not re.search(r"^#\s*syntax\s*=", DOCKERFILE, re.MULTILINE | re.IGNORECASE)
    stages = set(re.findall(r"^FROM \S+ AS (\S+)", DOCKERFILE, re.MULTILINE))
    bases = set(re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE))
    assert bases - stages == {"${PYTHON_IMAGE}", "${BUILD_IMAGE:-$PYTHON_IMAGE}", "${SERVICE}"}
    assert set(re.findall(r"--from=(\S+)", DOCKERFILE)) <= stages
    # The builder without BuildKit does not support mounts.
    assert "--mount" not in DOCKERFILE


def test_dockerfile_has_a_stage_for_each_service_with_a_command_and_a_health_check() -> None:
    stages, _, last = DOCKERFILE.partition("\nFROM ${SERVICE}\n")
    assert last == "COPY --from=build /app /app\n"
    runtime, *targets = stages.partition("AS runtime\n")[2].split("\nFROM runtime AS ")
    assert [target.split()[0] for target in targets] == ["ingest", "pages", "enrich", "sinks", "status"]
    assert "USER 10001:10001" in runtime
    assert "HEALTHCHECK" in runtime
    for target in targets:
        name = target.split()[0]
        assert f'CMD ["python", "-m", "dateline_{name}"]' in target
        assert f'org.opencontainers.image.title="dateline-{name}"' in target
        assert "\nRUN " not in target


def test_dockerignore_admits_what_the_dockerfile_copies_without_wildcards() -> None:
    lines = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    let_in = {line[1:] for line in lines if line.startswith("!")}
    assert "*" in lines
    assert not [each for each in let_in if "*" in each]
    copied = re.findall(r"^COPY (?!--from)(\S+) ", DOCKERFILE, re.MULTILINE)
    for source in {
        each.replace("${SERVICE}", name) for each in copied for name in ("ingest", "pages", "enrich", "sinks", "status")
    }:
        assert any(each == source or each.startswith(f"{source}/") for each in let_in), source
        assert (ROOT / source).exists()


@pytest.mark.parametrize("service", ["ingest", "pages", "enrich", "sinks", "status"])
def test_lock_of_an_image_contains_the_dependencies_of_its_packages(service: str) -> None:
    locked = (ROOT / f"services/{service}/requirements.lock").read_text("utf-8")
    names = set(re.findall(r"^([a-z0-9.-]+)==", locked, re.MULTILINE))
    own = tomllib.loads((ROOT / f"services/{service}/pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    for package in ("schemas", "sdk", *(["web"] if "dateline-web" in own else []), f"services/{service}"):
        project = tomllib.loads((ROOT / package / "pyproject.toml").read_text("utf-8"))["project"]
        asked = {re.split(r"[^A-Za-z0-9._-]", each)[0].lower() for each in project["dependencies"]}
        missing = {name for name in asked if not name.startswith("dateline")} - names
        assert not missing, f"run `make lock`: {missing}"
