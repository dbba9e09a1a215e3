"""A short campaign: everything is struck, and everything is accounted for."""

from pathlib import Path

import pytest
from chaos.campaign import Campaign
from chaos.piece import PiecePlan

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(600), pytest.mark.xdist_group("faults")]

FAULTS = 20
"""Some two minutes, with a broker and seven processes on two cores."""


async def test_twenty_faults_lose_nothing_double_nothing_and_keep_the_order(tmp_path: Path) -> None:
    said: list[str] = []
    campaign = Campaign(folder=tmp_path, plans=[PiecePlan(seed="short.0", faults=FAULTS)], say=said.append)
    summary = await campaign.run()
    assert not summary["violations"], "\n".join(said)
    assert summary["faults"] == FAULTS
    assert summary["records"]["digests"] > 100, "so little work that the faults mean nothing"
    assert summary["in_open_transactions"] >= FAULTS // 4
