"""What is live on the buckets of the lock, in words."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from rich.console import Console
from rich.text import Text

from firnline.cli.live_rules import KnownBucket, LiveRules, why
from firnline.diagnostics.visible import visible, width
from firnline.diagnostics.wrapping import wrapped
from firnline.fleet.look import LiveBucket
from firnline.fleet.ownership import is_ours
from firnline.fleet.questions import Failure, ListedBucket
from firnline.language.fleet import Account
from firnline.targets.words import Line, column_of, describe, notes, packed

NOTHING = "no lifecycle configuration: nothing is moved or deleted"
FOOTER = (
    "Ages count from an object's creation and round up to the next midnight UTC; S3 acts within"
    " about 48 hours."
)
_INDENT = "    "


def to_text(live: LiveRules, *, colour: bool, columns: int) -> str:
    shown = _Screen(live.namespace, columns).draw(live.wanted, live.answers)
    stream = io.StringIO()
    _console(stream, colour).print(shown, soft_wrap=True)
    return stream.getvalue()


def _console(stream: io.StringIO, colour: bool) -> Console:
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

    Buckets of one account with the same rules and versioning are grouped, with the rules once.
    """

    namespace: str
    columns: int

    def draw(
        self, wanted: Sequence[KnownBucket], answers: Mapping[ListedBucket, LiveBucket | Failure]
    ) -> Text:
        parts: list[Text] = []
        for account, of_account in groupby(wanted, key=lambda each: each.bucket.account):
            parts.append(self._heading(account))
            alike: dict[object, list[KnownBucket]] = {}
            for known in of_account:
                alike.setdefault(_content(answers[known.bucket]), []).append(known)
            for group in alike.values():
                parts += [_title(known, answers[known.bucket]) for known in group]
                parts += [*self._body(answers[group[0].bucket]), Text()]
        if any(isinstance(each, LiveBucket) and each.rules for each in answers.values()):
            parts += [Text(row, style="dim") for row in wrapped(FOOTER, self.columns)]
        return Text("\n").join(parts)

    def _heading(self, account: Account) -> Text:
        named = f"{account.label.value}  {account.id.value} "
        heading = Text(named, style="bold cyan")
        return heading.append("─" * (self.columns - len(named)), style="dim")

    def _body(self, answer: LiveBucket | Failure) -> Iterator[Text]:
        if isinstance(answer, Failure):
            yield from self._wrapped(why(answer), "red")
            return
        if answer.rules is None:
            yield from self._wrapped(NOTHING, "yellow")
            return
        lines = describe(
            answer.rules, answer.versioning, lambda rule_id: is_ours(rule_id, self.namespace)
        )
        subject_width = column_of([line.subject for line in lines])
        for line in lines:
            yield from self._line(line, subject_width)
        for note in notes(answer.rules, answer.versioning):
            yield from self._wrapped(note, "dim")

    def _wrapped(self, text: str, style: str) -> Iterator[Text]:
        for row in wrapped(_INDENT + text, self.columns, hanging=2):
            yield Text(row, style=style)

    def _line(self, line: Line, subject_width: int) -> Iterator[Text]:
        hanging = _INDENT + " " * (subject_width + 3)
        dim = "" if line.enabled else "dim"
        rows = [Text(row, style=dim) for row in packed(line.says, self.columns - len(hanging))]
        if not line.ours:
            ids = ", ".join(map(visible, line.rule_ids))
            many = "rules" if len(line.rule_ids) > 1 else "rule"
            room = self.columns - len(hanging)
            rows += [Text(row, style="magenta") for row in wrapped(f"foreign {many}: {ids}", room)]
        subject = Text(_INDENT + line.subject, style=dim or "bold")
        if width(line.subject) > subject_width:
            yield from self._wrapped(line.subject, dim or "bold")
        else:
            padding = " " * (subject_width - width(line.subject) + 3)
            yield Text.assemble(subject, padding, rows.pop(0))
        yield from (Text.assemble(hanging, row) for row in rows)


def _content(answer: LiveBucket | Failure) -> object:
    """Equal for buckets with the same output."""
    if isinstance(answer, Failure):
        return answer
    return answer.rules, answer.versioning


def _title(known: KnownBucket, answer: LiveBucket | Failure) -> Text:
    title = Text.assemble("  ", (known.bucket.name, "bold"), (f"  {known.bucket.region}", "dim"))
    if isinstance(answer, Failure):
        return title
    title.append(f"  versioning {answer.versioning.value}", style="dim")
    if answer.versioning is not known.locked.versioning:
        locked = known.locked.versioning.value
        title.append(f"  (the lock says {locked}: run `firnline resolve`)", style="yellow")
    return title
