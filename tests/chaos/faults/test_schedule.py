"""Faults are drawn from a seed alone, so that a run can be repeated."""

from collections import Counter

from chaos.faults.schedule import BROKER_KINDS, KINDS, LANES, draw_faults


def test_the_same_seed_draws_the_same_faults() -> None:
    assert draw_faults("7.3", 50, session=2.0) == draw_faults("7.3", 50, session=2.0)
    assert draw_faults("7.3", 50, session=2.0) != draw_faults("7.4", 50, session=2.0)


def test_every_kind_of_fault_is_drawn_for_every_lane_it_belongs_to() -> None:
    faults = draw_faults("1", 3000, session=2.0)
    drawn = Counter((fault.lane, fault.kind) for fault in faults)
    assert {lane for lane, _ in drawn} == set(LANES)
    assert {kind for lane, kind in drawn if lane == "broker"} == BROKER_KINDS.keys()
    for service in LANES[:-1]:
        assert {kind for lane, kind in drawn if lane == service} == KINDS.keys()


def test_freezes_and_half_open_connections_last_longer_or_shorter_than_a_session() -> None:
    faults = [f for f in draw_faults("1", 2000, session=2.0) if f.kind in ("freeze", "freeze-at-point", "half-open")]
    longer = [fault for fault in faults if fault.seconds > 2.0]
    assert 0.5 < len(longer) / len(faults) < 0.9


def test_a_full_disk_is_not_drawn_without_a_disk_that_can_be_filled() -> None:
    kinds = {fault.kind for fault in draw_faults("1", 3000, session=2.0, disk=False)}
    assert kinds == (KINDS.keys() | BROKER_KINDS.keys()) - {"disk-full"}


def test_only_the_requested_lanes_are_struck() -> None:
    faults = draw_faults("1", 200, session=2.0, lanes=("pages",))
    assert {fault.lane for fault in faults} == {"pages"}
    assert {fault.kind for fault in faults} == KINDS.keys()
    both = draw_faults("1", 200, session=2.0, lanes=("pages", "broker"))
    assert {fault.lane for fault in both} == {"pages", "broker"}
    assert {fault.lane for fault in draw_faults("1", 20, session=2.0, lanes=("broker",))} == {"broker"}


def test_only_the_requested_kinds_are_drawn() -> None:
    faults = draw_faults("1", 100, session=2.0, kinds=("kill", "broker-kill"))
    assert {fault.kind for fault in faults} == {"kill", "broker-kill"}
