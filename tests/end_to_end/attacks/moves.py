"""What people, teams and bad luck do to a stack: each move is a bit of that, random in details."""

from __future__ import annotations

import random
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count

from sandbox.world.accounts import BUCKETS
from tests.end_to_end.attacks.killing import free_the_stack, kill_up
from tests.end_to_end.attacks.witness import Witness
from tests.end_to_end.outside import watched
from tests.end_to_end.stack import Aws, Project

READ = "GetBucketLifecycleConfiguration"
# With the read right before a write there are four; whoever gets four old answers is deceived, and
# the docs say so.
MOST_STALE_ANSWERS = 3
LABELLED = ("fleet", "ci-scratch", "ml-artifacts", "research", "training-logs", "uploads")


@dataclass
class Attack:
    """One project under attack. `told` are the moves so far, for whoever reads a failure."""

    witness: Witness
    chance: random.Random
    told: list[str] = field(default_factory=list)
    _numbers: count[int] = field(default_factory=lambda: count(1))

    @property
    def project(self) -> Project:
        return self.witness.project

    @property
    def aws(self) -> Aws:
        return self.project.aws

    def bucket(self) -> str:
        return self.chance.choice(BUCKETS).name

    def number(self) -> int:
        """Another one each time."""
        return next(self._numbers)

    def up(self) -> None:
        """In one of the ways in which people call it."""
        words = self.chance.choice([(), ("--skip-preview",), ("--skip-preview", "--parallel", "1")])
        self.witness.up(*words)

    def policy(self, name: str) -> str:
        return (self.project.folder / f"policies/{name}.yaml").read_text(encoding="utf-8")

    def write_policy(self, name: str, text: str) -> None:
        (self.project.folder / f"policies/{name}.yaml").write_text(text, encoding="utf-8")

    def change(self, name: str, pattern: str, by: str | Callable[[re.Match[str]], str]) -> None:
        """Every match; there may be none, where an earlier move took it away."""
        self.write_policy(name, re.sub(pattern, by, self.policy(name), flags=re.M))


Move = Callable[[Attack], None]


def edit_numbers(attack: Attack) -> None:
    """Of every bucket: whatever an earlier move did, now it is about to be written."""
    days = 100 + attack.number()
    attack.change("uploads", r"abort_after: \d+d", f"abort_after: {days}d")
    attack.change("research", r"abort_after: \d+d", f"abort_after: {days}d")
    attack.up()


def rename_a_policy(attack: Attack) -> None:
    name = attack.chance.choice(["ml-artifacts", "research", "uploads"])
    attack.change(name, r"^policy: \S+", f"policy: renamed-{attack.number()}")
    attack.up()


def rename_retentions(attack: Attack) -> None:
    name = attack.chance.choice(["ml-artifacts", "research", "ci-scratch"])
    attack.change(name, r"^  checkpoints\S*:", f"  checkpoints-{attack.number()}:")
    attack.up()


def rename_an_account(attack: Attack) -> None:
    """The label: a person's word for an account, which the id of the account outlives."""
    label = f"staging-{attack.number()}"
    for name in LABELLED:
        attack.change(name, r"\b(ml-staging|staging-\d+)\b", label)
    config = attack.project.folder / "Pulumi.sandbox.yaml"
    text = config.read_text(encoding="utf-8")
    config.write_text(re.sub(r"\b(ml-staging|staging-\d+)\b", label, text), encoding="utf-8")
    attack.up()


def split_a_policy(attack: Attack) -> None:
    """One retention goes to a file of its own."""
    head, found, tail = attack.policy("training-logs").partition("\n  audit:\n")
    if found:
        attack.write_policy("training-logs", f"{head}\n")
        applies = "applies_to: [{account: ml-prod, buckets: [acme-training-logs-use1]}]"
        preamble = "firnline: policy/v1\npolicy: kept-logs\nowner: audit\nwhy: kept for good\n"
        attack.write_policy("kept-logs", f"{preamble}{applies}\nretain:\n  audit:\n{tail}")
    attack.up()


def reorder_regions(attack: Attack) -> None:
    """The first region is that of the account's provider."""
    attack.change("fleet", r"regions: \[(\S+), (\S+)\]", r"regions: [\2, \1]")
    attack.project.run("firnline", "resolve")
    attack.up()


