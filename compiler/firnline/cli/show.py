"""`firnline show`: what is live on a bucket, in words. Reads AWS."""

from __future__ import annotations

import argparse
import io
import json
import sys
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from itertools import groupby
from typing import TextIO

from rich.console import Console
from rich.text import Text

from firnline.cli.resolve import NO_BOTO3
from firnline.cli.streams import add_out, columns, say, wants_colour, write
from firnline.diagnostics.kinds import has_errors, in_order
from firnline.diagnostics.position import path_of
from firnline.diagnostics.text import to_text
from firnline.diagnostics.visible import visible, width
from firnline.fleet.accounts import can_ask
from firnline.fleet.look import LiveBucket, look
from firnline.fleet.ownership import is_ours
from firnline.fleet.questions import Failure, ListedBucket
from firnline.language.checks.stale_lock import is_fresh
from firnline.language.fleet import Account
from firnline.language.lock import LockedBucket
from firnline.language.model import Folder
from firnline.language.nearest import did_you_mean
from firnline.language.read_files import read_files
from firnline.s3.shape import to_s3
from firnline.targets.words import Line, column_of, describe, notes, packed
from firnline.workspace import DEFAULT_FOLDER, read_folder

SUMMARY = "what is live on a bucket, in words (reads AWS)"
FORMATS = {
    "text": "in words",
    "json": "the configurations as S3 has them, by account/region/bucket; null where none is",
}
NOTHING = "no lifecycle configuration: nothing is moved or deleted"
FOOTER = (
    "Ages count from an object's creation and round up to the next midnight UTC; S3 acts within"
    " about 48 hours."
)
_INDENT = "    "


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "buckets",
        metavar="BUCKET",
        nargs="*",
        help="buckets of the fleet lock (default: all of them)",
    )
    parser.add_argument(
        "--policies",
        metavar="DIR",
        default=DEFAULT_FOLDER,
        help="the folder with the fleet file and the lock (default: policies)",
    )
    add_out(parser, FORMATS, default="text")


def run(arguments: argparse.Namespace) -> int:
    folder = _read_fleet(arguments)
    if isinstance(folder, int):
        return folder
    known = _known(folder)
    wanted = _wanted(arguments.buckets, known, _unlisted(folder))
    if isinstance(wanted, int):
        return wanted
    if not can_ask():
        say(NO_BOTO3)
        return 2
    with _waiting(f"reading {len(wanted)} bucket{'s' * (len(wanted) != 1)}"):
        answers = look([each.bucket for each in wanted])
    assert folder.fleet is not None
    for format, file in arguments.out or [("text", None)]:
        if format == "json":
            write(_as_json(answers.values()), file)
            continue
        shown = _Screen(folder.fleet.namespace.value, columns()).draw(wanted, answers)
        stream = io.StringIO() if file else sys.stdout
        colour = file is None and wants_colour(sys.stdout, arguments.color)
        _console(stream, colour).print(shown, soft_wrap=True)
        if isinstance(stream, io.StringIO):
            write(stream.getvalue(), file)
    return 3 if _tell_failures(answers.values()) else 0


@dataclass(frozen=True, slots=True)
class _Known:
    """A bucket of the lock, and where to ask about it."""

    bucket: ListedBucket
    locked: LockedBucket


def _read_fleet(arguments: argparse.Namespace) -> Folder | int:
    """A mistake in a policy does not keep anybody from seeing what is live."""
    folder, found = read_files(read_folder(arguments.policies))
    needed = {fleet.namespace.span.path for fleet in folder.fleets}
    needed |= {lock.digest.span.path for lock in folder.locks}
    missing = folder.fleet is None or folder.lock is None
    errors = [each for each in in_order(found) if missing or path_of(each.place) in needed]
    if has_errors(errors):
        colour = wants_colour(sys.stderr, arguments.color)
        say(to_text(errors, colour=colour, columns=columns()))
        return 1
    if missing:
        what = "fleet file" if folder.fleet is None else "fleet lock: run `firnline resolve`"
        say(f"firnline: {arguments.policies} has no {what}")
        return 2
    if not is_fresh(folder):
        say("the lock is stale, so buckets may be missing here: run `firnline resolve`")
    return folder


def _known(folder: Folder) -> dict[str, _Known]:
    assert folder.fleet is not None
    assert folder.lock is not None
    accounts = {account.id.value: account for account in folder.fleet.accounts}
    known = [
        _Known(ListedBucket(accounts[locked.account_id], locked.name.value, locked.region), locked)
        for locked in folder.lock.buckets
        if locked.account_id in accounts
    ]
    return {each.bucket.name: each for each in sorted(known, key=lambda each: each.bucket.key)}


def _unlisted(folder: Folder) -> dict[str, str]:
    """Buckets of the lock in accounts that the fleet file does not list, with the account's id."""
    assert folder.fleet is not None
    assert folder.lock is not None
    listed = {account.id.value for account in folder.fleet.accounts}
    buckets = folder.lock.buckets
    return {each.name.value: each.account_id for each in buckets if each.account_id not in listed}


