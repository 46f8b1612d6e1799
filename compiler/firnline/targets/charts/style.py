"""What charts need of the style of their page."""

from __future__ import annotations

from pkgutil import get_data


def style() -> str:
    """It uses the variables of `targets/html/page.css`."""
    text = get_data("firnline.targets.charts", "chart.css")
    assert text is not None
    return text.decode("utf-8")
