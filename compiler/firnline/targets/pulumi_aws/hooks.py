"""The guard as hooks of one resource, which Pulumi calls before and after each write."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import pulumi

from firnline.diagnostics.kinds import Diagnostic, Severity
from firnline.diagnostics.text import to_text
from firnline.fleet.accounts import NoAccess
from firnline.fleet.live import Live
from firnline.fleet.questions import READ_OBJECT_LOCK, READ_VERSIONING
from firnline.s3.model import Rule, RuleSet
from firnline.s3.terms import Partition
from firnline.targets.pulumi_aws.all_or_none import WriteBlocked
from firnline.targets.pulumi_aws.claims import Claims
from firnline.targets.pulumi_aws.live_change import LiveChange
from firnline.targets.pulumi_aws.look import Look
from firnline.targets.pulumi_aws.proved_rules import ProvedRules, differs, may_change_yet
from firnline.targets.pulumi_aws.recorded import recorded_rules
from firnline.targets.pulumi_aws.run_gates import GatesOpen, RunGates
from firnline.targets.pulumi_aws.shared_look import SharedLook, in_thread
from firnline.targets.pulumi_aws.stack import digest
from firnline.targets.pulumi_aws.write import Write, write_of


class Refused(Exception):
    """The engine prints its text with only the hook's name around it."""


