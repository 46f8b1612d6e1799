"""Every account with buckets of ours is deployed by some stack of the project."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from firnline.diagnostics.kinds import Example
from firnline.language.fleet import Fleet
from firnline.rules.bucket_rules import BucketRules
from firnline.rules.program import Bucket
from firnline.s3.model import RuleSet
from firnline.targets.pulumi_aws.stack_files import (
    NO_STACK,
    StackFile,
    check_deployed,
    check_not_shared,
    labels_in,
    other_stacks,
)
from firnline.targets.pulumi_aws.two_stacks import TWO_STACKS
from tests.places import span_of
from tests.policies import compiled


def fleet(*labels: str) -> Fleet:
    entries = "".join(
        f'  {label}: {{id: "{number:012}", regions: us-east-1}}\n'
        for number, label in enumerate(labels)
    )
    text = f"firnline: fleet/v1\nnamespace: acme\naccounts:\n{entries}"
    found = compiled({"fleet.yaml": text}).folder.fleet
    assert found is not None
    return found


def bucket_in(label: str) -> BucketRules:
    return BucketRules(Bucket(label, "0" * 12, "b", "us-east-1", None), RuleSet(()), None, None)


@pytest.mark.parametrize(
    ("said", "labels"),
    [
        ("ml-prod", ("ml-prod",)),
        ("ml-prod, ml-staging", ("ml-prod", "ml-staging")),
        ("ml-prod,ml-staging", ("ml-prod", "ml-staging")),
        ('["ml-prod", "ml-staging"]', ("ml-prod", "ml-staging")),
        ('"ml-prod"', ("ml-prod",)),
        (["ml-prod", "ml-prod"], ("ml-prod",)),
        ("2024", ("2024",)),
        ("[2024]", ("2024",)),
        ("012345670123", ("012345670123",)),
        ("true", ("true",)),
        ("[]", None),
        ("", None),
        ("a,,b", None),
        ("[ml-prod", None),
        ('{"ml-prod": 1}', None),
        ('[["ml-prod"]]', None),
        ("[true]", None),
        ({"secure": "v1:…"}, None),
        (None, None),
    ],
)
def test_labels_are_one_or_several_as_text_or_as_a_list(
    said: object, labels: tuple[str, ...] | None
) -> None:
    assert labels_in(said) == labels


def test_an_account_with_buckets_that_no_stack_names_is_an_error_at_its_label() -> None:
    both = fleet("staging", "prod")
    (found,) = check_deployed(both, [bucket_in("prod")] * 3, ["staging"], [], "aws")
    assert span_of(found).path == "policies/fleet.yaml"
    assert found.message == "3 buckets are managed in `prod`, but no stack of the project names it"
    assert "`firnline:accounts: prod`" in found.help
    assert not list(check_deployed(both, [bucket_in("staging")], ["staging"], [], "aws"))


@pytest.mark.parametrize(("world", "found"), [("aws", 0), ("sandbox", 1)])
def test_another_stack_of_the_same_world_may_name_it(world: str, found: int) -> None:
    other = StackFile("Pulumi.prod.yaml", ("prod",), world)
    asked = check_deployed(fleet("prod"), [bucket_in("prod")], ["staging"], [other], "aws")
    assert len(list(asked)) == found


def test_the_files_of_the_other_stacks_are_read(tmp_path: Path) -> None:
    texts = {
        "Pulumi.yaml": "name: firnline\nconfig: {firnline:accounts: [nobody]}\n",
        "Pulumi.here.yaml": "config: {firnline:accounts: [here]}\n",
        "Pulumi.list.yaml": "config:\n  firnline:accounts: [a, b]\n  firnline:world: sandbox\n",
        "Pulumi.plain.yaml": "config: {firnline:accounts: c}\n",
        "Pulumi.secret.yaml": "config: {firnline:accounts: {secure: v1:x}}\n",
        "Pulumi.empty.yaml": "",
        "Pulumi.broken.yaml": "config: [\n",
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
    assert other_stacks(tmp_path, "here") == (
        StackFile("Pulumi.broken.yaml", (), "aws"),
        StackFile("Pulumi.empty.yaml", (), "aws"),
        StackFile("Pulumi.list.yaml", ("a", "b"), "sandbox"),
        StackFile("Pulumi.plain.yaml", ("c",), "aws"),
        StackFile("Pulumi.secret.yaml", (), "aws"),
    )


def test_stack_files_may_lie_in_a_folder_of_their_own(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: firnline\nstackConfigDir: stacks\n")
    (tmp_path / "stacks").mkdir()
    (tmp_path / "stacks/Pulumi.prod.yaml").write_text("config: {firnline:accounts: prod}\n")
    assert other_stacks(tmp_path, "here") == (StackFile("Pulumi.prod.yaml", ("prod",), "aws"),)


def test_the_examples_do_what_they_claim() -> None:
    def found(example: Example) -> list[str]:
        assert isinstance(example, str)
        said = yaml.safe_load(example)
        accounts = said.pop("accounts")
        others = [StackFile(name, tuple(labels), "aws") for name, labels in said.items()]
        buckets = [bucket_in(label) for label in accounts]
        asked = check_deployed(fleet(*accounts), buckets, [], others, "aws")
        return [each.kind.code for each in asked]

    assert found(NO_STACK.wrong) == ["FL713"]
    assert found(NO_STACK.right) == []


def test_an_account_is_of_one_stack_of_its_world() -> None:
    others = [
        StackFile("Pulumi.all.yaml", ("prod", "staging"), "aws"),
        StackFile("Pulumi.lab.yaml", ("prod",), "sandbox"),
    ]
    (found,) = check_not_shared(fleet("prod", "lab"), ["prod", "lab"], others, "aws")
    assert found.kind is TWO_STACKS
    assert found.message == "this stack deploys `prod`, and so does Pulumi.all.yaml"
    assert "run `pulumi up` there first, which leaves the rules live" in found.help
    place = span_of(found)
    assert place.source.text[place.start : place.end] == "prod"
    assert list(check_not_shared(fleet("prod"), ["lab"], others, "aws")) == []


def test_the_examples_of_two_stacks_do_what_they_claim() -> None:
    def shared(example: Example) -> bool:
        assert isinstance(example, str)
        first, *others = [
            StackFile(name, tuple(accounts), "aws")
            for name, accounts in yaml.safe_load(example).items()
        ]
        found = check_not_shared(fleet("prod", "staging"), first.accounts, others, "aws")
        return next(found, None) is not None

    assert shared(TWO_STACKS.wrong)
    assert not shared(TWO_STACKS.right)
