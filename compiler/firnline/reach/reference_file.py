"""What registries answered, as a file: lines of JSON, from the first with the date to the last with
the count and the digest of the others. It is read line by line: a million references need no room.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

from firnline.reach.drop_guard import LastComplete
from firnline.reach.reference_lines import BadLine, Line, from_json, moment, text_of, to_json
from firnline.reach.references import CheckpointRule, Reference, Root, Unneeded
from firnline.reach.source import Certificate

VERSION: Final = "references/v1"
_NOTHING: Final[Mapping[str, LastComplete]] = MappingProxyType({})
Covered = Reference | Unneeded | Root | CheckpointRule
_decoded: Final = json.JSONDecoder().raw_decode
Found = tuple[str, Covered]
"""With the name of its registry."""


class UnusableReferences(Exception):
    """A references file is damaged, or none. The text is one sentence with the remedy."""

    def __init__(self, called: str, problem: str) -> None:
        super().__init__(
            f"{called} {problem}: write it again with `firnline gc refs --out {called}`"
        )
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Answered:
    """How one registry answered: `kind` such as `mlflow`, `name` as the fleet file has it. `last`
    is its last complete answer, which may be this one.
    """

    name: str
    kind: str
    certificate: Certificate
    last: LastComplete | None = None


@dataclass(frozen=True, slots=True)
class Head:
    """`began` is when the first registry began to be read (UTC)."""

    began: datetime
    answered: tuple[Answered, ...]

    @property
    def made(self) -> datetime:
        """Since when what it says may be outdated: a program may print what it read long before."""
        return min((self.began, *(each.certificate.began for each in self.answered)))

    @property
    def incomplete(self) -> tuple[Answered, ...]:
        """Those whose references may be fewer than there are: nothing is judged without them."""
        return tuple(each for each in self.answered if not each.certificate.is_complete)


def to_lines(
    made: datetime,
    found: Iterable[tuple[str, str, Line]],
    before: Mapping[str, LastComplete] = _NOTHING,
) -> Iterator[str]:
    """`found` is name of the registry, its kind, and a line; the certificate of each is the last of
    its own. `before` are the last complete answers: they outlive an incomplete one, so that it is
    not what the next is compared with. Yields texts with their line ends, to be written in order.
    """
    digest = hashlib.sha256()
    yield _counted({"firnline": VERSION, "made": moment(made)}, digest)
    count, references = 1, Counter[str]()
    for name, kind, each in found:
        of: dict[str, Any] = {"registry": name}
        if isinstance(each, Reference):
            references[name] += 1
        elif isinstance(each, Certificate):
            last = before.get(name)
            if each.is_complete:
                last = LastComplete(references[name], each.ended)
            of |= {"is": kind} | _last(last)
        yield _counted({**of, **to_json(each)}, digest)
        count += 1
    yield text_of({"end": {"lines": count, "sha256": digest.hexdigest()}}) + "\n"


def read_head(lines: Iterable[str], called: str) -> Head:
    """Reads all lines, and proves that none is missing. Raises `UnusableReferences`."""
    told = [
        each
        for line in _proved(lines, called)
        if line.get("firnline") == VERSION or "certificate" in line
        for each in found_in(line, called)
    ]
    (made,) = (each for each in told if isinstance(each, datetime))
    return Head(made, tuple(each for each in told if isinstance(each, Answered)))


def read_found(lines: Iterable[str], called: str) -> Iterator[Found]:
    """What is referenced. Raises `UnusableReferences`, where the end
    is missing after all else was yielded: use `read_head` first.
    """
    for line in _proved(lines, called):
        if "registry" in line and "certificate" not in line:
            for each in found_in(line, called):
                assert isinstance(each, tuple)
                yield each


def read_whole(lines: Iterable[str], called: str) -> Iterator[datetime | Answered | Found]:
    """All of it in one pass: when it was made, then what is referenced and the certificates, as
    they come. Raises `UnusableReferences`, where the end is missing after all else was yielded:
    until then nothing may be concluded.
    """
    for line in _proved(lines, called):
        yield from found_in(line, called)


def found_in(line: Mapping[str, Any], called: str) -> Iterator[datetime | Answered | Found]:
    """Raises `UnusableReferences`."""
    if line.get("firnline") == VERSION:
        yield _made(line, called)
    elif "registry" in line:
        for each in _read(line, called):
            if isinstance(each, Certificate):
                yield Answered(line["registry"], line.get("is", ""), each, _read_last(line))
            else:
                yield line["registry"], each


class Proof:
    """That no line of a file is missing or was changed: it is given all of them in order. Each
    method raises `UnusableReferences`.
    """

    def __init__(self, called: str) -> None:
        self.called = called
        self.lines = 0
        """Before the last one."""
        self.end: Any = None
        """What the last one says."""
        self._digest = hashlib.sha256()

    def read(self, text: str) -> dict[str, Any]:
        """A line of JSON; empty for the last one. Its text is to be digested."""
        self._refuse_more()
        line = _parsed(text, self.called, self.lines + 1)
        if "end" in line:
            self.end = line["end"]
            return {}
        if (self.lines == 0) != (line.get("firnline") == VERSION):
            raise _unusable(self.called, f"does not begin with {VERSION}, or begins twice")
        self.lines += 1
        return line

    def pass_over(self, lines: int) -> None:
        """Lines behind the first that are known to be JSON of no other form than `registry`."""
        if lines:
            self._refuse_more()
            self.lines += lines

    def digest(self, text: str) -> None:
        """Lines that were read or passed over, without the last of the file."""
        self._digest.update(text.encode())

    def finish(self) -> None:
        """After all lines."""
        if self.end != {"lines": self.lines, "sha256": self._digest.hexdigest()} or not self.lines:
            raise _unusable(self.called, "is not whole: lines are missing or were changed")

    def _refuse_more(self) -> None:
        if self.end is not None:
            raise _unusable(self.called, "goes on after its last line")


def _made(line: Mapping[str, Any], called: str) -> datetime:
    try:
        return datetime.fromisoformat(str(line.get("made")))
    except ValueError:
        raise _unusable(called, "does not say when it was made") from None


def _last(last: LastComplete | None) -> dict[str, Any]:
    if last is None:
        return {}
    return {"last_complete": {"references": last.references, "at": moment(last.at)}}


def _read_last(line: Mapping[str, Any]) -> LastComplete | None:
    last = line.get("last_complete")
    return last and LastComplete(last["references"], datetime.fromisoformat(last["at"]))


def _counted(line: dict[str, Any], digest: Any) -> str:
    text = text_of(line) + "\n"
    digest.update(text.encode())
    return text


def _proved(lines: Iterable[str], called: str) -> Iterator[dict[str, Any]]:
    proof = Proof(called)
    for text in lines:
        line = proof.read(text)
        if proof.end is None:
            proof.digest(text)
            yield line
    proof.finish()


def _parsed(text: str, called: str, number: int) -> dict[str, Any]:
    try:
        line, end = _decoded(text)
    except ValueError:
        line, end = None, 0
    if not isinstance(line, dict) or text[end:] not in ("\n", ""):
        raise _unusable(called, f"has no JSON object in line {number}")
    if "\\u" in text:
        _refuse_half_characters(line, called, number)
    return line


def _refuse_half_characters(line: dict[str, Any], called: str, number: int) -> None:
    """An escape can write half of a surrogate pair, which no key of S3 holds."""
    try:
        text_of(line).encode()
    except UnicodeEncodeError:
        raise _unusable(called, f"has half a character in line {number}") from None


def _read(line: Mapping[str, Any], called: str) -> Iterator[Line]:
    try:
        yield from from_json(line)
    except BadLine as wrong:
        raise _unusable(called, f"has a line that cannot be read: {wrong}") from None


def _unusable(called: str, why: str) -> UnusableReferences:
    return UnusableReferences(called, why)
