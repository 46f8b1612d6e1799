"""What the retentions say, and what they leave out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from markupsafe import Markup

from firnline.diagnostics.how_many import how_many
from firnline.rules.kept_acts import kept_called
from firnline.s3.compare.story import Story
from firnline.s3.terms import Days
from firnline.targets.charts.timelines import RetentionBar, Stay, timelines
from firnline.targets.report.dollars import first_names
from firnline.targets.report.html.sections import amounts
from firnline.targets.report.html.template import Cell, charts, section, table
from firnline.targets.report.model import Report, RetentionLine
from firnline.targets.report.sentences import label, retention_in_words

_WRITTEN: Final = "STANDARD"
_DRAWN: Final = 30
_NAMED: Final = 30
_ROWS: Final = 100


def retentions(report: Report) -> Markup:
    one = len(report.buckets) == 1
    drawn = [_drawn(each, one) for each in report.retentions[:_DRAWN]]
    rows = [
        (
            Cell(_place(each), under=each.bucket if not one else "", is_key=True),
            Cell(retention_in_words(each.retention), under=each.retention.owner),
            Cell(_says(each.objects)),
            Cell("" if each.old_versions is None else _says(each.old_versions)),
        )
        for each in report.retentions[:_ROWS]
    ]
    if not rows:
        return Markup()
    heads = ("Prefix", "Retention", "Objects", "Old versions")
    return section(
        "retentions",
        "Retentions",
        charts(("", timelines("timelines", drawn))),
        table(heads, rows, numbers=len(heads)),
        say=[f"The first {_ROWS} of {len(report.retentions):,}."]
        if len(report.retentions) > _ROWS
        else [],
    )


def coverage(report: Report) -> Markup:
    found = report.coverage
    say = []
    if found.not_covered:
        say.append(f"No policy covers {first_names(found.not_covered)}.")
    if found.not_told:
        say.append(
            f"Policies cover {first_names(found.not_told)}, but nothing given here says what is"
            " stored there."
        )
    left = [line for line in report.lines if not line.is_covered]
    rows = [(Cell(label(line, report), is_key=True), *amounts(line.portion)) for line in left]
    if report.kept_rules:
        named = first_names([kept_called(each) for each in report.kept_rules])
        say.append(f"Where no policy says it, rules of others that are kept decide: {named}.")
    if not say and not rows:
        say = ["Policies say of all that is stored how long it is kept."]
    parts = (
        [table(("What no retention covers", "Size, objects", "$ a month"), rows[:_NAMED])]
        if rows
        else []
    )
    return section("coverage", "Not covered", *parts, say=say)


def _drawn(line: RetentionLine, one: bool) -> RetentionBar:
    stays = [Stay(_WRITTEN, 0), *(Stay(into, day) for day, into in _moves(line.objects))]
    deleted = _end(line.objects)
    kept = None if line.old_versions is None else _end(line.old_versions)
    gone = deleted
    if line.old_versions is not None:
        gone = None if deleted is None or kept is None else deleted + kept
    label = _place(line) if one else f"{line.bucket}/{line.prefix}"
    return RetentionBar(label, tuple(stays), deleted, gone)


def _place(line: RetentionLine) -> str:
    return line.prefix or "(everything)"


def _moves(story: Story) -> Iterator[tuple[int, str]]:
    yield from ((int(step.when), step.into) for step in story.moves if isinstance(step.when, Days))


def _end(story: Story) -> int | None:
    return next((int(step.when) for step in story.ends if isinstance(step.when, Days)), None)


def _says(story: Story) -> str:
    parts = [f"{into} after {how_many(day, 'day')}" for day, into in _moves(story)]
    end = _end(story)
    parts.append("never deleted by age" if end is None else f"deleted after {how_many(end, 'day')}")
    return ", ".join(parts)
