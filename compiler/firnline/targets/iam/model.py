"""The policies of IAM for the accounts of a fleet, and what a person should know of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from firnline.s3.shape import Json
from firnline.s3.terms import Partition
from firnline.targets.iam.limits import size_of
from firnline.targets.iam.needs import Need


class PolicyKind(Enum):
    """The value is its name for programs."""

    IDENTITY = "identity-policy"
    TRUST = "trust-policy"
    CONTROL = "service-control-policy"


class DocumentName(Enum):
    """The value is its name for programs, and for `--only`."""

    READ = "read"
    WRITE = "write"
    SWEEP = "sweep"
    RESTORE = "restore"
    TRUST = "trust"
    SCP = "scp"
    CALLER = "caller"


@dataclass(frozen=True, slots=True)
class Document:
    """One policy as AWS takes it; `limit` is the number of characters that it may have. An SCP of
    many buckets is in several parts, as is the policy of who calls many roles.
    """

    name: DocumentName
    kind: PolicyKind
    policy: Json
    limit: int
    needs: tuple[Need, ...] = ()
    notes: tuple[str, ...] = ()
    part: int = 0

    @property
    def size(self) -> int:
        return size_of(self.policy)

    @property
    def called(self) -> str:
        return f"{self.name.value}-{self.part}" if self.part else self.name.value


@dataclass(frozen=True, slots=True)
class AccountAccess:
    """`notes` say which documents there are not, and why."""

    label: str
    id: str
    partition: Partition
    role: str | None
    documents: tuple[Document, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FleetAccess:
    """`callers` are the policies of whoever assumes the roles; none where there are no roles."""

    accounts: tuple[AccountAccess, ...]
    callers: tuple[Document, ...]


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be printed. `callers` are ARNs of whoever assumes the roles; `inventories` are
    `s3://BUCKET/PREFIX`. `optional`: with the actions without which commands do less.
    """

    names: frozenset[DocumentName] = frozenset(DocumentName)
    callers: tuple[str, ...] = ()
    inventories: tuple[str, ...] = ()
    optional: bool = False
    patterns: bool = False
    labels: tuple[str, ...] = field(default=())
