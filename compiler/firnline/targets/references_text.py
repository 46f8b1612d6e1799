"""What registries answered, for a screen: complete or why not, counts, the first references."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from firnline.diagnostics.how_many import how_many
from firnline.diagnostics.shortened import shortened
from firnline.diagnostics.visible import visible
from firnline.reach.references import Reference, Strength
from firnline.reach.source import Certificate
from firnline.reach.tally import Tally

_LONGEST = 400
_REMARKS = 10


def references_text(tallies: Iterable[Tally], *, examples: bool = True) -> str:
    return "\n".join(line for tally in tallies for line in _registry(tally, examples))


def _registry(tally: Tally, examples: bool) -> Iterator[str]:
    certificate = tally.certificate
    assert certificate is not None  # each registry ends with one
    state = "complete" if certificate.is_complete else "NOT COMPLETE"
    yield f"{visible(tally.name)} ({tally.kind}): {state}"
    yield f"  {_read(certificate)}"
    yield from (f"  ! {_clean(problem)}" for problem in _problems(certificate))
    yield f"  {_counted(tally)}"
    yield from (f"  note: {_clean(each)}" for each in certificate.notes)
    yield from (f"  note: {_clean(str(each))}" for each in tally.remarks[:_REMARKS])
    if (unsaid := len(tally.remarks) - _REMARKS) > 0:
        yield f"  and {how_many(unsaid, 'more note')}"
    if examples:
        yield from _examples(tally)
    yield ""


def _examples(tally: Tally) -> Iterator[str]:
    for reference in tally.first:
        yield f"    {_reference(reference)}"
    if (more := tally.references - len(tally.first)) > 0:
        yield f"    and {more:,} more"


def _read(certificate: Certificate) -> str:
    read = f"{how_many(certificate.count, 'record')} in {how_many(certificate.pages, 'page')}"
    if certificate.independent_count is not None:
        by = f" by {certificate.counted_by}" if certificate.counted_by else ""
        read += f"; {certificate.independent_count:,} counted{by}"
    return f"{_clean(read)}; read {certificate.ended:%Y-%m-%d %H:%M:%S} UTC"


def _problems(certificate: Certificate) -> tuple[str, ...]:
    if certificate.problems or certificate.is_complete:
        return certificate.problems
    if certificate.independent_count is None:
        return (
            "nothing counts its records but the reading itself, so that it serves for reports"
            " alone: give it a count of its own",
        )
    return ("what was read and what was counted differ: it changed meanwhile, read it again",)


def _counted(tally: Tally) -> str:
    said = [
        f"{tally.by_strength[strength]:,} {strength}"
        for strength in sorted(Strength, reverse=True)
        if tally.by_strength[strength]
    ]
    parts = [how_many(tally.references, "reference") + (f" ({', '.join(said)})" if said else "")]
    if tally.unneeded:
        reasons = ", ".join(f"{count:,} {why}" for why, count in tally.unneeded.most_common())
        parts.append(f"{tally.unneeded.total():,} no longer needed ({reasons})")
    if tally.roots:
        parts.append(how_many(tally.roots, "root folder"))
    return ", ".join(parts)


def _reference(reference: Reference) -> str:
    because = " ← ".join(reference.because)
    return _clean(f"{reference.strength} {reference.location} ← {because}")


def _clean(text: str) -> str:
    return visible(shortened(text, _LONGEST))
