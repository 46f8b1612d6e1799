"""A template and its values → HTML, in which no value is anything but text.

Whatever a template is handed is shown as one line of text: odd characters as their escapes, a long
text cut in its middle, and every sign of HTML as its entity. Only what a template has rendered
itself is taken as it is.
"""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from hashlib import sha256
from pkgutil import get_data
from typing import Final

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup, escape

from firnline.diagnostics.shortened import shortened
from firnline.diagnostics.visible import visible

LONGEST: Final = 300
_LONGEST_COMMAND: Final = 4000
_PACKAGE: Final = "firnline.targets.review.html"
_STYLE: Final = "page.css"


def rendered(template: str, **values: object) -> Markup:
    """`template`: the name of a file beside this module."""
    return Markup(_environment().get_template(template).render(values))


def in_full(command: str) -> Markup:
    """To be copied: nothing is left out of its middle, unless nobody would copy that."""
    return escape(visible(shortened(command, _LONGEST_COMMAND)))


def style() -> Markup:
    """What stands between the tags of `<style>`, which no value is part of."""
    return Markup(_read(_STYLE))


def style_hash() -> str:
    """By which the page allows that style and no other, as CSP has it."""
    return f"sha256-{b64encode(sha256(style().encode()).digest()).decode('ascii')}"


@cache
def _environment() -> Environment:
    return Environment(
        loader=FunctionLoader(_read),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
        finalize=_as_text,
    )


def _as_text(value: object) -> Markup | str:
    if isinstance(value, Markup):
        return value
    return visible(shortened(str(value), LONGEST))


def _read(name: str) -> str:
    text = get_data(_PACKAGE, name)
    assert text is not None, name
    return text.decode("utf-8")
