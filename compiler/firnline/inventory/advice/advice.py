"""Advice for a bucket: the policy that is proposed, and what it costs and saves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from firnline.inventory.advice.evidence import Evidence
from firnline.inventory.advice.proposed import Change, Proposed
from firnline.inventory.advice.timeline import Cleanup
from firnline.inventory.advice.worth import Worths
from firnline.inventory.forecast.cost import Usd
from firnline.inventory.forecast.forecast import Forecast
from firnline.s3.terms import Versioning


@dataclass(frozen=True, slots=True)
class Header:
    """What stands above the retentions. `owner` is None where nobody said it; `versioning` where
    nothing tells it.
    """

    name: str
    owner: str | None
    why: str
    account: str
    bucket: str
    versioning: Versioning | None


@dataclass(frozen=True, slots=True)
class Accepted:
    """A finding that is waived until a day, and why: the prefix is the place of it."""

    code: str
    prefix: str
    why: str
    expires: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A policy without its dollars. `names` are those of the retentions, by prefix; `small` says
    how many of its objects are too small to move, where some are.
    """

    header: Header
    proposed: Proposed
    names: Mapping[str, str]
    small: Mapping[str, int] = field(default_factory=dict)
    accepted: tuple[Accepted, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not self.proposed.prefixes and self.proposed.cleanup == Cleanup()


@dataclass(frozen=True, slots=True)
class EditedFile:
    path: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Advice:
    """`usd_a_month` is what a month costs of what is stored, as it is. Where policies cover the
    bucket, the draft is for what they leave out, to be the new file `path`, and `changes` are made
    in `files`. `notes` say what was not proposed.
    """

    draft: Draft
    path: str
    covered: bool
    changes: tuple[Change, ...]
    files: tuple[EditedFile, ...]
    usd_a_month: Usd
    worths: Worths
    forecast: Forecast
    evidence: Evidence
    notes: tuple[str, ...]
