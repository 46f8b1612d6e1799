"""Which values of a planned resource are not known until the plan is applied, and which are new?

`planned_values` leaves them out; `after_unknown` of the resource's change has `true` in their place
(Terraform, "JSON output format", change representation).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from firnline.lint.unknown import Unknown
from firnline.s3.shape import Json

# Attributes that are unknown where they are not set, in some versions of the provider (schema of
# aws_s3_bucket_lifecycle_configuration: "Computed: true, // Because of Legacy value handling").
_COMPUTED: Final = frozenset(
    {
        "days",
        "expired_object_delete_marker",
        "newer_noncurrent_versions",
        "object_size_greater_than",
        "object_size_less_than",
        "prefix",
    }
)
HEADER: Final = "transition_default_minimum_object_size"
KNOWN_AFTER_APPLY: Final = Unknown("known only after `terraform apply`")


def unknown_by_address(data: Json) -> Mapping[str, Any]:
    """`after_unknown` of each resource."""
    return {address: change.get("after_unknown") for address, change in _changes(data)}


def created_by(data: Json) -> Iterator[str]:
    """The addresses of what is new."""
    return (address for address, change in _changes(data) if change.get("actions") == ["create"])


def without_computed(unknown: Any, written: Json) -> Any:
    """`after_unknown` of a lifecycle resource without what nobody set; `written` are the
    expressions of the configuration. Blocks that these lack may still come from `dynamic`.
    """
    if not isinstance(unknown, dict):
        return unknown
    if written and HEADER not in written:
        unknown = {name: inside for name, inside in unknown.items() if name != HEADER}
    rules, said = unknown.get("rule"), written.get("rule")
    if not isinstance(rules, list) or not isinstance(said, list) or len(rules) != len(said):
        return unknown
    known = [_without_computed(*each) for each in zip(rules, said, strict=True)]
    return {**unknown, "rule": known}


def with_unknown(values: Any, unknown: Any) -> Any:
    """The planned values, with `KNOWN_AFTER_APPLY` for those that are not known: Terraform leaves
    them out, or empty, or writes null where they are items of a list.
    """
    match unknown:
        case True:
            return values if values not in (None, [], {}) else KNOWN_AFTER_APPLY
        case dict():
            known = values if isinstance(values, dict) else {}
            both = {
                name: with_unknown(known.get(name), inside)
                for name, inside in unknown.items()
                if _leaves_open(inside)
            }
            return {**known, **both}
        case list() if isinstance(values, list) or _leaves_open(unknown):
            items = values if isinstance(values, list) else []
            longer = [*items, *[None] * (len(unknown) - len(items))]
            insides = [*unknown, *[False] * (len(longer) - len(unknown))]
            return [
                with_unknown(value, inside) for value, inside in zip(longer, insides, strict=True)
            ]
        case _:
            return values


def _changes(data: Json) -> Iterator[tuple[str, Json]]:
    """By the address of each resource."""
    changes = data.get("resource_changes")
    for each in changes if isinstance(changes, list) else ():
        change = each.get("change") if isinstance(each, dict) else None
        if isinstance(change, dict):
            yield str(each.get("address", "")), change


def _without_computed(unknown: Any, written: Any) -> Any:
    """Of several blocks of one name, which may be a set, any may set an attribute."""
    match unknown, written:
        case [*items], [*blocks]:
            objects = [each for each in blocks if isinstance(each, dict)]
            both = {name: inside for each in objects for name, inside in each.items()}
            return [_without_computed(each, both) for each in items]
        case dict(), dict():
            return {
                name: (inside is not True or name not in _COMPUTED or name in written)
                and _without_computed(inside, written.get(name))
                for name, inside in unknown.items()
            }
        case _:
            return unknown


def _leaves_open(unknown: Any) -> bool:
    """Whether anything in it is not known."""
    match unknown:
        case dict():
            return any(map(_leaves_open, unknown.values()))
        case list():
            return any(map(_leaves_open, unknown))
        case _:
            return unknown is True
