"""What a command would send out of this machine: a proxy that listens and answers nothing."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Outside:
    """`asked` are the first lines of the requests, such as `CONNECT sts.amazonaws.com:443 …`."""

    address: str
    asked: list[str] = field(default_factory=list)

    @property
    def variables(self) -> dict[str, str | None]:
        """For a process that is to send what leaves the machine here."""
        names = ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy")
        return dict.fromkeys(names, self.address)


@contextmanager
def watched() -> Iterator[Outside]:
    class Listening(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            outside.asked.append(self.rfile.readline().decode(errors="replace").strip())

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Listening) as server:
        outside = Outside(f"http://127.0.0.1:{server.server_address[1]}")
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield outside
        finally:
            server.shutdown()
