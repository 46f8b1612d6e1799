"""Lines of server access logs → the objects that S3 Lifecycle itself deleted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Final, NamedTuple
from urllib.parse import unquote_plus

# S3 User Guide, "Lifecycle and logging": the operations; "Amazon S3 server access log format": the
# fields before them are the owner, the bucket, the time, an address, the requester and an ID.
_LINE: Final = re.compile(
    r"^[^ ]+ ([^ ]+) \[(\d\d/[A-Z][a-z][a-z]/\d\d\d\d):[^\]]*\] [^ ]+ [^ ]+ [^ ]+"
    r"(?: S3\.(?:EXPIRE\.OBJECT|CREATE\.DELETEMARKER) ([^ ]+) )?"
)
_MONTHS: Final = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"


class Line(NamedTuple):
    """`day` as the log writes it. `keys` are those of which S3 itself deleted an object, as each
    form that the key may have been logged in has it: encoded not at all, once, or twice.
    """

    bucket: str
    day: str
    keys: frozenset[str] = frozenset()


def lifecycle_lines(lines: Iterable[str]) -> Iterator[Line]:
    """One for each line that can be read."""
    for line in lines:
        if found := _LINE.match(line):
            bucket, day, logged = found.groups()
            yield Line(bucket, day, _forms(logged) if logged else frozenset())


def days_without(days: Iterable[str], since: date, until: date) -> list[date]:
    """Those from `since` to `until` that are none of `days`, which are as a log writes them."""
    there = {_day(each) for each in days}
    every = (since + timedelta(days=number) for number in range((until - since).days + 1))
    return [each for each in every if each not in there]


def _forms(logged: str) -> frozenset[str]:
    once = unquote_plus(logged)
    return frozenset({logged, once, unquote_plus(once)})


def _day(said: str) -> date | None:
    day, month, year = said.split("/")
    try:
        return date(int(year), _MONTHS.split().index(month) + 1, int(day))
    except ValueError:
        return None
