"""What does a change come to, as outputs of a step of GitHub Actions?

A line `name=value` each, for the file that GITHUB_OUTPUT names. No value has text of a policy: it
is a number, a digest, or codes of diagnostics.
"""

from __future__ import annotations

from firnline.inventory.forecast.forecast import Forecast
from firnline.targets.review.conclusion import conclusion
from firnline.targets.review.model import Facts, Review

_NOT_KNOWN = ""


def to_github_output(review: Review) -> str:
    """Of two bounds the worse one: the more that is deleted, the more that it costs."""
    values = {
        "deletes_bytes": _deletes_bytes(review),
        "monthly_delta": _monthly_delta(review),
        "gates": ",".join(review.open_codes),
        "digest": conclusion(review),
    }
    return "".join(f"{name}={value}\n" for name, value in values.items())


def _deletes_bytes(review: Review) -> str:
    if _changes_nothing(review):
        return "0"
    if review.facts is None or _is_partial(review, review.facts):
        return _NOT_KNOWN
    return str(review.facts.radius.total.deleted.bytes.at_most)


def _monthly_delta(review: Review) -> str:
    """In the last month of the forecast, as in the review's table of costs."""
    if _changes_nothing(review):
        return "0.00"
    facts = review.facts
    if facts is None or _is_partial(review, facts) or not isinstance(facts.cost, Forecast):
        return _NOT_KNOWN
    cents = -round(facts.cost.change.saved[-1].at_least * 100)
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100}.{abs(cents) % 100:02}"


def _changes_nothing(review: Review) -> bool:
    return not review.found.items and not review.found.not_compared


def _is_partial(review: Review, facts: Facts) -> bool:
    return bool(review.found.not_compared) or facts.radius.is_partial
