"""Runs one of the two stand-ins as a Pulumi plugin: `serve.py language|provider [ENGINE-ADDRESS]`.

A plugin prints its port on the first line of stdout. The engine ends it with SIGINT; when the
engine is killed nobody does, so it also watches its parent and the engine's address.
"""

import importlib.util
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from concurrent import futures
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
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

    add_to: Callable[["grpc.Server"], None]
    stop: Callable[[], None]


def main() -> int:
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    _spare_the_sdk()
    kind, *rest = sys.argv[1:]
    engine = next((word for word in rest if not word.startswith("-")), None)
    serve(_plugin(kind, engine), engine)
    return 0


def serve(plugin: Plugin, engine: str | None) -> None:
    """Until SIGINT or SIGTERM, or until the engine is gone."""
    import grpc

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


def _plugin(kind: str, engine: str | None) -> Plugin:
    match kind:
        case "language":
            from sandbox.engine import language_host

            return language_host.plugin(engine)
        case "provider":
            from sandbox.engine.aws_provider import service

            return service.plugin(engine)
        case _:
            sys.exit(f"serve.py: `{kind}` is neither `language` nor `provider`")


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


def _spare_the_sdk() -> None:
    """Makes `pulumi.runtime.proto` importable without running `pulumi/__init__.py`.

    The stubs need grpc and protobuf alone; importing the whole SDK with them costs 0.3 s of CPU
    and half the memory, in each of the processes that one `up` starts.
    """
    found = importlib.util.find_spec("pulumi")
    assert found is not None, "the pulumi SDK is installed in the virtual environment"
    assert found.submodule_search_locations is not None, "pulumi is a package"
    (folder,) = found.submodule_search_locations
    for name, path in (("pulumi", folder), ("pulumi.runtime", f"{folder}/runtime")):
        package = ModuleType(name)
        package.__path__ = [path]
        sys.modules[name] = package


if __name__ == "__main__":
    sys.exit(main())
