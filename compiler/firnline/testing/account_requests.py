"""Accounts over HTTP, from JSON: a world that runs grows by accounts with a role each."""

from __future__ import annotations

import json
import re

from firnline.testing.moto_process import open_account

_ID = re.compile("[0-9]{12}")


class BadAccounts(Exception):
    """The request is no list of account IDs; none was opened."""


def read_accounts(body: bytes) -> tuple[str, ...]:
    """`["012345678901", …]`; raises `BadAccounts`."""
    try:
        sent = json.loads(body)
    except ValueError:
        sent = None
    if not isinstance(sent, list) or not all(
        isinstance(each, str) and _ID.fullmatch(each) for each in sent
    ):
        raise BadAccounts("send a list of account IDs, each a text of 12 digits")
    return tuple(sent)


def open_accounts(ids: tuple[str, ...]) -> tuple[str, ...]:
    """The ARNs of their roles. Accounts that are there already stay as they are."""
    return tuple(map(open_account, ids))
