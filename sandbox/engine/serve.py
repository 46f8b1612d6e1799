"""Serves a Pulumi plugin over gRPC until the engine stops it or has exited.

A plugin prints its port on the first line of stdout. The engine ends it with SIGINT; when the
engine is killed nobody does, so it also watches its parent and the engine's address.
"""

import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from concurrent import futures
from dataclasses import dataclass

import grpc

_MEGABYTES_400 = 400 << 20
"""What the engine itself allows for one message (sdk/go/common/util/rpcutil)."""

_THREADS = 128
"""A write may wait for a minute: the engine's `--parallel` must fit, and checks beside it."""

_LOOK_EVERY = 0.5
_CALL_EVERY = 5.0
_CALLS_MISSED = 3


@dataclass(frozen=True, slots=True)
class Plugin:
    """`stop` ends what the plugin has started or is waiting for; it may be called twice."""

    add_to: Callable[[grpc.Server], None]
    stop: Callable[[], None]


def serve(plugin: Plugin, engine: str | None) -> None:
    """Until SIGINT or SIGTERM, or until the engine has exited."""
    server = grpc.server(
        futures.ThreadPoolExecutor(_THREADS),
        options=[
            ("grpc.max_receive_message_length", _MEGABYTES_400),
            ("grpc.max_send_message_length", _MEGABYTES_400),
        ],
    )
    plugin.add_to(server)
    port = server.add_insecure_port("127.0.0.1:0")
    parent = os.getppid()
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    server.start()
    print(port, flush=True)
    _wait(stopped, parent, engine)
    plugin.stop()
    server.stop(0.2).wait()
    # Threads of the pool may still sit in a request to AWS, and Python would wait for them.
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


def _wait(stopped: threading.Event, parent: int, engine: str | None) -> None:
    missed = 0
    next_call = time.monotonic() + _CALL_EVERY
    while not stopped.wait(_LOOK_EVERY):
        if os.getppid() != parent:
            return
        if engine and time.monotonic() >= next_call:
            missed = 0 if _listens(engine) else missed + 1
            if missed == _CALLS_MISSED:
                return
            next_call = time.monotonic() + _CALL_EVERY


def _listens(address: str) -> bool:
    host, _, port = address.rpartition(":")
    try:
        with socket.create_connection((host, int(port)), timeout=2):
            return True
    except OSError:
        return False
