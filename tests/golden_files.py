"""Files of output that a person has read: tests compare with them, `make golden` rewrites them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

FLAG = "--update-golden"
ADVICE = "where the new output is meant: `make golden`, and read the diff"


@dataclass(frozen=True, slots=True)
class Golden:
    update: bool

    def text(self, file: Path, said: str) -> None:
        """What is said is what the file holds, to the byte."""
        content = said.encode()
        if self.update and (not file.exists() or file.read_bytes() != content):
            file.write_bytes(content)
        assert said == file.read_bytes().decode(), ADVICE

    def json(self, file: Path, said: str) -> None:
        """Both mean the same as JSON; how the file is laid out is the reader's affair, and stays
        where nothing has changed."""
        if self.update and (not file.exists() or _meant(file) != json.loads(said)):
            file.write_text(said, encoding="utf-8")
        assert json.loads(said) == _meant(file), ADVICE


def _meant(file: Path) -> object:
    meant: object = json.loads(file.read_text(encoding="utf-8"))
    return meant
