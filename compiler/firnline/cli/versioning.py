"""Under which versioning does a command answer, where it may be unknown?"""

from __future__ import annotations

import argparse
from collections.abc import Iterable

from firnline.cli.bucket_rules import NamedRules
from firnline.cli.streams import say
from firnline.diagnostics.visible import visible
from firnline.s3.simulate.stored import StoredItem
from firnline.s3.simulate.versioned_detail import versioned_detail
from firnline.s3.terms import Versioning


def possible_versionings(
    arguments: argparse.Namespace, named: NamedRules, items: Iterable[StoredItem]
) -> tuple[Versioning, ...]:
    """The one that is said or known; else the one that an item shows, and that is told; else both
    that the rules are proved for.
    """
    if arguments.versioning is not None:
        return (Versioning(arguments.versioning),)
    if named.versioning is not None:
        return (named.versioning,)
    for item in items:
        detail = versioned_detail(item)
        if detail is not None:
            say(
                f"`{visible(item.key)}`: {detail.value} exists only where versions are or were"
                " kept: versioning enabled is assumed (see --versioning)"
            )
            return (Versioning.ENABLED,)
    return (Versioning.ENABLED, Versioning.OFF)
