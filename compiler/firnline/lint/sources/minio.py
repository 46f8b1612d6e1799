"""What MinIO's `mc ilm rule export` and `ls --json` write → the configuration that it stands for.

It writes the structures of minio-go (pkg/lifecycle) as JSON: a zero value is one that is not set, a
rule has one transition, and a rule without a filter is for the whole bucket. It is no input for S3.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from firnline.diagnostics.position import Source, whole_file
from firnline.diagnostics.remedy import Advise
from firnline.language.data_tree import DataTree, Path
from firnline.lint.file_kinds import OTHER_PROGRAM
from firnline.lint.sources.meant import rules_as_meant
from firnline.lint.sources.parts import span_of
from firnline.lint.sources.s3_shape import configuration
from firnline.lint.written import Form, ReadFile

_ITS_OWN: Final = frozenset({"RuleFilter", "DelMarkerExpiration", "AllVersionsExpiration"})
_ITS_OWN_ENDS: Final = frozenset({"DeleteMarker", "DeleteAll"})
_ITS_OWN_IN_MOVES: Final = "RequestedDate"  # in guides to tiers of MinIO's; S3 has no such member
_NO_DATE: Final = "0001-01-01"
_S3_NAMES: Final[Mapping[str, str]] = {
    "RuleFilter": "Filter",
    "DeleteMarker": "ExpiredObjectDeleteMarker",
}
_TRANSITIONS: Final = ("Transition", "NoncurrentVersionTransition")
_BLOCKS: Final = frozenset(
    {"Expiration", "NoncurrentVersionExpiration", "AbortIncompleteMultipartUpload", *_TRANSITIONS}
)
_GET: Final = (
    "MinIO gives the rules as S3 spells them too: `aws s3api get-bucket-lifecycle-configuration"
    " --bucket NAME --endpoint-url https://YOUR-MINIO | firnline check -`"
)


def read(tree: DataTree, source: Source, form: Form) -> ReadFile | None:
    where: Path = ("Rules",)
    data = tree.data
    if isinstance(data, dict) and isinstance(data.get("config"), dict):
        data, where = data["config"], ("config", "Rules")  # `mc ilm rule ls --json`
    rules = data.get("Rules") if isinstance(data, dict) else None
    if not isinstance(rules, list) or not any(map(_is_minios, rules)):
        return None
    meant = rules_as_meant(
        [(_set_members(rule), (*where, number)) for number, rule in enumerate(rules)], where
    )
    written, said = configuration(tree, meant, (), source, form)
    message = "these are rules as MinIO's `mc` writes them; S3 and its clients do not read them"
    place = span_of(tree, where, key=True) or whole_file(source.path)
    found = OTHER_PROGRAM.at(place, message, remedy=Advise(_GET))
    # Its own names are no slips of a person's.
    return ReadFile((written,), (found, *(each for each in said if each.fix is None)))


def _is_minios(rule: Any) -> bool:
    if not isinstance(rule, dict):
        return False
    ends = rule.get("Expiration")
    dates = [each.get("Date") for each in rule.values() if isinstance(each, dict)]
    return (
        bool(_ITS_OWN & rule.keys())
        or (isinstance(ends, dict) and bool(_ITS_OWN_ENDS & ends.keys()))
        or any(str(each).startswith(_NO_DATE) for each in dates)
        or any(
            isinstance(move := rule.get(name), dict) and _ITS_OWN_IN_MOVES in move
            for name in _TRANSITIONS
        )
    )


def _set_members(rule: Any) -> Any:
    """Without what is not set."""
    if not isinstance(rule, dict):
        return rule
    found: dict[str, Any] = {}
    for name, value in rule.items():
        member: str = _S3_NAMES.get(name, name)
        if name in _BLOCKS and isinstance(value, dict):
            inside = {
                _S3_NAMES.get(key, key): each
                for key, each in value.items()
                if _is_set(each) and key != _ITS_OWN_IN_MOVES
            }
            if inside and not (name in _TRANSITIONS and "StorageClass" not in inside):
                found[member] = inside
        elif value not in ("", None):
            found[member] = value
    if not found.get("Filter") and "Prefix" not in found:
        found["Filter"] = {}
    return found


def _is_set(value: Any) -> bool:
    return value not in (0, "", None, False) and not str(value).startswith(_NO_DATE)
