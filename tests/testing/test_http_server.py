"""What a client gets when the emulator itself fails."""

from __future__ import annotations

import socket
from collections.abc import Iterable
from urllib.parse import urlsplit
from urllib.request import urlopen
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest

from firnline.testing.http_server import serve_http


def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    if environ["PATH_INFO"] == "/broken":
        raise ZeroDivisionError("no such luck")
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"fine"]


def all_that_is_sent(address: str, path: str) -> bytes:
    """Until the server closes the connection."""
    url = urlsplit(address)
    with socket.create_connection((url.hostname, url.port), timeout=10) as connection:
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: {url.netloc}\r\n\r\n".encode())
        return b"".join(iter(lambda: connection.recv(1 << 16), b""))


def test_a_failure_is_answered_as_s3_does_and_shown(capfd: pytest.CaptureFixture[str]) -> None:
    with serve_http(application) as address:
        answer = all_that_is_sent(address, "/broken")
        assert answer.startswith(b"HTTP/1.1 500 Internal Server Error\r\n")
        assert b"<Code>InternalError</Code>" in answer
        assert "ZeroDivisionError: no such luck" in capfd.readouterr().err
        with urlopen(f"{address}/") as response:
            assert response.read() == b"fine"
