"""Does the first run of the new rules delete more at once than the project allows?"""

from __future__ import annotations

from decimal import Decimal

from firnline.diagnostics.kinds import Kind, Severity
from firnline.rules.gates.gate import Circumstances, FirstRun, Gate
from firnline.s3.terms import Bytes

_WHOLE = """\
firnline: policy/v1
policy: models
owner: ml
why: models that nobody uses any more
applies_to: [{{account: lab, buckets: lab-models}}]
versioning: enabled
old_versions: {{delete_after: 30d}}
uploads: {{abort_after: 7d}}
retain:
  candidates: {{prefix: models/rc/, delete_after: {days}}}
"""

FIRST_RUN = Kind(
    code="FL402",
    name="first-run-over-the-limit",
    severity=Severity.GATE,
    title="the first run may delete more at once than the limit",
    why=(
        "A rule acts on everything that is old enough already. `max_first_run_delete` in"
        " firnline.toml, by default 10%, is the part of what is stored where a change applies that"
        " its first run may delete. Without an inventory nobody knows how much that is, so the"
        " gate is open: an approval with `deletes_up_to` says how much may go."
    ),
    help="step down in stages, or have as many bytes approved as may go: `firnline approve`",
    wrong={
        "before/models.yaml": _WHOLE.format(days="180d"),
        "after/models.yaml": _WHOLE.format(days="18d"),
    },
    right={
        "before/models.yaml": _WHOLE.format(days="18d"),
        "after/models.yaml": _WHOLE.format(days="180d"),
    },
)
UNKNOWN = (
    "no inventory: how much the first run deletes is not known, so FL402 cannot be checked and is"
    " open: an inventory decides it, or an approval with `deletes_up_to`"
)


def gate(first_run: FirstRun | None, around: Circumstances) -> Gate | None:
    """Of an item that deletes something sooner than before, or for the first time."""
    if first_run is None:
        return Gate(FIRST_RUN, "how much the first run deletes is not known", (UNKNOWN,), True)
    limit = around.settings.max_first_run_delete
    if Decimal(first_run.most) <= limit * first_run.scope:
        return None
    return Gate(
        FIRST_RUN,
        f"the first run deletes {_bytes(first_run)} of {Bytes(first_run.scope).rounded}"
        f"{_percent(first_run)}; the limit is {_in_percent(limit)}",
    )


def _bytes(first_run: FirstRun) -> str:
    least, most = (Bytes(each).rounded for each in (first_run.least, first_run.most))
    return most if least == most else f"{least} to {most}"


def _percent(first_run: FirstRun) -> str:
    if not first_run.scope:
        return ""
    least, most = (
        _in_percent(Decimal(each) / first_run.scope) for each in (first_run.least, first_run.most)
    )
    return f", {most}" if least == most else f", {least} to {most}"


def _in_percent(part: Decimal) -> str:
    percent = (part * 100).quantize(Decimal("0.1"))
    return f"{percent.normalize():f} %"
