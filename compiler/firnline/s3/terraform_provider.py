"""What does Terraform's AWS provider send to S3 for the blocks of its lifecycle resource?

One row for each generation of the provider that sends something else. All of them were read in
hashicorp/terraform-provider-aws below internal/service/s3/; `source` says in which file and at
which version. Pulumi's AWS provider is a bridge to the same code: 5.x to 4.x, 6.x to 5.x, 7.x to
6.x (Pulumi Registry, AWS, "6.0 Migration Guide" and "7.0 Migration Guide"; release notes of 5.0.0).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import Enum
from typing import Final

from firnline.s3.model import Filter, Rule, RuleSet
from firnline.s3.shape import Json
from firnline.s3.terms import Days

RESERVED_TAGS: Final = "aws:"
"""Every generation drops tags of AWS from `and` (`IgnoreAWS` of internal/tags)."""

Version = tuple[int, ...]


class Several(Enum):
    """What is sent of a filter with several predicates beside each other, without `and`."""

    ALL = "all"
    LAST = "the last of and, object_size_greater_than, object_size_less_than, tag"


@dataclass(frozen=True, slots=True)
class Sends:
    """What one generation sends, where it is not simply what the block says.

    It may be what runs from version `first` up to, not including, `end`.
    """

    generation: str
    first: Version
    end: Version
    source: str
    no_scope: Json
    """The Filter for a rule with neither a `filter` block nor a prefix."""
    empty_filter: Json | None
    """The Filter for `filter {}`; None where that counts as no block."""
    several: Several
    prefix_beside_filter: bool
    """Whether a rule's own prefix goes along with a Filter."""
    unset_lower_bound: int | None
    """What `object_size_greater_than` of an `and` is sent as on creation, where it is not set."""
    sends_zeros: bool
    """Whether a 0 that S3 refuses is sent: `abort_incomplete_multipart_upload` after 0 days, an
    `object_size_less_than` of 0. Else the block or member is left out."""


PLUGIN_SDK_AND_SDK_1: Final = Sends(
    generation="Terraform Plugin SDK, AWS SDK v1",
    first=(4, 0, 0),
    end=(5, 86, 0),
    source="flex.go of 4.x and of early 5.x: ExpandLifecycleRules and what it calls",
    no_scope={"Prefix": ""},
    empty_filter={},
    several=Several.ALL,
    prefix_beside_filter=False,
    unset_lower_bound=None,
    sends_zeros=False,
)
PLUGIN_SDK_AND_SDK_2: Final = Sends(
    generation="Terraform Plugin SDK, AWS SDK v2",
    first=(5, 0, 0),
    end=(5, 86, 0),
    source="bucket_lifecycle_configuration.go of 5.x before 5.86: expandLifecycleRules and what it"
    " calls",
    no_scope={"Prefix": ""},
    empty_filter=None,
    several=Several.LAST,
    prefix_beside_filter=False,
    unset_lower_bound=None,
    sends_zeros=False,
)
FRAMEWORK: Final = Sends(
    generation="Terraform Plugin Framework",
    first=(5, 86, 0),
    end=(1_000,),
    source="bucket_lifecycle_configuration.go at 01606926 (6.x) and before it: the Expand methods,"
    " and the plan modifiers that run before them; from 5.86 on (#41159, #41296)",
    no_scope={},
    empty_filter={"Prefix": ""},
    several=Several.ALL,
    prefix_beside_filter=True,
    unset_lower_bound=0,
    sends_zeros=True,
)
GENERATIONS: Final = (PLUGIN_SDK_AND_SDK_1, PLUGIN_SDK_AND_SDK_2, FRAMEWORK)

# An expiration without days, date and marker is sent as one with the marker set to false (the
# framework's lifecycleExpirationModel.Expand) or as an empty element (the SDK's
# expandLifecycleExpiration). S3 takes either, and nothing expires: the provider's acceptance tests
# TestAccS3BucketLifecycleConfiguration_RuleExpiration_emptyBlock and
# …_frameworkMigration_RuleExpiration_emptyBlock, which are run against AWS.
EMPTY_EXPIRATION: Final[Json] = {"ExpiredObjectDeleteMarker": False}

_SCHEMA: Final = {0: (PLUGIN_SDK_AND_SDK_1, PLUGIN_SDK_AND_SDK_2), 1: (FRAMEWORK,)}
_CLAUSE: Final = re.compile(r"(~>|>=|<=|!=|=|>|<)?\s*v?(\d+(?:\.\d+)*)")
_FIRST: Final = (0,)
_LAST: Final = (1_000,)


def as_sent(rules: RuleSet) -> RuleSet:
    """The configuration that arrives at S3 when these rules are given to the newest provider."""
    return replace(rules, rules=tuple(_rule(rule) for rule in rules.rules))


def generations(schema_version: object, constraint: str | None) -> tuple[Sends, ...]:
    """Those that may be what runs: by the version of the resource's schema, which 5.86 raised to 1,
    and by the constraint on the provider.
    """
    known = _SCHEMA.get(schema_version) if isinstance(schema_version, int) else None
    ranges = [_range(*each) for each in _CLAUSE.findall(constraint or "")]
    low = max((each for each, _ in ranges), default=_FIRST)
    end = min((each for _, each in ranges), default=_LAST)
    allowed = [each for each in GENERATIONS if max(low, each.first) < min(end, each.end)]
    both = [each for each in allowed if known is None or each in known]
    return tuple(both or allowed) or known or GENERATIONS


def _range(operator: str, written: str) -> tuple[Version, Version]:
    """From which version, and up to but not including which, a clause allows them (Terraform,
    "Version constraints").
    """
    parts = tuple(map(int, written.split(".")))
    version = (*parts, 0, 0)[: max(3, len(parts))]
    after = (*version[:-1], version[-1] + 1)
    match operator:
        case "~>":
            # `~> 4` allows 4.x, as `~> 4.0` does (apparentlymart/go-versions, ruby_style.go).
            return version, (*parts[:-2], parts[-2] + 1) if len(parts) > 1 else (parts[0] + 1,)
        case ">=" | ">":
            return version, _LAST
        case "<":
            return _FIRST, version
        case "<=":
            return _FIRST, after
        case "!=":
            return _FIRST, _LAST
        case _:
            return version, after


def _rule(rule: Rule) -> Rule:
    # ZeroInt32AsNull: an expiration after 0 days is sent without days, and then does nothing.
    expires = None if rule.expires == Days(0) else rule.expires
    return replace(rule, filter=_filter(rule.filter), expires=expires)


def _filter(filter: Filter) -> Filter:
    if not filter.joined:
        return filter
    # LegacyValue: 0 where the bound is new, and nothing on an update that finds one in the state.
    # A value that depends on the state counts as 0 here; an explicit bound is sent unchanged.
    unset = FRAMEWORK.unset_lower_bound
    larger_than = filter.larger_than if filter.larger_than is not None else unset
    own = tuple((key, value) for key, value in filter.tags if not key.startswith(RESERVED_TAGS))
    return replace(filter, larger_than=larger_than, tags=own)
