"""docs/layouts.md, from the table of layouts: `make docs` writes it, a test compares it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from firnline.consumers.layout import READ, Layout
from firnline.consumers.table import LAYOUTS

FILE = Path(__file__).resolve().parent / "layouts.md"
_HEAD = """\
<!-- Written by `make docs` from compiler/firnline/consumers: edit that, not this page. -->
# Layouts of readers

A prefix may have a reader of which S3 knows nothing: a query engine that reads a table's log, a
`terraform plan` that reads a state. Lifecycle rules look at the age of an object and do not know
what still needs it. `firnline check` knows the layouts below, and warns before a rule

- archives in GLACIER or DEEP_ARCHIVE what a reader must read at any time
  ([FL630](diagnostics/FL630.md)),
- deletes by age what a reader cannot do without ([FL631](diagnostics/FL631.md)),
- takes all old versions of a state, which are its undo ([FL632](diagnostics/FL632.md)).

Without an inventory, it warns where the prefixes of policies or rules name a layout by themselves,
as `_delta_log/` does: a retention, a hold or a promise on a table's log tells that the table is
there, and a rule above or beside it is judged by that. `firnline diff` shows these too.
An Iceberg table has no such name:
[what only looks like one](#what-only-looks-like-an-iceberg-table).

With `firnline check --inventory`, it recognises layouts by the keys of the current objects, in one
scan, and says of each setting how many objects it takes, how many bytes, and when the first:

```sh
$ firnline check docs/examples/lake-rules.json --inventory docs/examples/lake.json --select FL630
docs/examples/lake.json shows 1 Iceberg table, 1 Terraform state, 1 Delta Lake table
warning[FL630]: a rule archives what a reader must read at any time
  --> docs/examples/lake-rules.json:11:14
   |
11 |      "Days": 90,
   |              ^^ this moves the transaction log and data files of the Delta Lake table
   |                 `lake/orders/` to GLACIER at 90d
   |
   = note: this takes 3 objects, 102MiB, the first is due since 2026-08-03, by
           docs/examples/lake.json of 2026-11-18 02:00Z
   = note: a reader fails on what is in GLACIER until it is restored
   = note: only the log tells which data files are live, so the whole table counts as such; files
           that a shallow clone shares, and data outside of the table's folder, are not known
   = help: move to a class that is read at once, such as STANDARD_IA, or leave that to its own
           cleaning: `VACUUM` deletes data files that no version needs (by default 7 days after
           their removal), and the log deletes its own entries at a checkpoint
           (`delta.logRetentionDuration`, by default 30 days)
…
```

It works on lifecycle files too, with the inventory of their one bucket. `firnline diff --inventory`
says the same of policies that a change changes, and which of it is new. The numbers are in JSON as
`layout` ([machine-readable forms](language/machine-readable.md)). They are warnings, and waived as
others are: `waivers: [{code: FL631, why: …, expires: …}]`.

"""
_LIMITS = """\
## What only looks like an Iceberg table

A prefix with `metadata/` may be a table's, or anything. What names alone tell:

- **As by keys** where a prefix goes on with the name of one of its files: `metadata/snap-1…`,
  `metadata/v3.metadata.json`, `metadata/version-hint.text`, `metadata/00012-` and a UUID.
- **A warning of `what looks like the Iceberg table`** where the path says more: `metadata/` in a
  folder of a `warehouse` or `lakehouse`, of a database such as `sales.db/`, or with `iceberg` in
  its path; `metadata/snap-`; or beside another prefix `data/` of the same folder. A rule above or
  beside it is judged by that too.
- **A note of `what may be the Iceberg table`** for any other `metadata/` below two folders, such as
  `lake/orders/metadata/`; only of rules for it alone.
- **Nothing** for `metadata/` itself or `photos/metadata/`, which are more often something else.

With an inventory its keys decide: it is an Iceberg table, and the warning has numbers, or nothing
is said. Without one, waive the code where it is no table. In JSON, `layout.evidence` is
`shown`, `likely` or `possible`.

## What is not known

- **Live data files.** Only the log of a table tells which of its data files are live. By keys they
  look like garbage that nobody has cleaned yet, so all below the table's folder counts as needed.
- **Data elsewhere.** A table may have data files outside of its folder, and a state may have a key
  without `.tfstate`: neither is recognised.
- **A summary** (`--summary`) has no keys, only the names of large folders. Most layouts are not
  recognised in one; take the inventory.
- **INTELLIGENT_TIERING** has archive tiers that a bucket switches on, not a lifecycle rule. A move
  to it is reported where an inventory lists an object in one of them (it needs the field
  `IntelligentTieringAccessTier`); elsewhere it counts as read at once.
- **Small objects.** S3 moves nothing under 128KiB unless a rule says so. A rule that could archive
  a layout is reported all the same, with the number that it takes now, which may be none.
- **More than 50,000 of one kind** in a bucket: those that most objects show are told, and numbers
  say `at least`.
- **An inventory with a prefix** (a filter in its configuration) shows only what is below that, and
  what it does not list counts as not there.
- **What another rule deletes first**, no later than it would be moved, is told as deleted alone.
- Deleted tables and states: what only old versions show is not recognised.
"""


def page() -> str:
    needed = [each for each in LAYOUTS if each.parts]
    others = [each for each in LAYOUTS if not each.parts]
    lines = [
        f"{_HEAD}## What a rule must leave alone",
        "",
        "| layout | shown by | what it needs | how it is cleaned instead |",
        "|---|---|---|---|",
        *(f"| {_name(each)} | {each.sign} | {_needs(each)} | {each.instead} |" for each in needed),
        "",
        "## What a rule may delete by age",
        "",
        "These are recognised, and no rule is reported.",
        "",
        "| layout | shown by | what may go | what keys do not tell |",
        "|---|---|---|---|",
        *(f"| {_name(each)} | {each.sign} | {each.by_age} | {each.untold} |" for each in others),
        "",
        _LIMITS,
        "## Sources",
        "",
        f"Read on {READ}, unless it says otherwise.",
        "",
        *_sources(LAYOUTS),
    ]
    return "\n".join(lines) + "\n"


def _name(layout: Layout) -> str:
    return layout.called.replace("folder of", "Folder of")


def _needs(layout: Layout) -> str:
    parts = [
        f"{each.called} ({', '.join(f'`{start}`' for start in each.prefixes)})"
        if each.prefixes != ("",)
        else each.called
        for each in layout.parts
        if each.called
    ]
    whole = "; ".join(parts)
    undo = ["its old versions, the newest at least"] if layout.undo else []
    return "; ".join([*([whole] if whole else ["the object"]), *undo])


def _sources(layouts: Iterable[Layout]) -> Iterator[str]:
    for layout in layouts:
        for source in layout.sources:
            when = "" if source.read == READ else f" (on {source.read})"
            yield f"- {_name(layout)}: {source.states}: <{source.url}>{when}"
