"""The kinds for what a layout loses: read at once no more, gone, or without an undo."""

from __future__ import annotations

from typing import Final

from firnline.diagnostics.kinds import Kind, Severity

_TOLD: Final = (
    " It is found by the prefixes of policies and rules where they name it, such as `_delta_log/`,"
    " and by the keys of what is stored with `--inventory`, which also tells how many objects, and"
    " the first day. A prefix such as `warehouse/sales/orders/metadata/` only looks like an Iceberg"
    " table: the message says so, and an inventory decides it."
)

LAYOUT_ARCHIVED = Kind(
    code="FL630",
    name="layout-archived",
    severity=Severity.WARNING,
    title="a rule archives what a reader must read at any time",
    why=(
        "The readers of a Delta Lake, Iceberg or Hudi table, of a Terraform state, of a snapshot"
        " repository or of a backup archive read old objects together with new ones, and fail where"
        " one must be restored first: GLACIER and DEEP_ARCHIVE take minutes to days. From"
        f" GLACIER_IR they read at once.{_TOLD}"
    ),
    help=(
        "drop the transition, move to a class that can be read at once, such as GLACIER_IR, or"
        " leave the layout out of the prefix"
    ),
    wrong=(
        "retain: {orders: {prefix: lake/orders/_delta_log/, archive_after: 90d, delete_after:"
        " never}}"
    ),
    right=(
        "retain: {orders: {prefix: lake/orders/_delta_log/, cold_after: 90d, delete_after: never}}"
    ),
)

LAYOUT_DELETED = Kind(
    code="FL631",
    name="layout-deleted",
    severity=Severity.WARNING,
    title="a rule deletes by age what a reader cannot do without",
    why=(
        "The readers of a Delta Lake, Iceberg or Hudi table, of a Terraform state, of a snapshot"
        " repository or of a backup archive need objects of any age: only they know which, and they"
        f" have their own cleaning. A rule that deletes by age breaks them.{_TOLD}"
    ),
    help="keep the objects, and let the layout's own cleaning delete what nothing needs",
    wrong="retain: {orders: {prefix: lake/orders/_delta_log/, delete_after: 90d}}",
    right="retain: {orders: {prefix: lake/orders/_delta_log/, delete_after: never}}",
)

UNDO_LOST = Kind(
    code="FL632",
    name="undo-lost",
    severity=Severity.WARNING,
    title="a rule takes all old versions from which a state is recovered",
    why=(
        "A Terraform state that was overwritten or deleted by mistake is recovered from an old"
        " version: HashiCorp recommends versioning for that. Where the newest old versions end by"
        " age too, a mistake that is noticed later cannot be undone, and one that is archived must"
        f" be restored first.{_TOLD}"
    ),
    help="add `keep_newest`, so that the newest old versions stay",
    wrong=(
        "versioning: enabled\n"
        'retain: {states: {prefix: "env:/", delete_after: never,'
        " old_versions: {delete_after: 90d}}}"
    ),
    right=(
        "versioning: enabled\n"
        'retain: {states: {prefix: "env:/", delete_after: never,'
        " old_versions: {keep_newest: 10, delete_after: 90d}}}"
    ),
)

KINDS: Final = (LAYOUT_ARCHIVED, LAYOUT_DELETED, UNDO_LOST)
