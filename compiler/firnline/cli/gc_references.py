"""A references file → what registries said, once it is proved whole and fit for a verdict."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from datetime import datetime
from typing import Final, TextIO, assert_never

from firnline.cli.failed import CommandFailed
from firnline.cli.named_references import refuse_other_files
from firnline.diagnostics.visible import visible
from firnline.reach.mark.lines import Lines, read_at, read_lines
from firnline.reach.mark.report import Registry
from firnline.reach.reference_file import (
    Answered,
    Covered,
    Found,
    Head,
    UnusableReferences,
    read_found,
    read_head,
)

_DAMAGED: Final = 1
_UNREADABLE: Final = 2


class SavedReferences:
    """As `firnline gc refs --out` wrote it, or this command itself."""

    def __init__(
        self,
        path: str,
        on_lines: Callable[[Lines], None] | None = None,
        *,
        read_now: bool = False,
    ) -> None:
        """`on_lines` is given what was found while the file is proved whole, which counts only if
        nothing is raised. Raises `CommandFailed`: also where a registry was not read whole, or
        there is none.
        """
        self.path = path
        self.called = "what registries answered now" if read_now else visible(path)
        self.again = (
            "audit again"
            if read_now
            else f"write the references again with `firnline gc refs --out {visible(path)}`"
        )
        """What a person does for a newer one."""
        refuse_other_files(path)
        self.head = self._head(on_lines)

    def found(self) -> Iterator[tuple[str, Covered]]:
        """Each with the name of its registry. Raises `CommandFailed`."""
        try:
            with open(self.path, encoding="utf-8") as lines:
                yield from read_found(lines, self.path)
        except (UnusableReferences, OSError, UnicodeDecodeError) as why:
            raise _unread(self.path, why) from None

    def at(self, lines: Collection[int]) -> Iterator[tuple[int, Found]]:
        """What stands in these lines. Raises `CommandFailed`."""
        try:
            with open(self.path, encoding="utf-8") as text:
                yield from read_at(text, self.path, lines)
        except (UnusableReferences, OSError, UnicodeDecodeError) as why:
            raise _unread(self.path, why) from None

    @property
    def made(self) -> datetime:
        return self.head.made

    @property
    def registries(self) -> tuple[Registry, ...]:
        return tuple(
            Registry(
                each.name,
                each.kind,
                each.certificate.count,
                each.certificate.independent_count is not None,
            )
            for each in self.head.answered
        )

    def _head(self, on_lines: Callable[[Lines], None] | None) -> Head:
        try:
            with open(self.path, encoding="utf-8") as text:
                head = _read(text, self.path, on_lines)
        except (UnusableReferences, OSError, UnicodeDecodeError) as why:
            raise _unread(self.path, why) from None
        if not head.answered:
            raise CommandFailed(
                f"no verdict: {self.called} names no registry, so nothing is known to be"
                " needed: name registries in the fleet file, and write it again"
            )
        found = (_problem(each, self.again) for each in head.answered)
        if problems := [*filter(None, found)]:
            raise CommandFailed("no verdict: " + "\n".join(problems), 1)
        return head


def _read(text: TextIO, path: str, on_lines: Callable[[Lines], None] | None) -> Head:
    """Raises `UnusableReferences`."""
    if on_lines is None:
        return read_head(text, path)
    made: datetime | None = None
    answered: list[Answered] = []
    for each in read_lines(text, path):
        match each:
            case datetime():
                made = each
            case Answered():
                answered.append(each)
            case Lines():
                on_lines(each)
            case _:
                assert_never(each)
    assert made is not None  # `Proof` refuses a file without its first line
    return Head(made, tuple(answered))


def _problem(answered: Answered, again: str) -> str | None:
    """Why what a registry said may be less than there is; None where that is proved, and where
    nothing else counts it: that is said beside the verdict.
    """
    certificate = answered.certificate
    called = f"registry `{visible(answered.name)}` ({visible(answered.kind)})"
    if certificate.problems:
        return f"{called} was not read whole: {visible('; '.join(certificate.problems))}"
    counted = certificate.independent_count
    if counted is None or counted == certificate.count:
        return None
    return (
        f"{called} answered {certificate.count:,} records, but {certificate.counted_by or 'it'}"
        f" counts {counted:,}: {again}"
    )


def _unread(path: str, why: UnusableReferences | OSError | UnicodeDecodeError) -> CommandFailed:
    code = _DAMAGED
    match why:
        case UnusableReferences():
            problem = why.problem
        case UnicodeDecodeError():
            problem = "is damaged: it is not UTF-8 throughout"
        case _:
            problem, code = f"cannot be read: {why.strerror or why}", _UNREADABLE
    return CommandFailed(
        f"no verdict: {visible(path)} {visible(problem)}: delete it, and write it again with"
        f" `firnline gc refs --out {visible(path)}`",
        code,
    )
