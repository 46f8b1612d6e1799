"""`firnline approve`: writes down that the owner of the data agrees to a change."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from firnline.cli.base import AUTO, base_of, settings_of_base
from firnline.cli.failed import CommandFailed
from firnline.cli.first_run import measure_of
from firnline.cli.first_run_options import add_first_run, moment, refuse_idle
from firnline.cli.forecast_settings import add_versioning
from firnline.cli.gates import open_items
from firnline.cli.option_types import size, text
from firnline.cli.streams import day, say, say_diagnostics, write
from firnline.diagnostics.how_many import how_many
from firnline.language.add_approvals import Entry, NotAddable, with_entries
from firnline.language.approvals import ApprovalsFile
from firnline.language.check import Known
from firnline.language.gate_settings import GateSettings, Level
from firnline.pipeline import check_files
from firnline.rules.gates.entries import Approving, entry, requested, together, with_room
from firnline.rules.gates.first_run import FIRST_RUN
from firnline.rules.gates.gate import FirstRun, GatedItem
from firnline.s3.law.limits import LARGEST_SIZE_BOUND
from firnline.s3.terms import Bytes
from firnline.settings import policies_folder
from firnline.workspace import project_around, read_folder

SUMMARY = "write down that the owner of the data agrees to a change"
_DAYS: Final = 90
_FILE: Final = "approvals.yaml"
_GATE: Final = "FL4"


def configure(parser: argparse.ArgumentParser) -> None:
    parser.epilog = (
        "An entry counts once CODEOWNERS names an owner of the file and that owner has reviewed it."
    )
    parser.add_argument(
        "words",
        metavar="GATE",
        nargs="*",
        help="a code such as FL401, or the digest of an item or the beginning of it; with both,"
        " these gates of these items alone (default: everything that is open)",
    )
    parser.add_argument(
        "--by", metavar="WHO", type=text, required=True, help="the owner of the data"
    )
    parser.add_argument("--ticket", metavar="TICKET", type=text, help="where it was agreed")
    parser.add_argument(
        "--why", metavar="TEXT", type=text, help="why it is right, for those who read it later"
    )
    parser.add_argument(
        "--until",
        metavar="DATE",
        type=day,
        help=f"from this day on the approval no longer counts (default: in {_DAYS} days)",
    )
    parser.add_argument(
        "--deletes-up-to",
        metavar="SIZE",
        type=size,
        help="how much the first run of each item may delete, such as 110TiB: FL402 needs it"
        " (default: what it deletes by what is stored, and a tenth more, rounded up)",
    )
    parser.add_argument(
        "--base",
        metavar="SNAPSHOT",
        default=AUTO,
        help="what changes since this snapshot: git:REV, a folder, or live, the rules on the"
        " buckets of the fleet lock (reads AWS), with which `pulumi up` compares; none to approve"
        " what needs none to compare with; auto, the default, where this branch left the one that"
        " it is merged into",
    )
    parser.add_argument(
        "--today", metavar="DATE", type=day, help="as of this day, such as 2027-03-31"
    )
    parser.add_argument("--dry-run", action="store_true", help="only show the entries")
    add_first_run(parser)
    add_versioning(parser)
    parser.add_argument(
        "--as-of",
        metavar="DATE",
        type=moment,
        help="when the first run is, for what is stored (default: now)",
    )


def run(arguments: argparse.Namespace) -> int:
    try:
        return _approve(arguments)
    except CommandFailed as why:
        say(f"firnline approve: {why}")
        return why.code


def _approve(arguments: argparse.Namespace) -> int:
    """Raises `CommandFailed`."""
    if odd := [word for word in arguments.words if not word.startswith(("sha256:", _GATE))]:
        raise CommandFailed(f"{odd[0]!r} is neither the code of a gate nor the digest of an item")
    today = arguments.today or date.today()
    if arguments.until is not None and arguments.until <= today:
        raise CommandFailed(f"--until {arguments.until} opens nothing: from that day on it is over")
    folder = policies_folder().path
    project = project_around([folder])
    base = base_of(arguments.base, project, [folder])
    refuse_idle(arguments, has_use=base is not None)
    known = Known(settings_of_base(base, project, [folder]), today)
    compilation = check_files(read_folder(folder), known)
    if compilation.failed:
        say_diagnostics(compilation.diagnostics, arguments.color)
        return 1
    found = open_items(compilation, base, known, measure_of(arguments))
    allowed = _allowed(known.project.gates)
    asked_for = requested(found, arguments.words, with_first_run=allowed is not None)
    _refuse(together(found), asked_for, arguments)
    approving = Approving(
        arguments.by,
        arguments.until or today + timedelta(days=_DAYS),
        arguments.ticket,
        arguments.why,
        None if arguments.deletes_up_to is None else Bytes(arguments.deletes_up_to),
        allowed,
    )
    entries = [entry(item, codes, approving) for item, codes in asked_for]
    for (item, codes), each in zip(asked_for, entries, strict=True):
        if FIRST_RUN.code in codes and item.first_run is not None:
            _say_size(item.first_run, each["deletes_up_to"])
    path = _path(compilation.folder.approvals, folder)
    _add(entries, path, arguments, self_approved=known.project.review.self_approved)
    return 0


def _allowed(settings: GateSettings) -> Decimal | None:
    """The part that may go without an approval; None where the project needs none."""
    is_asked = settings.level(FIRST_RUN.code) is Level.GATE
    return settings.max_first_run_delete if is_asked else None


def _refuse(
    found: Sequence[GatedItem],
    asked_for: Sequence[tuple[GatedItem, tuple[str, ...]]],
    arguments: argparse.Namespace,
) -> None:
    """Raises `CommandFailed`."""
    if not asked_for:
        others = (
            f"; {how_many(len(found), 'other item is', 'other items are')} open" if found else ""
        )
        what = " ".join(arguments.words) or "any gate"
        raise CommandFailed(f"nothing waits for an approval of {what}{others}")
    for item, codes in asked_for:
        if FIRST_RUN.code in codes:
            _refuse_size(item.first_run, arguments.deletes_up_to)


def _refuse_size(known: FirstRun | None, approved: int | None) -> None:
    """Raises `CommandFailed`."""
    if known is None and approved is None:
        raise CommandFailed(
            "how much the first run deletes is not known (FL402): name an inventory, or say how"
            " much may go, such as `--deletes-up-to 110TiB`, or name the other codes"
        )
    if known is not None and known.most > LARGEST_SIZE_BOUND:
        raise CommandFailed(
            f"the first run deletes {Bytes(known.most).rounded}, and an approval can be of"
            f" {Bytes(LARGEST_SIZE_BOUND)} at most: step down in stages"
        )
    if known is not None and approved is not None and approved < known.most:
        raise CommandFailed(
            f"the first run deletes {Bytes(known.most).rounded}, so an approval of up to"
            f" {Bytes(approved)} would be void: {with_room(known.most)} leaves room until then"
        )


def _say_size(known: FirstRun, approved: object) -> None:
    say(f"the first run deletes {Bytes(known.most).rounded}: approved are up to {approved}")


def _path(files: Sequence[ApprovalsFile], folder: str) -> str:
    return files[0].path if files else os.path.join(folder, _FILE)


def _add(
    entries: Sequence[Entry], path: str, arguments: argparse.Namespace, *, self_approved: bool
) -> None:
    """Raises `CommandFailed`."""
    before: str | None = None
    if os.path.lexists(path):
        with open(path, encoding="utf-8", newline="") as file:
            before = file.read()
    try:
        after = with_entries(before, entries)
    except NotAddable as why:
        raise CommandFailed(f"{path}: {why}") from None
    write(with_entries(None, entries).partition("approvals:\n")[2], None)
    many = how_many(len(entries), "approval")
    if arguments.dry_run:
        say(f"{many} would be added to {path}")
        return
    write(after, path)
    counts = (
        'valid at once, since firnline.toml says `approvals = "self"`'
        if self_approved
        else "valid once a code owner of the file has reviewed the change"
    )
    say(f"{path}: {many} added, {counts}")
