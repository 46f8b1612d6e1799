"""The examples of a kind: as files, as text, and what Firnline says about the wrong one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date

from firnline.diagnostics.kinds import Diagnostic, Example, Kind
from firnline.diagnostics.text import draw
from firnline.diagnostics.visible import visible
from firnline.inventory.checks.examples import FACTS, found_in_example
from firnline.inventory.checks.stored_examples import STORED, found_in_stored_example
from firnline.language.check import Known
from firnline.language.project import BadSettings, Project, owners_in, with_settings
from firnline.pipeline import Compilation, check_files
from firnline.reach.doomed.doomed import Covering, Met, entries_of, read
from firnline.reach.doomed.examples import REFERENCES, references_of
from firnline.reach.doomed.findings import findings
from firnline.reach.doomed.trusted import distrust
from firnline.reach.reference_file import read_whole
from firnline.rules.diff.items import compare
from firnline.rules.diff.owners import BucketConfig
from firnline.rules.diff.rules_of_others import with_rules_of_others
from firnline.rules.expected import failures
from firnline.rules.gates.examples import DELETED, DELETED_IN_WORDS, snapshots_of
from firnline.rules.gates.find import gated_items
from firnline.rules.gates.gate import Circumstances
from firnline.rules.gates.report import gate_diagnostics

DAY = date(2026, 11, 21)  # the day on which examples are checked
_PREAMBLE = {
    "firnline": "policy/v1",
    "policy": "example",
    "owner": "lab",
    "why": "what the lab leaves behind",
    "applies_to": "[{account: lab, buckets: lab-data}]",
    "versioning": "off",
}
_LAST = {
    "uploads": "{abort_after: 3d}"
}  # at the end, so that the line numbers of a fragment stay the same
_CODE_OWNERS = "CODEOWNERS"
_SETTINGS = "firnline.toml"
_MOST_LINES, _WIDEST_LINE = 30, 200  # some examples need a thousand entries
_COLUMNS = 88
WIDEST_SOURCE = 120  # pages scroll


def whole(fragment: str) -> str:
    """The fragment with the lines that every good policy has, where it lacks them."""
    if fragment.startswith("firnline:"):
        return fragment
    return f"{_unsaid(fragment, _PREAMBLE)}{fragment}\n{_unsaid(fragment, _LAST)}"


def _unsaid(fragment: str, lines: Mapping[str, str]) -> str:
    return "".join(f"{key}: {value}\n" for key, value in lines.items() if not _says(fragment, key))


def files_of(example: Example) -> dict[str, bytes]:
    texts = example if isinstance(example, Mapping) else {"policy.yaml": example}
    if isinstance(example, Mapping) and (snapshots := snapshots_of(example)):
        texts = snapshots[1]
    return {
        f"policies/{name}": (whole(text) if _is_yaml(name) else text).encode(
            "utf-8", "surrogateescape"
        )
        for name, text in texts.items()
        if name not in (_CODE_OWNERS, _SETTINGS, REFERENCES)
    }


def _is_yaml(name: str) -> bool:
    """Else it is a lifecycle file, which is complete already."""
    return not name.endswith((".json", ".xml"))


def project_of(example: Example) -> Project:
    """The project settings and code owners for an example."""
    files = example if isinstance(example, Mapping) else {}
    owners = files.get(_CODE_OWNERS)
    project = Project(code_owners=None if owners is None else owners_in(owners))
    if _SETTINGS not in files:
        return project
    try:
        return with_settings(project, files[_SETTINGS], _SETTINGS)
    except BadSettings:
        return project  # the example of the kind that says so: settings are judged before files


def shown(example: Example) -> Iterator[tuple[str | None, str]]:
    """Each text of an example, with its file's name if it has one; long ones are cut."""
    if isinstance(example, Mapping):
        yield from ((name, _cut(text)) for name, text in example.items())
    elif example:
        yield None, _cut(example)


def drawn(kind: Kind, columns: int = _COLUMNS, of_source: int = WIDEST_SOURCE) -> str:
    """What `firnline check` or `firnline test` says about the wrong example, or `firnline forecast`
    of such facts; empty where it needs something live.
    """
    compilation = check_files(files_of(kind.wrong), Known(project_of(kind.wrong), DAY))
    found = (
        found_between(kind, kind.wrong)
        or compilation.diagnostics
        or failures(compilation.folder.cases, compilation.buckets)
        or found_in_example(kind, compilation.buckets, DAY)
        or found_in_stored_example(kind, compilation.buckets, DAY, project_of(kind.wrong))
        or found_beside(kind.wrong, compilation)
    )
    first = next((diagnostic for diagnostic in found if diagnostic.kind is kind), None)
    if first is None:
        return ""
    return "\n".join(map(_narrow, draw(first, columns=columns, of_source=of_source).splitlines()))


def found_between(kind: Kind, example: Example) -> tuple[Diagnostic, ...]:
    """The gates between the two snapshots of an example of the kind, if it is of such."""
    snapshots = snapshots_of(example)
    if snapshots is None:
        return ()
    one, other = (
        {
            each.bucket.key: BucketConfig(
                each.rules,
                each.bucket.versioning,
                program=each.program,
                kept=each.kept,
                going=each.going,
            )
            for each in check_files(files_of(files), Known()).buckets
        }
        for files in snapshots
    )
    found = compare(with_rules_of_others(one, other), other)
    first_runs = {item.digest: DELETED[kind] for item in found.items if kind in DELETED}
    around = Circumstances("main", found, first_runs=first_runs)
    return gate_diagnostics(gated_items(around), found)


def found_beside(example: Example, compilation: Compilation) -> tuple[Diagnostic, ...]:
    """What rules do to what the references file of an example says is needed, if it has one."""
    lines = references_of(example)
    if lines is None:
        return ()
    met = Met(Covering(entries_of(compilation.buckets)))
    head, _ = read(read_whole(lines, REFERENCES), met.see)
    doubts = distrust(head, REFERENCES, compilation.folder.policies, DAY)
    return (*doubts, *findings(met.doomed, head.made, REFERENCES))


def facts_of(kind: Kind) -> str:
    """What is stored in its examples, where it needs such facts; empty elsewhere."""
    if kind in DELETED:
        return DELETED_IN_WORDS
    told = FACTS.get(kind) or STORED.get(kind)
    return told.in_words if told else ""


def _says(fragment: str, key: str) -> bool:
    return re.search(rf"^{key}:", fragment, re.MULTILINE) is not None


def _cut(text: str) -> str:
    lines = text.rstrip().split("\n")
    more = [f"… ({len(lines):,} lines)"] if len(lines) > _MOST_LINES else []
    return "\n".join([*(_narrow(_legible(line)) for line in lines[:_MOST_LINES]), *more])


def _legible(line: str) -> str:
    return visible(line.replace("\t", "\\t"))


def _narrow(line: str) -> str:
    if len(line) <= _WIDEST_LINE:
        return line
    return f"{line[: _WIDEST_LINE - 40]} … ({len(line):,} characters)"