def give_up_a_region_and_take_it_again(attack: Attack) -> None:
    before = attack.policy("fleet")
    attack.change("fleet", r"regions: \[.*\]", "regions: [us-east-1]")
    attack.witness.saw(attack.project.run("firnline", "resolve"))
    attack.up()
    attack.write_policy("fleet", before)
    attack.witness.saw(attack.project.run("firnline", "resolve"))
    attack.up()


def give_up_an_account_and_take_it_again(attack: Attack) -> None:
    before = {name: attack.policy(name) for name in LABELLED}
    attack.change("fleet", r"^  research:\n(    .*\n)+", "")
    attack.change("uploads", r"^  - \{account: research.*\n", "")
    (attack.project.folder / "policies/research.yaml").unlink()
    config = attack.project.folder / "Pulumi.sandbox.yaml"
    configured = config.read_text(encoding="utf-8")
    config.write_text(configured.replace(", research]", "]"), encoding="utf-8")
    attack.witness.saw(attack.project.run("firnline", "resolve"))
    attack.up()
    for name, text in before.items():
        attack.write_policy(name, text)
    config.write_text(configured, encoding="utf-8")
    attack.witness.saw(attack.project.run("firnline", "resolve"))
    attack.up()


def leave_a_bucket_and_take_it_again(attack: Attack) -> None:
    before = attack.policy("uploads"), attack.policy("ci-scratch")
    attack.change("uploads", r"buckets: \"\*\"\}$", 'buckets: ["*", "!acme-ml-artifacts-ci-use1"]}')
    (attack.project.folder / "policies/ci-scratch.yaml").unlink()
    attack.witness.saw(attack.project.run("firnline", "resolve"))
    attack.up()
    for name, text in zip(("uploads", "ci-scratch"), before, strict=True):
        attack.write_policy(name, text)
    attack.witness.saw(attack.project.run("firnline", "resolve"))
    attack.up()


def put_a_rule_manually(attack: Attack) -> None:
    attack.witness.put(attack.bucket())
    edit_numbers(attack)


def put_a_rule_that_hides_behind_old_answers(attack: Attack) -> None:
    bucket = attack.bucket()
    attack.witness.put(bucket)
    stale = attack.chance.randint(1, MOST_STALE_ANSWERS)
    attack.aws.fail(operation=READ, bucket=bucket, stale=stale)
    edit_numbers(attack)


def put_a_rule_between_preview_and_up(attack: Attack) -> None:
    attack.witness.saw(attack.project.pulumi("preview"))
    put_a_rule_manually(attack)


def change_a_rule_of_ours_manually(attack: Attack) -> None:
    attack.witness.change_ours(attack.bucket())
    edit_numbers(attack)


def do_as_advised(attack: Attack) -> None:
    """People take the foreign rules away and refresh, so that the next move finds a stack that
    deploys again."""
    for bucket in set(attack.witness.foreign.values()):
        attack.witness.remove(bucket)
    refresh(attack)
    attack.up()


def refresh(attack: Attack) -> None:
    attack.witness.saw(attack.project.pulumi("refresh", "--yes"))


def destroy_and_begin_anew(attack: Attack) -> None:
    attack.witness.saw(attack.project.pulumi("destroy", "--yes"))
    attack.up()


def lose_the_state(attack: Attack) -> None:
    attack.witness.saw(
        attack.project.pulumi("stack", "rm", "--yes", "--force", "--preserve-config")
    )
    attack.witness.saw(attack.project.pulumi("stack", "init", "sandbox"))
    before = {name: attack.policy(name) for name in ("uploads", "research")}
    edit_numbers(attack)
    for name, text in before.items():  # the message: first deploy the policy that is live
        attack.write_policy(name, text)
    attack.up()


def lose_the_lock(attack: Attack) -> None:
    (attack.project.folder / "policies/fleet.lock.yaml").unlink()
    attack.up()
    attack.witness.saw(attack.project.run("firnline", "resolve"))
    attack.up()


def kill_an_up(attack: Attack) -> None:
    attack.change("uploads", r"abort_after: \d+d", f"abort_after: {200 + attack.number()}d")
    if kill_up(attack.project, attack.chance.randint(0, 70)):
        attack.witness.saw(free_the_stack(attack.project))
    attack.up()


