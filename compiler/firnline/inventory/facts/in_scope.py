"""What is stored of objects that some scopes cannot tell apart."""

from __future__ import annotations

from typing import NamedTuple

from firnline.inventory.facts.branch import StoredBy
from firnline.s3.scope import Scope


class InScope(NamedTuple):
    """`example` holds one key, size and tags: what holds for it, as far as the scopes are asked,
    holds for all. Without `tags_known` the tags may be any, and the example has none. `current` or
    noncurrent versions.
    """

    example: Scope
    tags_known: bool
    stored: StoredBy
    current: bool = True
