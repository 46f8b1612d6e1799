"""The project that is rolled out: all that its files say, or why nothing can be deployed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from firnline.diagnostics.kinds import Diagnostic, has_errors
from firnline.language.check import Known
from firnline.language.fleet import Fleet
from firnline.pipeline import Compilation, compile_files
from firnline.rollout.stacks import check_one_each
from firnline.rules.bucket_rules import BucketRules
from firnline.rules.checks.sent_otherwise import check_as_sent
from firnline.rules.coverage import locked_buckets, namespace_of
from firnline.rules.program import Bucket
from firnline.targets.pulumi_aws.agreed import NOTHING_AGREED, Agreed, agreed_in, without_gates
from firnline.targets.pulumi_aws.stack import check_files
from firnline.targets.pulumi_aws.stack_files import StackFile, project_world, stack_files
from firnline.targets.pulumi_aws.world import AWS, SANDBOX, Endpoint, endpoints, judge_world
from firnline.workspace import project_around, read_folder

_ANY_REGION: Final = "us-east-1"
"""The endpoint of each region is one of AWS, or none is."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """`found` has errors where nothing can be deployed; then there are no buckets. `stack_files`
    are those of the project's own world, `taken` the names of stacks of every world;
    `locked` are all buckets of the lock, whether a policy covers them or not.
    """

    found: tuple[Diagnostic, ...]
    fleet: Fleet | None = None
    buckets: tuple[BucketRules, ...] = ()
    agreed: Agreed = NOTHING_AGREED
    stack_files: tuple[StackFile, ...] = ()
    world: str = ""
    taken: frozenset[str] = frozenset()
    locked: tuple[Bucket, ...] = ()
    namespace: str = ""

    @property
    def failed(self) -> bool:
        return has_errors(self.found)


def compiled(project: Path, folder: str) -> Compiled:
    """Raises `NoPolicies`, `BadSettings`, `BucketNotAnalysed`."""
    settings = project_around([folder])
    compilation = compile_files(read_folder(folder), Known(settings))
    every, around = stack_files(project), endpoints(_ANY_REGION)
    world = _world_of(project_world(project), every, around)
    files = tuple(each for each in every if each.world == world)
    mixed = judge_world(world, around, next((each.stack for each in files), "STACK"))
    found = tuple(_found(compilation, files)) + ((mixed,) if mixed else ())
    if has_errors(found):
        return Compiled(found)
    agreed = agreed_in(compilation.folder, settings, compilation.diagnostics, compilation.buckets)
    fleet = compilation.folder.fleet
    taken = frozenset(each.stack for each in every)
    return Compiled(
        found,
        fleet,
        compilation.buckets,
        agreed,
        files,
        world,
        taken,
        tuple(locked_buckets(compilation.folder)),
        namespace_of(compilation.folder),
    )


def _world_of(said: str | None, files: Iterable[StackFile], around: Iterable[Endpoint]) -> str:
    """That of the project or of its stacks; else the one that the shell points at."""
    shell = AWS if any(each.is_aws for each in around) else SANDBOX
    worlds = {each.world for each in files} or {shell}
    return said or (shell if shell in worlds else min(worlds))


def _found(compilation: Compilation, files: tuple[StackFile, ...]) -> Iterator[Diagnostic]:
    yield from without_gates(compilation.diagnostics)
    yield from check_files(compilation.folder)
    if compilation.folder.fleet is not None:
        yield from check_one_each(compilation.folder.fleet.accounts, files)
    for each in compilation.buckets:
        yield from check_as_sent(each.rules, each.bucket.name, each.kept)
