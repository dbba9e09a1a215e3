"""The names that `dateline` offers: imported on first use, and the same from everywhere."""

import subprocess
import sys

import dateline
import pytest


@pytest.mark.parametrize("name", dateline.__all__)
def test_every_public_name_can_be_imported(name: str) -> None:
    assert getattr(dateline, name).__name__ == name


def test_consumer_is_the_decorator_also_after_its_module_was_imported() -> None:
    code = (
        "import sys, dateline\n"
        "assert 'dateline.consumer' not in sys.modules\n"
        "import dateline.consumer\n"
        "from dateline import consumer\n"
        "assert consumer is dateline.consumer is sys.modules['dateline.consumer'].consumer"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="'dateline' has no attribute 'nothing'"):
        dateline.nothing  # noqa: B018 - the access is what is tested
