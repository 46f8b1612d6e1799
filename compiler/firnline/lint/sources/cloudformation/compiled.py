"""What `firnline compile --out cloudformation` prints: by `account/region/bucket`, the property."""

from __future__ import annotations

from typing import Any, Final

from firnline.diagnostics.kinds import Diagnostic
from firnline.diagnostics.position import Source
from firnline.language.data_tree import DataTree
from firnline.lint import cloudformation_names as names
from firnline.lint.sources.cloudformation.written_property import Bucket, written_property
from firnline.lint.written import Form, ReadFile, Unconfigured, Written

_SLASHES: Final = 2
_S3_ALONE: Final = frozenset({"ID", "Filter", "Expiration"})
_ITS_OWN: Final = frozenset(names.RULE) - {
    "Status",
    "Prefix",
    "Transitions",
    "NoncurrentVersionTransitions",
    "NoncurrentVersionExpiration",
    "AbortIncompleteMultipartUpload",
}


def read(tree: DataTree, source: Source, _form: Form) -> ReadFile | None:
    """None where the data is something else, as what `--out s3-json` prints."""
    data = tree.data
    if not isinstance(data, dict) or not data or not all(map(_is_entry, data.items())):
        return None
    rules = [rule for value in data.values() for rule in value["Rules"]]
    if any(_S3_ALONE & rule.keys() for rule in rules) or not any(
        _ITS_OWN & rule.keys() for rule in rules
    ):
        return None
    written: list[Written] = []
    said: list[Diagnostic] = []
    for key, value in data.items():
        if value["Rules"]:
            bucket = Bucket(key, name=_bucket(key))
            configuration, faults = written_property(tree, source, bucket, value, (key,))
            written.append(configuration)
            said += faults
    unconfigured = tuple(
        Unconfigured(key, _bucket(key)) for key, value in data.items() if not value["Rules"]
    )
    return ReadFile(tuple(written), tuple(said), unconfigured)


def _is_entry(entry: tuple[Any, Any]) -> bool:
    key, value = entry
    rules = value.get("Rules") if isinstance(value, dict) else None
    return (
        isinstance(key, str)
        and key.count("/") == _SLASHES
        and isinstance(rules, list)
        and all(isinstance(rule, dict) for rule in rules)
    )


def _bucket(key: str) -> str:
    return key.rsplit("/", 1)[-1]
