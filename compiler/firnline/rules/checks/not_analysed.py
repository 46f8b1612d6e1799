"""Are there too many combinations of tags and sizes to check each one?"""

from __future__ import annotations

from collections.abc import Iterator

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.diagnostics.position import BucketPlace
from firnline.language.check import Check, Subject, Turn
from firnline.rules.program import Program
from firnline.rules.prove.meets import analyse_kept
from firnline.rules.prove.promised_cells import analyse_promises
from firnline.rules.prove.required import requirements
from firnline.s3.compare.cells import MOST_CELLS, NotAnalysed

_RETENTIONS = "\n".join(
    f"  r{n}: {{prefix: data/, tags: {{key-{n}: x}}, delete_after: 90d}}" for n in range(15)
)
NOT_ANALYSED = Kind(
    code="FL906",
    name="not-analysed",
    severity=Severity.ERROR,
    title="too many combinations of tags and sizes to prove anything",
    why=(
        "Rules are proved for every combination of the tags and sizes that policies name under a"
        f" prefix. Beyond {MOST_CELLS:,} of them Firnline proves nothing, and what is not proved is"
        " not compiled."
    ),
    help="divide the keys among prefixes, or use fewer tag keys under one of them",
    wrong=f"""\
retain:
{_RETENTIONS}
""",
    right="""\
retain:
  tagged: {prefix: data/, tags: {class: [scratch, tmp]}, delete_after: 90d}
""",
)


def not_analysed(bucket: str, prefix: str) -> Diagnostic:
    """Of a bucket, by its name."""
    where = f"`{prefix}`" if prefix else "the whole bucket"
    return NOT_ANALYSED.at(
        BucketPlace(bucket),
        f"more than {MOST_CELLS:,} combinations of tags and sizes under {where}",
    )


def check(program: Program) -> Iterator[Diagnostic]:
    try:
        requirements(program).analyse()
        analyse_promises(program)
        analyse_kept(program)
    except NotAnalysed as found:
        places = [(unit.scope.prefix, unit.span) for unit in program.units]
        promised = (said for promise in program.promises for said in promise.prefixes)
        places += [(said.value, said.span) for said in promised]
        kept = program.foreign.kept
        places += [(each.rule.filter.prefix, each.span) for each in kept if each.rule]
        span = next(span for prefix, span in places if prefix == found.prefix)
        where = f"`{found.prefix}`" if found.prefix else "the whole bucket"
        yield NOT_ANALYSED.at(
            span,
            f"more than {MOST_CELLS:,} combinations of tags and sizes under {where}",
        )


CHECK = Check(Subject.PROGRAM, check, (NOT_ANALYSED,), turn=Turn.FIRST)
