"""The guard as hooks of one resource, which Pulumi calls before and after each write."""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import pulumi

from firnline.diagnostics.kinds import Diagnostic
from firnline.diagnostics.text import to_text
from firnline.fleet.accounts import NoAccess
from firnline.rules.ir import Rule
from firnline.targets.pulumi_aws.guard import Write
from firnline.targets.pulumi_aws.look import Look
from firnline.targets.pulumi_aws.recorded import recorded_rules
from firnline.targets.pulumi_aws.shared_look import SharedLook, in_thread


class Refused(Exception):
    """The engine prints its text, and around it nothing but the hook's name."""


@dataclass(frozen=True, slots=True)
class Guard:
    """Whose rules are whose on one bucket, and how to look."""

    look: Look
    namespace: str
    known_foreign: tuple[Rule, ...]
    shared: SharedLook

    def hooks(self, name: str, bucket: pulumi.Input[str]) -> pulumi.ResourceHookBinding:
        """`name` is unique in the program, as names of hooks have to be."""
        if isinstance(bucket, str):
            self.shared.add(bucket, self.look)
        before = pulumi.ResourceHook(
            f"guard of {name}", self._before, pulumi.ResourceHookOptions(on_dry_run=True)
        )
        after = pulumi.ResourceHook(f"reading back {name}", self._after)
        return pulumi.ResourceHookBinding(
            before_create=[before],
            before_update=[before],
            after_create=[after],
            after_update=[after],
        )

    async def _before(self, args: pulumi.ResourceHookArgs) -> None:
        write = await self._write(args)
        if write is not None:
            self.shared.add(write.bucket, self.look)
            preview = pulumi.runtime.is_dry_run()
            await _stop_on(self.shared.refusal(write, preview=preview), write)

    async def _after(self, args: pulumi.ResourceHookArgs) -> None:
        write = await self._write(args)
        assert write is not None, "after a write the bucket's name is known"
        accepted = self.shared.accepted(write.bucket)
        await _stop_on(in_thread(self.look.read_back, write, accepted), write)

    async def _write(self, args: pulumi.ResourceHookArgs) -> Write | None:
        """None while the bucket is yet to be made and its name unknown: in a preview only."""
        inputs = args.new_inputs or {}
        bucket = await _known(inputs.get("bucket"))
        if bucket is None:
            if pulumi.runtime.is_dry_run():
                return None
            raise Refused("the bucket's name is unknown, so its live rules cannot be read")
        return Write(
            bucket=bucket,
            account_id=self.look.access.account_id,
            namespace=self.namespace,
            rules=recorded_rules(inputs),
            written=recorded_rules(args.old_inputs) if args.old_inputs else None,
            known_foreign=self.known_foreign,
        )


async def _known(value: Any) -> str | None:
    """A property of a hook: plain, an Output where it is secret, or not known yet."""
    if isinstance(value, pulumi.Output):
        value = await value.future()
    return value if isinstance(value, str) else None


async def _stop_on(trouble: Awaitable[Diagnostic | None], write: Write) -> None:
    try:
        found = await trouble
    except NoAccess as error:
        # Who cannot see a bucket's rules cannot know whose they are: no reading, no writing.
        raise Refused(
            f"the live rules of `{write.bucket}` cannot be read, so nothing is written\n"
            f"  account {error.account}: {error.permission}: {error.reason}"
        ) from error
    if found is not None:
        raise Refused(f"\n{to_text([found])}")


def shared_look() -> SharedLook:
    """The one of the running program. A process may run several, and each run of the Automation API
    is one more: each has a root resource of its own. Without one (mocks), nothing is shared."""
    root = pulumi.runtime.get_root_resource()
    if root is None:
        return SharedLook()
    return _shared_looks.setdefault(root, SharedLook())


_shared_looks: WeakKeyDictionary[pulumi.Resource, SharedLook] = WeakKeyDictionary()
