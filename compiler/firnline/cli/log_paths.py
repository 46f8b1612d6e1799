"""What a command names as logs → paths on disk; those in S3 are copied first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from firnline.cli.failed import CommandFailed
from firnline.cli.inventory_source import InventorySource, reading
from firnline.cli.named_file import unread
from firnline.diagnostics.visible import visible
from firnline.fleet.accounts import can_ask
from firnline.fleet.log_bucket import fetch_logs
from firnline.settings import policies_folder

S3: Final = "s3://"


def log_paths(
    named: Sequence[str],
    account: str | None,
    copies: Path,
    forms: str,
    policies: str | None = None,
) -> Iterator[Path]:
    """`account` is the label of the account whose role reads a bucket, and `forms` says what can be
    named. Raises `CommandFailed`.
    """
    source = InventorySource(account, policies or policies_folder().path)
    for number, each in enumerate(named):
        if not each.startswith(S3):
            _refuse_absent(each, forms)
            yield Path(each)
            continue
        if not can_ask():
            raise CommandFailed(f"{visible(each)} is read by boto3: pip install 'firnline[aws]'")
        bucket = each.removeprefix(S3).partition("/")[0]
        folder = copies / str(number)
        folder.mkdir()
        with reading(bucket):
            access = source.reader(bucket)
            if not fetch_logs(source.clients.s3(access), access.account_id, each, folder):
                raise CommandFailed(f"{visible(each)} has no files: {forms}")
        yield folder


def _refuse_absent(named: str, forms: str) -> None:
    try:
        Path(named).stat()
    except (OSError, ValueError) as why:
        raise unread(named, why, forms) from None
