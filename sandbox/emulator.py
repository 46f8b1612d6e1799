"""The background process: serves the sample world until SIGTERM."""

import argparse
import os
import signal
import sys
import threading
from pathlib import Path

from firnline.testing import Emulator, serve
from sandbox.paths import SandboxPaths
from sandbox.processes import process_start
from sandbox.state import State, write_state
from sandbox.world.inventories import configure_inventories
from sandbox.world.load import load_world


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--root", type=Path, required=True)
    paths = SandboxPaths(parser.parse_args().root)
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    with serve(load_world, log=paths.request_log) as aws:
        # Written by the process itself: `down` finds it even if its starter has exited by now.
        paths.backend(aws.world).mkdir(parents=True)
        aws.middleware.state.inventories.mirror = paths.inventories(aws.world)
        configure_inventories(aws)
        aws.report_storage_metrics()
        write_state(paths.state, _describe(aws))
        ended.wait()
    return 0


def _describe(aws: Emulator) -> State:
    start = process_start(os.getpid())
    assert start is not None, "we run"
    return State(
        world=aws.world,
        endpoint=aws.endpoint,
        pid=os.getpid(),
        process_start=start,
        started=aws.started.isoformat(),
        access_key_id=aws.caller.access_key_id,
        secret_access_key=aws.caller.secret_access_key,
    )


if __name__ == "__main__":
    sys.exit(main())
