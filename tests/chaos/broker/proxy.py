"""A proxy before Kafka that can cut, delay or half-open the connections of each replica separately."""

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Literal

__all__ = ["KafkaProxy", "Trouble", "client_of", "kafka_proxy"]

Trouble = Literal["cut", "delay", "mute", "deaf", "half-open"]
"""What happens to a client's connections.

cut: existing and new connections are reset. delay: every message is late. mute: the broker receives nothing. deaf:
the client receives nothing. half-open: neither receives anything. Held-back messages are delivered at the end.
"""

CHUNK = 64 * 1024
"""At most this many bytes are forwarded at once."""

PROCESS = re.compile(r"-(\d+)-[0-9a-f]{6}(-heartbeat)?$")
"""The end of a client's name: its process id and a random part."""


def client_of(request: bytes) -> str:
    """Return the client named in a connection's first request: its process id, or its whole name.

    A request begins with its length (4 bytes), API key, version (2 each) and correlation id (4), then the client id.
    """
    if len(request) < 14:
        return ""
    length = max(0, int.from_bytes(request[12:14], "big", signed=True))
    name = request[14 : 14 + length].decode(errors="replace")
    found = PROCESS.search(name)
    return found[1] if found else name


@dataclass(slots=True, eq=False)
class Connection:
    """A connection of a client, with the one to the broker behind it."""

    client: str
    writers: tuple[asyncio.StreamWriter, asyncio.StreamWriter]

    def reset(self) -> None:
        for writer in self.writers:
            writer.transport.abort()


@dataclass(slots=True)
class KafkaProxy:
    """Forwards between clients and the broker, except for clients in trouble."""

    broker_port: int
    port: int = 0
    delay_seconds: float = 0.3
    _troubles: dict[str, Trouble] = field(default_factory=dict)
    _calm: dict[str, asyncio.Event] = field(default_factory=dict)
    _connections: set[Connection] = field(default_factory=set)

    def begin(self, client: str, trouble: Trouble) -> None:
        """Begin trouble for a client."""
        self._troubles[client] = trouble
        self._calm[client] = asyncio.Event()
        if trouble == "cut":
            self.reset(client)

    def end(self, client: str) -> None:
        """Restore a client."""
        self._troubles.pop(client, None)
        calm = self._calm.pop(client, None)
        if calm is not None:
            calm.set()

    def end_all(self) -> None:
        """Restore every client."""
        for client in list(self._troubles):
            self.end(client)

    def reset(self, client: str) -> None:
        """Reset the connections of a client."""
        for connection in [each for each in self._connections if each.client == client]:
            connection.reset()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection until either side closes it."""
        first = b""
        with contextlib.suppress(OSError):
            first = await reader.read(CHUNK)
        client = client_of(first)
        if not first or self._troubles.get(client) == "cut":
            writer.transport.abort()
            return
        try:
            broker_reader, broker_writer = await asyncio.open_connection("127.0.0.1", self.broker_port)
        except OSError:
            writer.transport.abort()
            return
        connection = Connection(client, (writer, broker_writer))
        self._connections.add(connection)
        try:
            await asyncio.gather(
                self._pass_on(client, reader, broker_writer, "deaf", first),
                self._pass_on(client, broker_reader, writer, "mute"),
            )
        finally:
            self._connections.discard(connection)
            connection.reset()

    async def _pass_on(
        self,
        client: str,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        harmless: Trouble,
        chunk: bytes = b"",
    ) -> None:
        """Forward one direction; `harmless` is the trouble that does not affect it."""
        with contextlib.suppress(OSError):
            while True:
                if chunk:
                    await self._obstruct(client, harmless)
                    writer.write(chunk)
                    await writer.drain()
                chunk = await reader.read(CHUNK)
                if not chunk:
                    break
        # Close the other direction too: Kafka has no use for a half-closed connection.
        writer.transport.close()

    async def _obstruct(self, client: str, harmless: Trouble) -> None:
        while True:
            trouble = self._troubles.get(client)
            if trouble is None or trouble in ("cut", harmless):
                return
            if trouble == "delay":
                await asyncio.sleep(self.delay_seconds)
                return
            await self._calm[client].wait()


@asynccontextmanager
async def kafka_proxy(broker_port: int, port: int = 0) -> AsyncIterator[KafkaProxy]:
    """Run a proxy until the block ends."""
    proxy = KafkaProxy(broker_port)
    serving: set[asyncio.Task[None]] = set()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(proxy.serve(reader, writer))
        serving.add(task)
        task.add_done_callback(serving.discard)

    server = await asyncio.start_server(accept, "127.0.0.1", port)
    proxy.port = server.sockets[0].getsockname()[1]
    try:
        yield proxy
    finally:
        server.close()
        for task in serving:
            task.cancel()
        await asyncio.gather(*serving, return_exceptions=True)
