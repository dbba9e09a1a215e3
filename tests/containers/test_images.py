"""The images match docs/deploy.md: few privileges, no build tools, all files included."""

import json
import subprocess

import pytest
from containers.engine import docker
from support.articles import an_article

IMAGES = ("dateline/ingest", "dateline/pages", "dateline/enrich", "dateline/sinks", "dateline/status")
HARDENED = ("--rm", "--network", "none", "--read-only", "--tmpfs", "/tmp", "--cap-drop", "ALL", "--interactive")


@pytest.mark.parametrize("image", IMAGES)
def test_an_image_runs_without_root_and_is_labelled(image: str) -> None:
    (found,) = json.loads(docker("image", "inspect", image))
    config = found["Config"]
    assert config["User"] == "10001:10001"
    assert config["Healthcheck"]["Test"]
    title = f"dateline-{image.rpartition('/')[2]}"
    assert config["Labels"]["org.opencontainers.image.title"] == title
    assert config["Labels"]["org.opencontainers.image.licenses"] == "Apache-2.0"
    print(f"{image}: {found['Size'] / 1e6:.0f} MB")


@pytest.mark.parametrize("image", IMAGES)
def test_an_image_contains_no_build_or_install_tools(image: str) -> None:
    tools = "pip pip3 uv gcc cc make git"
    found = docker("run", *HARDENED, image, "sh", "-c", f"for t in {tools}; do command -v $t || true; done")
    assert found.strip() == ""
    listed = docker(
        "run", *HARDENED, image, "sh", "-c", "python -c 'import pip' 2>&1; find / -name pip.conf 2>/dev/null; true"
    )
    assert "No module named 'pip'" in listed
    assert "/pip.conf" not in listed


def test_enrich_starts_without_network_and_writable_files() -> None:
    line = an_article("Talks resume", "Nino Kvaratelia met them in Tbilisi on June 11.").to_bytes()
    out = docker("run", *HARDENED, "dateline/enrich", "dateline", "annotate", given=line + b"\n")
    (article,) = [json.loads(each) for each in out.splitlines()]
    assert "Tbilisi" in [entity["name"] for entity in article["entities"]]
    assert "2024-06-11" in [date["value"] for date in article["dates"]]


@pytest.mark.parametrize(
    ("image", "variable", "line"),
    [
        (
            "dateline/enrich",
            "DATELINE_ENRICH__ENRICHERS=dates,magic",
            "'magic' is not installed; available:",
        ),
        (
            "dateline/ingest",
            "DATELINE_INGEST__MAX_ITEMS=many",
            "DATELINE_INGEST__MAX_ITEMS='many' (from the environment)",
        ),
        (
            "dateline/pages",
            "DATELINE_PAGES__PAUSE_SECONDS=soon",
            "DATELINE_PAGES__PAUSE_SECONDS='soon' (from the environment)",
        ),
        (
            "dateline/sinks",
            'DATELINE_SINKS__RUN={"archive": {"kind": "cassette", "target": "/data"}}',
            "no sink 'cassette'",
        ),
        ("dateline/status", "DATELINE_STATUS__PROT=80", "did you mean DATELINE_STATUS__PORT?"),
    ],
)
def test_an_invalid_setting_stops_the_container_with_one_line(image: str, variable: str, line: str) -> None:
    done = subprocess.run(
        ["docker", "run", *HARDENED, "--env", variable, image], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 2
    said = (done.stdout + done.stderr).strip().splitlines()
    assert len(said) == 1
    assert line in said[0]


def test_every_kind_of_sink_is_in_the_image_and_its_folder_belongs_to_the_user() -> None:
    imports = "import psycopg, pyarrow.parquet, opensearchpy, cramjam, dateline_web"
    shown = docker("run", *HARDENED, "dateline/sinks", "sh", "-ec", f"python -c '{imports}'; dateline sink --help")
    for kind in ("postgres", "sqlite", "parquet", "jsonl", "opensearch", "webhook"):
        assert kind in shown
    # A new volume takes the owner of the folder over which it is mounted.
    written = "touch /data/x && stat -c %u /data"
    owner = docker("run", *HARDENED, "--volume", "/data", "dateline/sinks", "sh", "-c", written)
    assert owner.strip() == "10001"
