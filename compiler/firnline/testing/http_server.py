"""A threaded HTTP/1.1 server on loopback that keeps connections open.

werkzeug's own closes every connection and lingers 10 ms after each response, because an
application might leave a request body unread (werkzeug/serving.py, `run_wsgi`). Here each body
is read before the application runs.
"""

from __future__ import annotations

import io
import os
import socket
import socketserver
import struct
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from select import select
from threading import Lock, Thread
from typing import Any
from wsgiref.types import WSGIApplication, WSGIEnvironment

from moto.moto_server.werkzeug_app import MotoRequestHandler
from werkzeug.serving import ThreadedWSGIServer
from werkzeug.test import run_wsgi_app

from firnline.testing.responses import s3_error

HOST = "127.0.0.1"


class NoAnswer(Exception):
    """The application answers nothing. `how`: the connection is closed at once (`reset`), or stays
    open until the client gives up (`silent`).
    """

    def __init__(self, how: str) -> None:
        super().__init__(how)
        self.how = how


@contextmanager
def serve_http(application: WSGIApplication) -> Iterator[str]:
    """Serves on a free port and hands out the address; no connection outlives the block."""
    server = _Server(HOST, 0, application, handler=_Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://{HOST}:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.end_connections()


class _Server(ThreadedWSGIServer):
    def __init__(self, *arguments: Any, **options: Any) -> None:
        self._connections: set[socket.socket] = set()
        self._lock = Lock()
        super().__init__(*arguments, **options)

    def server_bind(self) -> None:
        # HTTPServer would ask the resolver for our own name, which takes seconds on some machines.
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = HOST, self.server_address[1]

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._lock:
            self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._lock:
            self._connections.discard(request)
        super().shutdown_request(request)

    def end_connections(self) -> None:
        """Idle connections of clients that are still there would be answered for ever."""
        with self._lock:
            open_ones = tuple(self._connections)
        for connection in open_ones:
            with suppress(OSError):  # the client was faster
                connection.shutdown(socket.SHUT_RDWR)


class _Handler(MotoRequestHandler):
    protocol_version = "HTTP/1.1"
    # Else each response waits for the client's delayed ACK: on Linux 40 ms and more
    # (`TCP_DELACK_MIN`, include/net/tcp.h).
    disable_nagle_algorithm = True

    def run_wsgi(self) -> None:
        environ = self.make_environ()
        self.environ = environ
        _read_body(environ)
        try:
            answer = run_wsgi_app(self.server.app, environ, buffered=True)
        except NoAnswer as lost:
            self._hang_up(lost.how)
            return
        except BaseException:
            # socketserver prints an exception and then closes the connection (`handle_error`).
            self._send_failure()
            raise
        chunks, status, headers = answer
        self._send(status, headers.to_wsgi_list(), b"".join(chunks))

    def log_message(self, *_arguments: object) -> None:
        """Nothing: requests go to the log of requests."""

    def _hang_up(self, how: str) -> None:
        self.close_connection = True
        if how == "silent":
            select([self.connection], [], [])  # until the client, or this server, closes it
            return
        # Closed while it may still have to send, a connection is reset instead (socket(7)).
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        os.close(self.connection.detach())

    def _send_failure(self) -> None:
        """Answers as S3 would."""
        error = s3_error(500, "InternalError", "the emulator failed: see its log")
        headers = [*error.headers, ("Connection", "close")]
        self._send(f"{error.status} Internal Server Error", headers, error.body)

    def _send(self, status: str, headers: list[tuple[str, str]], body: bytes) -> None:
        code, _, reason = status.partition(" ")
        self.send_response_only(int(code), reason)
        present = {name.lower() for name, _ in headers}
        for name, value in headers:
            self.send_header(name, value)
        if "date" not in present:
            self.send_header("Date", self.date_time_string())
        if "content-length" not in present:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


def _read_body(environ: WSGIEnvironment) -> None:
    stream = environ["wsgi.input"]
    if environ.pop("wsgi.input_terminated", False):
        environ.pop("HTTP_TRANSFER_ENCODING", None)
        body = b"".join(iter(lambda: stream.read(1 << 20), b""))
    else:
        body = stream.read(int(environ.get("CONTENT_LENGTH") or 0))
    environ["CONTENT_LENGTH"] = str(len(body))
    environ["wsgi.input"] = io.BytesIO(body)