@dataclass(slots=True, eq=False)
class Guard:
    """The guard of one bucket: who owns which rules, how to read them, and what this run did.

    `retention` is the component's name; `name` is that of the resource in it, and unique in the
    program, as names of hooks must be.
    """

    retention: str
    name: str
    proved: ProvedRules
    known_foreign: tuple[Rule, ...]
    look: Look
    shared: SharedLook
    claims: Claims
    gates: RunGates
    applied_before: str | None = None
    """The digest of the rules that the last run applied, as far as it is recorded."""
    other_stack: str | None = None
    """Another one of the project that has the bucket in its state."""
    was_written: bool = False
    """Whether an earlier run wrote the rules, though it ended before it recorded that."""
    still_go: bool = field(default=False, init=False)
    """Whether rules of others are live that are to go, and this run does not write the bucket."""
    writes: bool = field(default=False, init=False)
    """Whether this run writes the bucket, or in a preview would."""
    allowed: Write | None = field(default=None, init=False)
    """What this run may write, or in a preview might."""
    written: Write | None = field(default=None, init=False)
    """What this run writes. It has arrived, and can be read back, once the resource has an ID."""

    @property
    def applied(self) -> str:
        """The digest of the rules that are applied after this run, once the resource is registered.

        `pulumi refresh` and `destroy` run the program too (`PULUMI_RUN_PROGRAM`): it declares the
        current rules, and none of them is written.
        """
        declared = digest(self.proved.rules)
        is_applied = self.writes or self.was_written
        return declared if is_applied else self.applied_before or declared

    def declare(self, bucket: pulumi.Input[str]) -> Iterator[Diagnostic]:
        """Registers the bucket with the program: now, or as soon as its name is known, which is
        before the resource that depends on it is registered.
        """
        if isinstance(bucket, str):
            self.shared.add(bucket, self.look)
            if twice := self.claim(bucket):
                yield twice
        else:
            pulumi.Output.all(bucket).apply(lambda known: self.claim(known[0]))

    def claim(self, bucket: str) -> Diagnostic | None:
        partition = Partition.of_region(self.look.access.region)
        return self.claims.claim(partition, bucket, self, self.retention)

    def hooks(self) -> pulumi.ResourceHookBinding:
        """No hooks after a write: on Ctrl-C the engine ends the program and then finishes the
        writes that it has begun, each of which would fail without a program to call. Besides, while
        such a hook runs the engine holds the lock of the resource's state, and so saves no state
        and ends no other step (pulumi/pkg v3.250, resource/deploy/step.go, `CreateStep.Apply`;
        resource/stack/deployment.go, `SerializeResource`).
        """
        before = pulumi.ResourceHook(
            f"guard of {self.name}", self._before, pulumi.ResourceHookOptions(on_dry_run=True)
        )
        return pulumi.ResourceHookBinding(before_create=[before], before_update=[before])

    async def differs(self, bucket: str) -> Diagnostic | None:
        """Whether the bucket differs from the state that its rules were proved for. Two reads must
        agree: the same program may have changed it a moment ago. Raises `NoAccess`.
        """
        found = await self._differs(bucket)
        if found:
            await asyncio.sleep(self.look.patience.over)
            found = await self._differs(bucket)
        return found

    def write_of(self, bucket: str, rules: RuleSet, written: RuleSet | None) -> Write:
        return write_of(
            self.proved,
            bucket,
            self.look.access.account_id,
            written,
            rules=rules,
            known_foreign=self.known_foreign,
            other_stack=self.other_stack,
        )

    async def _differs(self, bucket: str) -> Diagnostic | None:
        live = await in_thread(self.look.state, bucket)
        if live is None:
            return None
        found = differs(live, self.proved, bucket, self.look.access.account_id)
        if found and pulumi.runtime.is_dry_run() and may_change_yet(live, self.proved):
            pulumi.warn(f"\n{to_text([replace(found, severity=Severity.WARNING)])}")
            return None
        return found

    async def _before(self, args: pulumi.ResourceHookArgs) -> None:
        self.writes = True
        write = await self._write(args)
        if write is None:
            return
        if twice := self.claim(write.bucket):
            raise Refused(f"\n{to_text([twice])}")
        self.shared.add(write.bucket, self.look)
        preview = pulumi.runtime.is_dry_run()
        try:
            found = await self.shared.refusal(
                write,
                preview=preview,
                first=self.differs(write.bucket),
                last=partial(self._refuse_open, write),
            )
        except GatesOpen as error:
            so_far = "" if preview else f"\n{self.shared.written_before}"
            raise Refused(f"{error}{so_far}") from error
        except WriteBlocked as error:
            raise Refused(
                f"`{write.bucket}` is not written, because `{error.because_of}` was refused"
            ) from error
        except NoAccess as error:
            # Without reading a bucket's rules their owner is unknown: no reading, no writing.
            raise Refused(
                f"{_what(error)} of `{write.bucket}` cannot be read, so nothing is written\n"
                f"  account {error.account}: {error.permission}: {error.reason}"
            ) from error
        if found is not None:
            raise Refused(f"\n{to_text([found])}")
        self.allowed = write
        if not preview:
            self.written = write

    async def _refuse_open(self, write: Write, live: Live) -> None:
        """Raises `GatesOpen`."""
        rules = live.rules or RuleSet(())
        change = LiveChange(write, self.proved, self.look.access.region, rules)
        await self.gates.refuse_open(change, self.look)

    async def _write(self, args: pulumi.ResourceHookArgs) -> Write | None:
        """None while the bucket is not created yet and its name unknown: in a preview only."""
        inputs = args.new_inputs or {}
        bucket = await _known(inputs.get("bucket"))
        if bucket is None:
            if pulumi.runtime.is_dry_run():
                return None
            raise Refused("the bucket's name is unknown, so its live rules cannot be read")
        written = recorded_rules(args.old_inputs) if args.old_inputs else None
        return self.write_of(bucket, recorded_rules(inputs), written)


async def _known(value: Any) -> str | None:
    """A property of a hook: plain, an Output where it is secret, or not known yet."""
    if isinstance(value, pulumi.Output):
        value = await value.future()
    return value if isinstance(value, str) else None


def _what(error: NoAccess) -> str:
    names = {READ_VERSIONING: "the versioning", READ_OBJECT_LOCK: "the Object Lock configuration"}
    return names.get(error.permission, "the live rules")
