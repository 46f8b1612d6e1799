"""What do policies that are there say of imported ones: adopted already, or in contradiction?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from firnline.cli.failed import CommandFailed
from firnline.cli.import_out import Destination
from firnline.cli.import_places import Places
from firnline.cli.import_sources import Sources, ToImport
from firnline.cli.streams import say_diagnostics
from firnline.diagnostics.kinds import Diagnostic, Severity
from firnline.diagnostics.visible import visible
from firnline.language.syntax import Content
from firnline.pipeline import compile_files
from firnline.workspace import NoPolicies, read_folder


def refuse_beside(texts: Mapping[str, str], to: Destination, where: Places, colour: str) -> None:
    """Shows what would be wrong with them that is not wrong now. Raises `CommandFailed`."""
    if not where.folder.policies:
        return
    try:
        files: dict[str, Content] = dict(read_folder(where.path))
    except NoPolicies:
        return
    new = {
        to.path(name) or f"{where.path}/{name}.yaml": text.encode() for name, text in texts.items()
    }
    # It does not know the new policies yet.
    for lock in where.folder.locks:
        files.pop(lock.digest.span.source.path, None)
    before = {_what(each) for each in _errors(files)}
    found = [each for each in _errors({**files, **new}) if _what(each) not in before]
    if found:
        say_diagnostics(found, colour, [where.path])
        raise CommandFailed(
            f"beside the policies in {visible(where.path)} they would not compile, so nothing was"
            " written: change those first, or leave buckets out with --bucket",
            code=1,
        )


def without_adopted(sources: Sources, where: Places) -> Iterator[ToImport]:
    """Those of which no policy takes over rules already; of the others a note says so."""
    for each in sources.wanted:
        bucket = each.bucket
        ids = {rule.id for rule in each.rules.rules}
        adopting = next(
            (
                policy
                for policy in where.folder.policies
                if policy.covers(bucket.account, bucket.name, bucket.region)
                and not ids.isdisjoint(said.value for said in policy.adopts)
            ),
            None,
        )
        if adopting is None:
            yield each
            continue
        path = visible(adopting.name.span.source.path)
        sources.notes.append(f"{visible(bucket.name)}: {path} adopts its rules already")


def _errors(files: Mapping[str, Content]) -> list[Diagnostic]:
    found = compile_files(files, with_remedies=False).diagnostics
    return [each for each in found if each.severity is Severity.ERROR]


def _what(found: Diagnostic) -> tuple[str, str]:
    return found.kind.code, found.message
