"""The slots that the partitions of a process share."""

from dateline_ingest.polling.slots import Slots


def test_partitions_share_the_slots_of_their_process() -> None:
    slots = Slots(5, users=2)
    assert slots.share == 3
    assert [slots.take(held) for held in range(4)] == [True, True, True, False]
    assert [slots.take(held) for held in range(3)] == [True, True, False]
    slots.give_back()
    assert slots.take(2)