def two_ups_at_once(attack: Attack) -> None:
    attack.change("uploads", r"abort_after: \d+d", f"abort_after: {300 + attack.number()}d")
    both = [attack.project.begin("up", "--yes", "--skip-preview") for _ in range(2)]
    for running in both:
        attack.witness.saw(running.wait())


def work_in_the_wrong_world(attack: Attack) -> None:
    """Somebody forgot to point the shell at the sandbox."""
    live = attack.aws.live()
    for command in ("refresh", "destroy", "up"):
        with watched() as outside:
            away: dict[str, str | None] = {"AWS_ENDPOINT_URL": None, **outside.variables}
            refused = attack.project.pulumi(command, "--yes", "--skip-preview", **away)
            attack.witness.saw(refused)
            assert refused.code != 0, refused.text
            assert outside.asked == []
    assert attack.aws.live() == live


def write_from_another_stack(attack: Attack, namespace: str = "acme-ml") -> None:
    """A copy of the project, with its own state, requires something else of the same buckets."""
    folder = attack.project.folder.with_name(f"another-{attack.number()}")
    shutil.copytree(
        attack.project.folder, folder, symlinks=True, ignore=shutil.ignore_patterns("state")
    )
    (folder / "state").mkdir()
    other = Project(folder, attack.aws)
    other.edit("policies/fleet.yaml", ("namespace: acme-ml", f"namespace: {namespace}"))
    uploads = folder / "policies/uploads.yaml"
    uploads.write_text(re.sub(r"abort_after: \d+d", "abort_after: 77d", uploads.read_text()))
    live = attack.aws.live()
    attack.witness.saw(other.pulumi("stack", "init", "sandbox"))
    refused = attack.witness.saw(other.up())
    assert refused.code != 0, refused.text
    assert attack.aws.live() == live


def write_from_another_stack_under_another_name(attack: Attack) -> None:
    write_from_another_stack(attack, namespace="team-b")


DECLARED = 'deploy("policies")\n'
DECLARED_AGAIN = """\
import pulumi
import pulumi_aws as aws
from firnline.pipeline import compile_files
from firnline.targets.pulumi_aws import Retention
from firnline.targets.pulumi_aws.proved_rules import of_bucket
from firnline.workspace import read_folder

declared = deploy("policies")
compilation = compile_files(read_folder("policies"))
fleet = compilation.folder.fleet
again = next(each for each in compilation.buckets if each.bucket.key in declared)
account = fleet.account_with(again.bucket.account_id)
Retention(
    "again",
    bucket=pulumi.Output.from_input(again.bucket.name),
    rules=of_bucket(again, fleet.namespace.value),
    account_id=again.bucket.account_id,
    role_arn=account.role.value,
    region=again.bucket.region,
    opts=pulumi.ResourceOptions(provider=aws.Provider(
        "again",
        region=again.bucket.region,
        allowed_account_ids=[again.bucket.account_id],
        assume_roles=[aws.ProviderAssumeRoleArgs(role_arn=account.role.value)],
    )),
)
"""


def declare_a_bucket_twice(attack: Attack) -> None:
    """Two writers in one program, and what they write is new."""
    attack.change("uploads", r"abort_after: \d+d", f"abort_after: {400 + attack.number()}d")
    attack.project.edit("__main__.py", (DECLARED, DECLARED_AGAIN))
    for _ in range(2):
        refused = attack.witness.saw(attack.project.pulumi("up", "--yes", "--skip-preview"))
        assert refused.code != 0, refused.text
    attack.project.edit("__main__.py", (DECLARED_AGAIN, DECLARED))
    attack.up()


MOVES: tuple[Move, ...] = (
    work_in_the_wrong_world,
    write_from_another_stack,
    write_from_another_stack_under_another_name,
    edit_numbers,
    rename_a_policy,
    rename_retentions,
    rename_an_account,
    split_a_policy,
    reorder_regions,
    give_up_a_region_and_take_it_again,
    give_up_an_account_and_take_it_again,
    leave_a_bucket_and_take_it_again,
    put_a_rule_manually,
    put_a_rule_that_hides_behind_old_answers,
    put_a_rule_between_preview_and_up,
    change_a_rule_of_ours_manually,
    do_as_advised,
    refresh,
    destroy_and_begin_anew,
    lose_the_state,
    lose_the_lock,
    kill_an_up,
    two_ups_at_once,
    declare_a_bucket_twice,
)
