"""A review → Markdown for a comment on a pull request: verdict, changes, first run, proof."""

from __future__ import annotations

from collections.abc import Iterator

from firnline.diagnostics.how_many import how_many
from firnline.forge.marker import NO_COMMIT, Marker, key_of
from firnline.targets.review.conclusion import conclusion
from firnline.targets.review.doomed_words import doomed_lines
from firnline.targets.review.markdown.changes_table import changes_table
from firnline.targets.review.markdown.chart import chart
from firnline.targets.review.markdown.cost_line import cost_by_month, cost_line
from firnline.targets.review.markdown.dialect import Dialect
from firnline.targets.review.markdown.first_run_table import first_run_table
from firnline.targets.review.markdown.fitting import Section, joined
from firnline.targets.review.markdown.mentions import mentioned
from firnline.targets.review.markdown.open_gates import open_gates
from firnline.targets.review.markdown.proof import proof, reproduce
from firnline.targets.review.markdown.rules_patch import rules_patch
from firnline.targets.review.markdown.samples import owners, samples
from firnline.targets.review.markdown.verdict_alert import about_approval, verdict_alert
from firnline.targets.review.markdown_text import code, prose
from firnline.targets.review.model import Review, Reviewed

_UNNAMED = Reviewed("policies")


def document(review: Review, dialect: Dialect) -> str:
    return joined(_sections(review, dialect))


def _sections(review: Review, dialect: Dialect) -> Iterator[Section]:
    reviewed = review.reviewed or _UNNAMED
    head = f"{_marker(review, reviewed).line()}\n### Retention change: {code(reviewed.project)}"
    if not review.found.items:
        on = how_many(review.found.buckets, "bucket")
        said = (
            f"No change: what happens to objects stays the same on {on}.",
            *about_approval(review),
        )
        yield Section(f"{head}\n\n{' '.join(said)}")
        yield Section(_doomed(review))
        yield Section(open_gates(review, dialect), _not_shown("The list of findings"), 5)
        return
    yield Section(head)
    yield Section(verdict_alert(review, dialect))
    yield Section(changes_table(review, dialect))
    yield Section(chart(review), _not_shown("The chart"), 6)
    yield Section(_doomed(review))
    yield Section(first_run_table(review))
    yield Section(cost_line(review))
    yield Section(open_gates(review, dialect), _not_shown("The list of gates"), 5)
    yield Section(cost_by_month(review, dialect), _not_shown("The cost by month"), 4)
    yield Section(owners(review, dialect), _not_shown("What goes by tag"), 3)
    yield Section(samples(review, dialect), _not_shown("Sample keys"), 2)
    yield Section(rules_patch(review, dialect), _not_shown("The S3 rules"), 1)
    yield Section(proof(review))
    yield Section(reproduce(review, dialect))


def _doomed(review: Review) -> str:
    return "\n".join(f"- {prose(each)}" for each in doomed_lines(review))


def _not_shown(what: str) -> str:
    return f"{what}: not shown, as this comment would be too long; see `firnline diff --all`."


def _marker(review: Review, reviewed: Reviewed) -> Marker:
    return Marker(
        key_of(reviewed.project),
        conclusion(review),
        reviewed.head or NO_COMMIT,
        mentioned(review),
    )
