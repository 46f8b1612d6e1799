"""A template and its values → HTML, in which no value is anything but text.

Whatever a template is handed is shown as one line of text: odd characters as their escapes, a long
text cut in its middle, and every sign of HTML as its entity. Only what a template has rendered
itself is taken as it is.
"""

from __future__ import annotations

from functools import cache
from pkgutil import get_data
from typing import Final

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup, escape

from firnline.diagnostics.shortened import shortened
from firnline.diagnostics.visible import visible

LONGEST: Final = 300
_LONGEST_COMMAND: Final = 4000


def rendered(template: str, package: str, /, **values: object) -> Markup:
    """`template`: the name of a file of `package`, such as `firnline.targets.html`."""
    return Markup(_environment(package).get_template(template).render(values))


def in_full(command: str) -> Markup:
    """To be copied: nothing is left out of its middle, unless nobody would copy that."""
    return escape(visible(shortened(command, _LONGEST_COMMAND)))


def file_of(package: str, name: str) -> Markup:
    """A file of ours as it is, such as a style, which no value is part of."""
    text = get_data(package, name)
    assert text is not None, name
    return Markup(text.decode("utf-8"))


@cache
def _environment(package: str) -> Environment:
    return Environment(
        loader=FunctionLoader(lambda name: str(file_of(package, name))),
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
