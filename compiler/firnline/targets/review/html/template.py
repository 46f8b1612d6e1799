"""A template of a review, filled with values."""

from __future__ import annotations

from typing import Final

from markupsafe import Markup

from firnline.targets.html import template
from firnline.targets.html.template import file_of

_PACKAGE: Final = "firnline.targets.review.html"


def rendered(name: str, **values: object) -> Markup:
    """`name`: of a file beside this module."""
    return template.rendered(name, _PACKAGE, **values)


def style() -> Markup:
    """What a review needs besides the style of every page."""
    return file_of(_PACKAGE, "review.css")
