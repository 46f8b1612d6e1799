"""A review → one page of HTML that needs nothing else: verdict, gates, changes, first run, cost,
what else was found, the rules, and the proof.

It runs no script and loads nothing: its policy allows its own style alone, by a hash.
"""

from __future__ import annotations

from markupsafe import Markup

from firnline import __version__
from firnline.targets.html.page import Heading, whole_page
from firnline.targets.html.template import in_full
from firnline.targets.review.first_run_text import stands_on
from firnline.targets.review.html.changes import changes
from firnline.targets.review.html.cost import cost
from firnline.targets.review.html.doomed import doomed
from firnline.targets.review.html.findings import findings
from firnline.targets.review.html.first_run import first_run
from firnline.targets.review.html.gates import gates
from firnline.targets.review.html.rules import rules
from firnline.targets.review.html.template import rendered, style
from firnline.targets.review.html.verdict import verdict_section
from firnline.targets.review.model import Review
from firnline.targets.review.proof_words import command, proved, remarks


def page(review: Review) -> str:
    project = review.reviewed.project if review.reviewed else "policies"
    return whole_page(
        Heading("Retention change", project, [review.base.in_words()] if review.base else []),
        [
            verdict_section(review),
            gates(review),
            changes(review),
            first_run(review),
            cost(review),
            *([doomed(review)] if review.doomed else []),
            findings(review),
            rules(review),
            _proof(review),
        ],
        _footer(review),
        style(),
    )


def _proof(review: Review) -> Markup:
    return rendered(
        "proof.html",
        proved=proved(review.found) if review.found.buckets else None,
        remarks=list(remarks(review.found)),
        stands_on=list(stands_on(review.facts)) if review.facts and review.found.items else [],
    )


def _footer(review: Review) -> Markup:
    return rendered(
        "footer.html",
        head=review.reviewed.head if review.reviewed else None,
        command=in_full(command(review)),
        version=__version__,
    )
