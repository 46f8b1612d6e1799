"""Are the libraries there by which registries are read?"""

from __future__ import annotations

from importlib.util import find_spec

from firnline.cli.failed import CommandFailed

_READ_BY = ("boto3", "jmespath", "sqlalchemy")


def need_extra() -> None:
    """Raises `CommandFailed`."""
    if not all(map(find_spec, _READ_BY)):
        raise CommandFailed("registries are read by an extra: pip install 'firnline[gc]'")
