"""What is written down about the emulator that runs."""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class State:
    world: str
    endpoint: str
    pid: int
    process_start: str
    started: str
    access_key_id: str
    secret_access_key: str


class UnreadableState(Exception):
    """state.json cannot be read, so the process that it describes is unknown."""


def read_state(path: Path) -> State | None:
    try:
        return State(**json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None
    except (ValueError, TypeError) as error:
        raise UnreadableState(
            f"{path} is not what `up` wrote ({error}): end its emulator by hand and delete it"
        ) from error


def write_state(path: Path, state: State) -> None:
    """Whole or not at all: readers never see half of it."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.write_text(json.dumps(asdict(state), indent=2) + "\n", encoding="utf-8")
    draft.replace(path)
