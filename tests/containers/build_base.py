"""Makes a base image for building the services where this machine has package indexes or certificates of its own."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from containers.engine import docker

__all__ = ["make_build_base"]

NAME = "dateline-build-base"
"""Name of the image; it stays on this engine, and only installed packages get from it into the services' images."""

PIP_OPTIONS = ("index-url", "extra-index-url", "trusted-host", "timeout", "retries", "proxy")
"""Options of pip that are also valid in a container, unlike paths of this machine."""

VARIABLES = (
    "UV_DEFAULT_INDEX",
    "UV_INDEX",
    "UV_INDEX_URL",
    "UV_EXTRA_INDEX_URL",
    "UV_INSECURE_HOST",
    "UV_HTTP_TIMEOUT",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "NO_PROXY",
)
"""Environment variables that are passed on if they are set."""

CERTIFICATES = ("SSL_CERT_FILE", "PIP_CERT", "REQUESTS_CA_BUNDLE")
"""Environment variables that name a file of trusted certificates."""


def make_build_base(python_image: str) -> str:
    """Make a base image with this machine's indexes and certificates; return its name, or nothing if it has none."""
    options = pip_options()
    variables = {name: os.environ[name] for name in VARIABLES if os.environ.get(name)}
    if "index-url" in options and not variables.keys() & {"UV_DEFAULT_INDEX", "UV_INDEX_URL"}:
        variables["UV_DEFAULT_INDEX"] = options["index-url"]
    if "extra-index-url" in options and "UV_EXTRA_INDEX_URL" not in variables:
        variables["UV_EXTRA_INDEX_URL"] = options["extra-index-url"].replace("\n", " ")
    certificates = next((Path(path) for name in CERTIFICATES if (path := os.environ.get(name))), None)
    if not (options or variables or certificates):
        return ""
    with tempfile.TemporaryDirectory(prefix="dateline-base-") as folder:
        lines = [f"FROM {python_image}"]
        if certificates and certificates.is_file():
            shutil.copy(certificates, Path(folder) / "certificates.pem")
            lines.append("COPY certificates.pem /etc/ssl/build.pem")
            variables |= dict.fromkeys(CERTIFICATES, "/etc/ssl/build.pem")
        pip = "".join(f"{name} = {value}\n" for name, value in options.items())
        (Path(folder) / "pip.conf").write_text(f"[global]\n{pip}", "utf-8")
        lines.append("COPY pip.conf /etc/pip.conf")
        lines += [f'ENV {name}="{value}"' for name, value in variables.items()]
        (Path(folder) / "Dockerfile").write_text("\n".join(lines) + "\n", "utf-8")
        docker("build", "--tag", NAME, folder, seconds=120)
    return NAME


def pip_options() -> dict[str, str]:
    """Return the options of pip on this machine, from files and environment variables."""
    shown = subprocess.run(
        [sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True, check=False, timeout=60
    ).stdout
    found = {}
    for line in shown.splitlines():
        name, _, value = line.partition("=")
        option = name.rpartition(".")[2].removeprefix("default-")
        if option in PIP_OPTIONS:
            found[option] = value.strip("'\"").replace("\\n", "\n ")
    return found
