"""After kill -9 the same ids and bytes are sent again."""

import asyncio
import signal
import sys
from pathlib import Path

from dateline_sinks.webhook.kind import Webhooks
from support.webhook_receiver import PLACE, Received, a_batch, a_record, a_webhook_receiver, options

TESTS = Path(__file__).parents[3]

PROCESS = """
import asyncio, sys
sys.path.insert(0, sys.argv[2])
from dateline_sinks.webhook.kind import KIND
from dateline_sinks.webhook.kind import Webhooks
from support.webhook_receiver import PLACE, a_batch, a_record, options

async def main():
    sink = KIND.make(sys.argv[1], options())
    await sink.open(PLACE)
    await sink.write(a_batch(*(a_record(offset) for offset in range(4))))

asyncio.run(main())
"""


async def test_what_was_under_way_at_kill_9_is_sent_again_with_the_same_id_and_bytes() -> None:
    async with a_webhook_receiver() as receiver:
        process = await asyncio.create_subprocess_exec(sys.executable, "-c", PROCESS, receiver.url, str(TESTS))
        killed: list[Received] = []

        def answer(received: Received) -> int:
            if received.offset == 2 and not killed:
                killed.append(received)
                process.send_signal(signal.SIGKILL)
            return 200

        receiver.answer = answer
        assert await process.wait() == -signal.SIGKILL
        assert receiver.offsets == [0, 1, 2]
        sink = Webhooks().make(receiver.url, options())
        await sink.open(PLACE)
        await sink.write(a_batch(*(a_record(offset) for offset in range(4))))
        await sink.close()
        assert receiver.offsets == [0, 1, 2, 0, 1, 2, 3]
        sent = {(each.offset, each.headers["webhook-id"], each.body) for each in receiver.requests}
        assert len(sent) == 4
