"""Files with mistakes that a machine can fix → the same files, fixed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from firnline.atomic_file import write_file
from firnline.cli.streams import say, write_data
from firnline.diagnostics.fix import Fix, apply
from firnline.diagnostics.fixes import fixable, skipped
from firnline.diagnostics.how_many import how_many
from firnline.diagnostics.kinds import Diagnostic
from firnline.diagnostics.position import Source, path_of
from firnline.language.syntax import Content
from firnline.lint import is_lifecycle_file
from firnline.rules.prove_fixes import is_harmless, may_end_by

_STDIN = "<stdin>"
_BOM = b"\xef\xbb\xbf"
MOST_ROUNDS = 10  # fixing a key may reveal that its value is misspelt too


Files = Mapping[str, Content]


@dataclass(frozen=True, slots=True)
class Plan:
    """`files` as they will be, the changed ones, the number of fixes, and a note for each fix that
    could not be made.
    """

    files: Files
    changed: tuple[str, ...]
    made: int
    notes: tuple[Diagnostic, ...]


Check = Callable[[Files], Sequence[Diagnostic]]


def plan_fixes(files: Files, check: Check, *, unsafe: bool) -> Plan:
    """Fixes until nothing is left to fix, so that a second run changes nothing."""
    mended = dict(files)
    made = 0
    overlapped: set[tuple[str | None, str]] = set()
    for _ in range(MOST_ROUNDS):
        found = fixable(check(mended), unsafe=unsafe)
        if not found:
            break
        next_ones = _together(mended, found)
        mended, left_out = _with(mended, next_ones)
        made += len({each.fix for each in next_ones} - {*left_out})
        overlapped |= {_said(each) for each in next_ones if each.fix in left_out}
    else:
        found = fixable(check(mended), unsafe=unsafe)
    still = [each for each in found if _said(each) in overlapped]
    notes = skipped(still, [each.fix for each in still if each.fix])
    changed = tuple(path for path in sorted(files) if mended[path] != files[path])
    return Plan(mended, changed, made, notes)


def _together(files: Files, found: Sequence[Diagnostic]) -> Sequence[Diagnostic]:
    """Those whose fixes are made at once: first all that only write in other words what is meant.
    Each of the others is proved to let nothing end sooner, but two of them together may.
    """
    if others := [each for each in found if may_end_by(each) is None]:
        return others
    if len(found) == 1 or _are_harmless(files, found):
        return found
    chosen: list[Diagnostic] = []
    for each in found:
        if not chosen or _are_harmless(files, [*chosen, each]):
            chosen.append(each)
    return chosen


def _are_harmless(files: Files, found: Sequence[Diagnostic]) -> bool:
    policies = {path: files[path] for path in files if not is_lifecycle_file(path, files[path])}
    after, _ = _with(policies, found)
    may_end = max(each for each in map(may_end_by, found) if each is not None)
    return is_harmless(policies, after, may_end)


def _with(files: Files, found: Sequence[Diagnostic]) -> tuple[dict[str, Content], list[Fix]]:
    """The files with fixes made, and the fixes that are left out as they overlap others."""
    mended = dict(files)
    left_out: list[Fix] = []
    for source, fixes in _by_source(found).items():
        text, overlapping = apply(source.text, fixes)
        left_out += overlapping
        mended[source.path] = _encoded(text, mended[source.path])
    return mended, left_out


def run_fixes(files: Files, plan: Plan) -> None:
    """Writes the changed files, each completely or not at all, and none if one of them has changed
    since it was read. Standard input is no file.
    """
    paths = [path for path in plan.changed if path != _STDIN]
    for path in paths:
        with open(path, "rb") as file:
            if file.read() != files[path]:
                raise OSError(f"{path} changed while it was read; nothing was written")
    for path in paths:
        content = plan.files[path]
        assert isinstance(content, bytes)
        write_file(path, content)


def show_or_write(files: Files, plan: Plan, *, only_show: bool) -> bool:
    """Whether stdout now has a diff or a fixed text, so that the report must go elsewhere."""
    fixes, changed = how_many(plan.made, "fix", "fixes"), how_many(len(plan.changed), "file")
    if only_show:
        for path in plan.changed:
            write_data(diff(path, files[path], plan.files[path]).encode())
        say(f"{fixes} would change {changed}" if plan.changed else "nothing to fix")
        return True
    run_fixes(files, plan)
    if plan.changed:
        say(f"{fixes} made in {changed}")
    if not isinstance(files.get(_STDIN), bytes):
        return False
    mended = plan.files[_STDIN]
    assert isinstance(mended, bytes)
    write_data(mended)
    return True


def diff(path: str, before: Content, after: Content) -> str:
    """A unified diff for `patch -p0`."""
    import difflib  # slow to import, and seldom needed

    assert isinstance(before, bytes)
    assert isinstance(after, bytes)
    lines = difflib.unified_diff(_lines(before), _lines(after), path, path)
    return "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines
    )


def _by_source(found: Sequence[Diagnostic]) -> dict[Source, list[Fix]]:
    fixes: dict[Source, list[Fix]] = {}
    for fix in (each.fix for each in found if each.fix):
        fixes.setdefault(fix.edits[0].span.source, []).append(fix)
    return fixes


def _said(diagnostic: Diagnostic) -> tuple[str | None, str]:
    return path_of(diagnostic.place), f"{diagnostic.kind.code} {diagnostic.message}"


def _encoded(text: str, before: Content) -> bytes:
    assert isinstance(before, bytes)
    return (_BOM if before.startswith(_BOM) else b"") + text.encode()


def _lines(content: bytes) -> list[str]:
    """Lines with their ends; only `\\n` ends one, as in git."""
    parts = content.decode().split("\n")
    return [*(f"{part}\n" for part in parts[:-1]), *(part for part in parts[-1:] if part)]
