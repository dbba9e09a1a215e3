"""Faults of sinks are drawn from a seed alone, for every lane."""

from collections import Counter

from chaos.replicas.control import POINTS, SINK_POINTS
from chaos.sinks.lanes import SINKS
from chaos.sinks.sink_schedule import SERVER, SERVER_KINDS, SINK_KINDS, draw_sink_faults


def test_the_same_seed_draws_the_same_faults_of_sinks() -> None:
    assert draw_sink_faults("7", 50, session=2.0) == draw_sink_faults("7", 50, session=2.0)
    assert draw_sink_faults("7", 50, session=2.0) != draw_sink_faults("8", 50, session=2.0)


def test_every_sink_the_server_and_the_broker_are_struck_at_every_point() -> None:
    faults = draw_sink_faults("1", 3000, session=2.0)
    drawn = Counter((fault.lane, fault.kind) for fault in faults)
    assert {lane for lane, _ in drawn} == {*SINKS, SERVER, "broker"}
    assert {kind for lane, kind in drawn if lane == SERVER} == SERVER_KINDS.keys()
    for sink in SINKS:
        assert {kind for lane, kind in drawn if lane == sink} == SINK_KINDS.keys()
    assert {fault.point for fault in faults} == {*POINTS, *SINK_POINTS}


def test_one_sink_can_be_struck_alone() -> None:
    assert {fault.lane for fault in draw_sink_faults("1", 50, session=2.0, lanes=("sqlite",))} == {"sqlite"}
    assert {fault.lane for fault in draw_sink_faults("1", 50, session=2.0, lanes=("server",))} == {"server"}
