"""The public names of the package."""

import subprocess
import sys

import dateline_web
import pytest


def test_every_public_name_can_be_imported() -> None:
    assert sorted(dateline_web.MODULES) == sorted(dateline_web.__all__)
    assert all(getattr(dateline_web, name) is not None for name in dateline_web.__all__)
    with pytest.raises(AttributeError, match="no attribute 'WebServer'"):
        dateline_web.WebServer  # noqa: B018


def test_light_modules_import_neither_aiohttp_nor_anything_of_dateline() -> None:
    program = (
        "import sys, dateline_web.address, dateline_web.options, dateline_web.tdm, dateline_web.headers.link_header\n"
        "heavy = ('aiohttp', 'dateline', 'dateline_ingest', 'dateline_schemas')\n"
        "sys.exit(', '.join(name for name in heavy if name in sys.modules) or None)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