def _wanted(
    names: Sequence[str], known: Mapping[str, _Known], unlisted: Mapping[str, str]
) -> list[_Known] | int:
    names = [name.removeprefix("s3://").rstrip("/") for name in names]
    unknown = [name for name in dict.fromkeys(names) if name not in known]
    for name in unknown:
        if name in unlisted:
            say(
                f"firnline: {name} lies in account {unlisted[name]}, which the fleet file does not"
                " list, so nobody can be asked about it"
            )
            continue
        near = did_you_mean(name, known)
        remedy = (
            f"did you mean `{near.name}`?"
            if near
            else ("run `firnline resolve` if it is new, or write its name into a policy")
        )
        say(f"firnline: the fleet lock has no bucket `{visible(name)}`; {remedy}")
    if unknown:
        return 2
    if not known:
        say("the fleet lock lists no bucket: no policy covers one, and none carries rules of ours")
    return [known[name] for name in dict.fromkeys(names)] or list(known.values())


def _as_json(answers: Iterable[LiveBucket | Failure]) -> str:
    shapes = {
        answer.bucket.key: to_s3(answer.rules) if answer.rules else None
        for answer in answers
        if isinstance(answer, LiveBucket)
    }
    return json.dumps(shapes, indent=2) + "\n"


def _tell_failures(answers: Iterable[LiveBucket | Failure]) -> bool:
    failures = dict.fromkeys(answer for answer in answers if isinstance(answer, Failure))
    for failure in failures:
        label = failure.account.label.value
        what = f"{label}/{failure.bucket}" if failure.bucket else f"{label} as a whole"
        say(f"{what} could not be read: {_why(failure)}")
    return bool(failures)


def _why(failure: Failure) -> str:
    if failure.bucket_is_gone:
        return "it does not exist any more; run `firnline resolve`"
    missing = "missing permission" if failure.why.denied else "no answer to"
    return f"{missing} {failure.why.permission}: {visible(failure.why.reason)}"


def _waiting(what: str) -> AbstractContextManager[object]:
    """A sign of life on a terminal, gone before the answer is printed."""
    return Console(stderr=True).status(what) if sys.stderr.isatty() else nullcontext()


def _console(stream: TextIO, colour: bool) -> Console:
    return Console(
        file=stream,
        no_color=not colour,
        force_terminal=colour,
        color_system="auto" if colour else None,
        highlight=False,
        markup=False,
        emoji=False,
    )


@dataclass(frozen=True, slots=True)
class _Screen:
    """A heading for each account, under it the buckets, under each a row for every prefix.

    Buckets of one account with the same rules and versioning stand together, the rules once.
    """

    namespace: str
    columns: int

    def draw(
        self, wanted: Sequence[_Known], answers: Mapping[ListedBucket, LiveBucket | Failure]
    ) -> Text:
        parts: list[Text] = []
        for account, of_account in groupby(wanted, key=lambda each: each.bucket.account):
            parts.append(self._heading(account))
            alike: dict[object, list[_Known]] = {}
            for known in of_account:
                alike.setdefault(_content(answers[known.bucket]), []).append(known)
            for group in alike.values():
                parts += [_title(known, answers[known.bucket]) for known in group]
                parts += [*self._body(answers[group[0].bucket]), Text()]
        if any(isinstance(each, LiveBucket) and each.rules for each in answers.values()):
            parts += [Text(row, style="dim") for row in textwrap.wrap(FOOTER, self.columns)]
        return Text("\n").join(parts)

    def _heading(self, account: Account) -> Text:
        named = f"{account.label.value}  {account.id.value} "
        heading = Text(named, style="bold cyan")
        return heading.append("─" * (self.columns - len(named)), style="dim")

    def _body(self, answer: LiveBucket | Failure) -> Iterator[Text]:
        if isinstance(answer, Failure):
            yield Text(_INDENT + _why(answer), style="red")
            return
        if answer.rules is None:
            yield Text(_INDENT + NOTHING, style="yellow")
            return
        lines = describe(
            answer.rules, answer.versioning, lambda rule_id: is_ours(rule_id, self.namespace)
        )
        subject_width = column_of([line.subject for line in lines])
        for line in lines:
            yield from self._line(line, subject_width)
        for note in notes(answer.rules, answer.versioning):
            yield Text(_INDENT + note, style="dim")

    def _line(self, line: Line, subject_width: int) -> Iterator[Text]:
        hanging = _INDENT + " " * (subject_width + 3)
        dim = "" if line.enabled else "dim"
        rows = [Text(row, style=dim) for row in packed(line.says, self.columns - len(hanging))]
        if not line.ours:
            ids = ", ".join(map(visible, line.rule_ids))
            many = "rules" if len(line.rule_ids) > 1 else "rule"
            rows.append(Text(f"foreign {many}: {ids}", style="magenta"))
        subject = Text(_INDENT + line.subject, style=dim or "bold")
        if width(line.subject) > subject_width:
            yield subject
        else:
            padding = " " * (subject_width - width(line.subject) + 3)
            yield Text.assemble(subject, padding, rows.pop(0))
        yield from (Text.assemble(hanging, row) for row in rows)


def _content(answer: LiveBucket | Failure) -> object:
    """The same for buckets of which the same is to be said."""
    if isinstance(answer, Failure):
        return answer
    return answer.rules, answer.versioning


def _title(known: _Known, answer: LiveBucket | Failure) -> Text:
    title = Text.assemble("  ", (known.bucket.name, "bold"), (f"  {known.bucket.region}", "dim"))
    if isinstance(answer, Failure):
        return title
    title.append(f"  versioning {answer.versioning.value}", style="dim")
    if answer.versioning is not known.locked.versioning:
        locked = known.locked.versioning.value
        title.append(f"  (the lock says {locked}: run `firnline resolve`)", style="yellow")
    return title
