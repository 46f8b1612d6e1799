"""Lines of server access logs → the objects that S3 Lifecycle itself deleted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final
from urllib.parse import unquote_plus

# S3 User Guide, "Lifecycle and logging": the operations; "Amazon S3 server access log format": the
# fields before them are the owner, the bucket, the time, an address, the requester and an ID.
_DELETED: Final = re.compile(
    r"^[^ ]+ ([^ ]+) \[[^\]]*\] [^ ]+ [^ ]+ [^ ]+ S3\.(?:EXPIRE\.OBJECT|CREATE\.DELETEMARKER)"
    r" ([^ ]+) "
)


def deletions(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The bucket and the key, as each form that it may have been logged in has it: encoded not at
    all, once, or twice.
    """
    for line in lines:
        if found := _DELETED.match(line):
            bucket, logged = found.groups()
            once = unquote_plus(logged)
            yield from ((bucket, key) for key in {logged, once, unquote_plus(once)})
