"""`--registry NAME`: which registries of the fleet file a command reads."""

from __future__ import annotations

import argparse


def add_registry_names(parser: argparse.ArgumentParser, default: str) -> None:
    """`default` says which it reads where none is named."""
    parser.add_argument(
        "--registry",
        metavar="NAME",
        action="append",
        default=[],
        help=f"only this registry of the fleet file; repeatable (default: {default})",
    )
