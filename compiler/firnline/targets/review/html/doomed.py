"""What does a change do to what registries need?"""

from __future__ import annotations

from markupsafe import Markup

from firnline.targets.review.doomed_words import doomed_lines
from firnline.targets.review.html.template import rendered
from firnline.targets.review.model import Review


def doomed(review: Review) -> Markup:
    return rendered("doomed.html", lines=list(doomed_lines(review)))
