"""Stand-ins for official images that cannot be pulled: Debian's Python, and Kafka from its jars."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from containers.engine import EngineError, docker, run

__all__ = ["LABEL", "make_kafka", "make_python"]

LABEL = "dateline.stand-in"
"""The label of stand-ins, which are not what their names say."""

SUITE = "bookworm"
"""The Debian release that the official Python image is based on; its Python is 3.11."""

KAFKA_FILES = Path(__file__).with_name("kafka-image")
"""The Dockerfile and scripts of the stand-in for Kafka."""


def make_python(name: str) -> None:
    """Make an image of Debian with its own Python.

    Raises:
        EngineError: debootstrap or root is missing, or a command fails.
    """
    if shutil.which("debootstrap") is None or os.geteuid() != 0:
        raise EngineError(f"a stand-in for {name} is made by debootstrap, as root: one of them is missing")
    with tempfile.TemporaryDirectory(prefix="dateline-debian-") as folder:
        root = Path(folder) / "root"
        packages = "--include=python3,python3-venv,ca-certificates"
        run(["debootstrap", "--variant=minbase", packages, SUITE, str(root), mirror()], seconds=600)
        for cache in ("var/cache/apt", "var/lib/apt/lists"):
            shutil.rmtree(root / cache, ignore_errors=True)
        for link in ("python", "python3"):
            (root / "usr/local/bin" / link).symlink_to("/usr/bin/python3")
        changes = [f"LABEL {LABEL}=true", "ENV PATH=/usr/local/bin:/usr/local/sbin:/usr/bin:/usr/sbin:/bin:/sbin"]
        options = [word for change in changes for word in ("--change", change)]
        with subprocess.Popen(["tar", "-C", str(root), "-c", "."], stdout=subprocess.PIPE) as tar:
            done = subprocess.run(["docker", "import", *options, "-", name], stdin=tar.stdout, check=False, timeout=300)
        if done.returncode or tar.returncode:
            raise EngineError(f"docker import of {name} failed")


def mirror() -> str:
    """Return the mirror that apt uses."""
    shown = run(["apt-get", "indextargets", "--format", "$(ORIGIN) $(COMPONENT) $(CODENAME) $(REPO_URI)"], seconds=30)
    for line in shown.splitlines():
        origin, component, codename, *address = line.split()
        if (origin, component) == ("Debian", "main") and "-" not in codename and address:
            return address[0]
    raise EngineError("apt has no Debian mirror to take packages from")


def make_kafka(name: str, base: str) -> None:
    """Make a Kafka image from the jars and the Java of the embedded broker; it starts like the official one.

    Args:
        name: name of the image.
        base: an image of Debian.

    Raises:
        EngineError: the engine cannot build it.
    """
    from dateline_broker import install, progress_for

    installed = install(aot=False, progress=progress_for(sys.stderr))
    with tempfile.TemporaryDirectory(prefix="dateline-kafka-") as folder:
        context = Path(folder) / "image"
        shutil.copytree(KAFKA_FILES, context)
        (context / "libs").mkdir()
        for jar in installed.jars:
            shutil.copy(jar, context / "libs")
        shutil.copytree(installed.java.path.parents[1], context / "java", symlinks=True)
        docker(
            "build",
            "--tag",
            name,
            "--build-arg",
            f"BASE={base}",
            "--label",
            f"{LABEL}=true",
            folder + "/image",
            seconds=300,
        )
