"""The log of requests, one readable line each."""

import json
import os
import time
from collections.abc import Iterator
from pathlib import Path


def read_lines(log: Path, *, follow: bool, pause_seconds: float = 0.2) -> Iterator[str]:
    with log.open("rb") as file:
        while True:
            line = file.readline()
            if line.endswith(b"\n"):
                yield _readable(line)
            elif follow:
                file.seek(-len(line), os.SEEK_CUR)  # a line that is still being written
                time.sleep(pause_seconds)
            else:
                return


def _readable(line: bytes) -> str:
    entry = json.loads(line)
    where = "/".join(filter(None, (entry["bucket"], entry["key"]))) or entry["role"]
    moment = entry["time"][11:23]
    return (
        f"{moment}  {entry['status'] or '---'}  {entry['account']}  {entry['operation']}  {where}"
    )
