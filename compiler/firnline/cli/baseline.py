"""`check --baseline FILE`: findings that are known do not fail, and are not shown."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Collection, Sequence
from typing import Final

from firnline.cli.failed import CommandFailed
from firnline.cli.streams import say, write
from firnline.diagnostics.baseline import (
    Fingerprint,
    Known,
    NotABaseline,
    gone_from,
    new_of,
    read,
    to_text,
)
from firnline.diagnostics.how_many import how_many
from firnline.diagnostics.kinds import Diagnostic, Severity, has_errors
from firnline.diagnostics.position import Span
from firnline.language.within import within

_STDIN: Final = "<stdin>"


def without_known(
    shown: Sequence[Diagnostic],
    found: Sequence[Diagnostic],
    files: Collection[str],
    path: str,
) -> tuple[Diagnostic, ...]:
    """What is new of `shown`, a part of all that was `found` in these files, and every gate; says
    what is known and what is gone. Raises `CommandFailed`.
    """
    known = _read(path)
    everything = {id(each): each for each in (*found, *shown)}
    fingerprints = _fingerprints(tuple(everything.values()), os.path.dirname(path))
    is_new = {id(each) for each in shown if each.severity is Severity.GATE}
    rest = [(fingerprints[id(each)], each) for each in shown if id(each) not in is_new]
    is_new.update(map(id, new_of(rest, known)))
    new = tuple(each for each in shown if id(each) in is_new)
    gone = gone_from(_of_these(known, files, path), fingerprints.values())
    hidden = [each for each in shown if id(each) not in is_new]
    errors = sum(has_errors([each]) for each in hidden)
    refused = f", {errors:,} of them errors: `firnline compile` refuses policies with errors"
    say(
        f"{'' if new else 'nothing new; '}{how_many(len(hidden), 'known finding')} not shown"
        f" ({path}){refused if errors else ''}"
    )
    if gone:
        count = how_many(sum(gone.values()), "known finding")
        say(f"{count} no longer there: `--write-baseline` takes that out of {path}")
    return new


def write_baseline(found: Sequence[Diagnostic], files: Collection[str], path: str) -> None:
    """Of these files, what was found in them, but no gates; of others that still exist, what was
    known. Raises `CommandFailed`.
    """
    before = _read(path) if os.path.lexists(path) else Counter()
    kept = Counter(before) - Counter(_of_these(before, files, path))
    lasting = [each for each in found if each.severity is not Severity.GATE]
    known = kept + Counter(_fingerprints(lasting, os.path.dirname(path)).values())
    write(to_text(known), path)
    in_files = how_many(len({each.path for each in known}), "file")
    say(f"{path}: {how_many(sum(known.values()), 'known finding')} in {in_files}")


def _read(path: str) -> Known:
    try:
        with open(path, encoding="utf-8") as file:
            return read(file.read())
    except FileNotFoundError:
        raise CommandFailed(
            f"there is no baseline {path}: `--baseline {path} --write-baseline` writes it"
        ) from None
    except OSError as problem:
        raise CommandFailed(f"{path} cannot be read: {problem.strerror}") from None
    except UnicodeDecodeError:
        raise CommandFailed(f"{path} is not UTF-8") from None
    except NotABaseline as problem:
        raise CommandFailed(f"{path}{problem}") from None


def _of_these(known: Known, files: Collection[str], path: str) -> Known:
    """The findings in files that were read now, or that exist no more."""
    folder = os.path.dirname(path)
    were_read = {_relative(each, folder) for each in files}
    there = {each.path: os.path.lexists(os.path.join(folder, each.path)) for each in known}
    return {
        each: count
        for each, count in known.items()
        if each.path in were_read or not (there[each.path] or each.path == _STDIN)
    }


def _fingerprints(found: Sequence[Diagnostic], folder: str) -> dict[int, Fingerprint]:
    """By the identity of each diagnostic."""
    keys = within(found)
    fingerprints = {}
    for each in found:
        place = each.place
        path = _relative(place.path, folder) if isinstance(place, Span) else str(place)
        fingerprints[id(each)] = Fingerprint(path, each.kind.code, keys[id(each)], each.message)
    return fingerprints


def _relative(path: str, folder: str) -> str:
    """So that it is the same wherever the command is called."""
    if path == _STDIN:
        return path
    return os.path.relpath(path, folder or ".").replace(os.sep, "/")
