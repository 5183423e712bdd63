"""A TCP proxy that cuts connections at a chosen moment, between the code and a PostgreSQL."""

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum

from scripts.local.ports import HOST

CHUNK_BYTES = 4096
# Closing sends a reset then: what a crashed machine or a firewall does.
RESET = struct.pack("ii", 1, 0)


class Side(Enum):
    """Whose bytes."""

    CLIENT = "client"
    SERVER = "server"


@dataclass
class Cut:
    """One cut, of the first connection on which the client says `words`: as soon as `side` has sent more bytes.

    What goes beyond `after_bytes` is not passed on; so with 0 of the client's, neither are the words.
    """

    words: bytes
    side: Side
    after_bytes: int = 0
    done: threading.Event = field(default_factory=threading.Event)
    _began: "_Connection | None" = None

    def allowed(self, connection: "_Connection", sender: Side, data: bytes) -> bytes | None:
        """What of these bytes may pass; None when this is the moment to cut."""
        if sender is Side.CLIENT and self._began is None and self.words in connection.said(data):
            self._began = connection
        if self._began is not connection or sender is not self.side or self.done.is_set():
            return data
        if len(data) <= self.after_bytes:
            self.after_bytes -= len(data)
            return data
        self.done.set()
        return None


class Proxy:
    """Listens on 127.0.0.1:`port` and passes on to another port there, but for the cuts it is told to make.

    Args:
        listener: where it listens instead.
    """

    def __init__(self, upstream_port: int, listener: socket.socket | None = None) -> None:
        self._upstream_port = upstream_port
        self._listener = listener or socket.create_server((HOST, 0))
        self.port = self._listener.getsockname()[1]
        self._cut: Cut | None = None
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self, words: bytes, side: Side, after_bytes: int = 0) -> Cut:
        """Arm a cut; it happens once."""
        self._cut = Cut(words, side, after_bytes)
        return self._cut

    def allowed(self, connection: "_Connection", sender: Side, data: bytes) -> bytes | None:
        """What of these bytes may pass; None when the connection is to be cut."""
        return self._cut.allowed(connection, sender, data) if self._cut else data

    def close(self) -> None:
        """Accept no more."""
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
                server = socket.create_connection((HOST, self._upstream_port))
            except OSError:
                return
            _Connection(self, client, server).start()


class _Connection:
    def __init__(self, proxy: Proxy, client: socket.socket, server: socket.socket) -> None:
        self._proxy = proxy
        self._sockets = {Side.CLIENT: client, Side.SERVER: server}
        self._last_words = b""

    def start(self) -> None:
        for sender, receiver in ((Side.CLIENT, Side.SERVER), (Side.SERVER, Side.CLIENT)):
            threading.Thread(target=self._pass_on, args=(sender, receiver), daemon=True).start()

    def said(self, data: bytes) -> bytes:
        """The client's last bytes with these: words may lie across two packets."""
        self._last_words = (self._last_words + data)[-2 * CHUNK_BYTES :]
        return self._last_words

    def _pass_on(self, sender: Side, receiver: Side) -> None:
        try:
            while data := self._sockets[sender].recv(CHUNK_BYTES):
                allowed = self._proxy.allowed(self, sender, data)
                if allowed is None:
                    return self._reset()
                self._sockets[receiver].sendall(allowed)
        except OSError:
            return None
        finally:
            self._finish()

    def _reset(self) -> None:
        for end in self._sockets.values():
            end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)

    def _finish(self) -> None:
        """Close both ends; a thread that waits on one of them wakes up first."""
        for end in self._sockets.values():
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue
        for end in self._sockets.values():
            end.close()


@contextmanager
def proxied(port: int, listener: socket.socket | None = None) -> Iterator[Proxy]:
    """A proxy before a port."""
    proxy = Proxy(port, listener)
    try:
        yield proxy
    finally:
        proxy.close()
