"""Are the tables of S3's rules older than the project allows?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from firnline.diagnostics.how_many import how_many
from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.language.check import Check, Needs, Subject
from firnline.language.model import Folder
from firnline.language.project import Project
from firnline.s3.law.facts import AS_OF

_POLICY = "retain: {runs: {prefix: runs/, delete_after: 90d}}\n"

STALE_TABLES = Kind(
    code="FL903",
    name="stale-tables",
    severity=Severity.WARNING,
    title="the tables of S3's rules or prices are old",
    why=(
        "What S3 accepts, does and costs is in tables that come with Firnline; AWS changed what"
        " lifecycle rules may say eight times from 2016 to 2026. After a year one change is likely"
        " to be missing, so that a rule is refused or warned of that S3 takes by now, or the other"
        " way round. `[max_age] tables` in firnline.toml says from which age on it is reported."
    ),
    help="upgrade Firnline; `firnline prices update` reads newer prices",
    wrong={"policy.yaml": _POLICY, "firnline.toml": '[max_age]\ntables = "4w"\n'},
    right={"policy.yaml": _POLICY, "firnline.toml": '[max_age]\ntables = "2y"\n'},
)


def check(folder: Folder, project: Project, today: date) -> Iterator[Diagnostic]:
    age = (today - AS_OF).days
    if age > project.max_age.tables and folder.policies:
        first = min(folder.policies, key=lambda policy: policy.name.span.path)
        yield STALE_TABLES.at(
            first.name.span,
            f"the table of S3's rules is of {AS_OF}, {how_many(age, 'day')} old",
        )


CHECK = Check(Subject.FOLDER, check, (STALE_TABLES,), needs=(Needs.PROJECT, Needs.TODAY))
