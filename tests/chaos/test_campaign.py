"""A short campaign keeps every promise."""

from pathlib import Path

import pytest
from chaos.campaign import Campaign
from chaos.piece import PiecePlan

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(600), pytest.mark.xdist_group("faults")]

FAULTS = 20
"""The number of faults; they take about two minutes with a broker and nine processes on two cores."""


async def test_twenty_faults_cause_no_loss_no_duplicates_and_no_reordering(tmp_path: Path) -> None:
    said: list[str] = []
    campaign = Campaign(folder=tmp_path, plans=[PiecePlan(seed="short.0", faults=FAULTS)], say=said.append)
    summary = await campaign.run()
    assert not summary["violations"], "\n".join(said)
    assert summary["faults"] == FAULTS
    assert summary["records"]["digests"] > 100, "too little work for the faults to matter"
    assert summary["records"]["from pages"] > 20, "too few pages were read"
    assert summary["politeness"]["requests"] > summary["records"]["from pages"]
    assert summary["in_open_transactions"] >= FAULTS // 4
