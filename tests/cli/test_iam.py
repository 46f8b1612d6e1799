"""`firnline iam`: the policies that it prints, and what it says of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from moto.iam.policy_validation import (
    IAMPolicyDocumentValidator,
    IAMTrustPolicyDocumentValidator,
)

from firnline.cli import main
from firnline.cli.schema import printed
from firnline.testing.access.evaluate import Call, Verdict, evaluate
from firnline.testing.access.policy import read_policy
from tests.fleet.small_world import FLEET, LOCK_OF_FACTS, POLICY, PROD, STAGING, write_folder

CALLER = "arn:aws:iam::999999999999:role/ci"
ROLE = f"arn:aws:iam::{PROD}:role/retention"
LOCK = f"firnline: fleet-lock/v1\ndigest: sha256:{'0' * 64}\n{LOCK_OF_FACTS}"
Captured = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    folder = write_folder(tmp_path)
    (folder / "fleet.lock.yaml").write_text(LOCK)
    return folder


def printed_json(capsys: Captured, *options: str) -> dict[str, Any]:
    capsys.readouterr()
    assert main(["iam", "--caller", CALLER, "--out", "json", *options]) == 0
    document: dict[str, Any] = json.loads(capsys.readouterr().out)
    jsonschema.validate(document, printed("iam"))
    return document


def policies(capsys: Captured, label: str, *options: str) -> dict[str, Any]:
    """Of one account, by name."""
    found = printed_json(capsys, "--account", label, *options)
    (account,) = found["accounts"]
    return {each["name"]: each["policy"] for each in account["documents"]}


def with_external_id(folder: Path) -> None:
    fleet = folder / "fleet.yaml"
    fleet.write_text(FLEET.replace("role: arn", "external_id: acme-7f3a, role: arn"))


def test_every_policy_is_one_that_iam_takes(folder: Path, capsys: Captured) -> None:
    with_external_id(folder)
    (folder / "ml.yaml").write_text(POLICY + "references: {from: r, grace: 14d}\n")
    place = ("--with-optional", "--inventory", "s3://acme-inventory/daily")
    found = policies(capsys, "prod", *place)
    assert set(found) == {"read", "write", "sweep", "restore", "trust", "scp"}
    for name, policy in found.items():
        text = json.dumps(policy)
        if name == "trust":
            IAMTrustPolicyDocumentValidator(text).validate()
        else:
            IAMPolicyDocumentValidator(text).validate()
        assert read_policy(policy)


def test_what_writes_is_limited_to_the_buckets_of_the_lock(capsys: Captured) -> None:
    write = read_policy(policies(capsys, "prod")["write"])
    put = "s3:PutLifecycleConfiguration"
    assert evaluate(write, Call(put, "arn:aws:s3:::acme-models-use1")) is Verdict.ALLOWED
    assert evaluate(write, Call(put, "arn:aws:s3:::acme-dev")) is Verdict.NOT_ALLOWED
    assert evaluate(write, Call("s3:ListBucket", "arn:aws:s3:::acme-models-use1")) is not (
        Verdict.ALLOWED
    )


def test_patterns_are_for_buckets_to_come(capsys: Captured) -> None:
    (write,) = policies(capsys, "staging", "--patterns")["write"]["Statement"]
    assert write["Resource"] == "arn:aws:s3:::acme-*"


def test_nothing_that_reads_may_write(capsys: Captured) -> None:
    read = policies(capsys, "prod", "--with-optional")["read"]
    actions = [each["Action"] for each in read["Statement"]]
    flat = [each for one in actions for each in ([one] if isinstance(one, str) else one)]
    assert flat
    assert [
        each for each in flat if not each.split(":")[1].startswith(("Get", "List", "Look"))
    ] == []


def test_the_trust_policy_wants_the_external_id_and_a_session_of_ours(
    folder: Path, capsys: Captured
) -> None:
    with_external_id(folder)
    (trust,) = policies(capsys, "prod")["trust"]["Statement"]
    assert trust["Principal"] == {"AWS": CALLER}
    assert trust["Condition"] == {
        "StringEquals": {"sts:ExternalId": "acme-7f3a"},
        "StringLike": {"sts:RoleSessionName": ["firnline", "firnline-*"]},
    }


@pytest.mark.parametrize(
    ("principal", "bucket", "verdict"),
    [
        (ROLE, "acme-models-use1", Verdict.ALLOWED),
        (f"arn:aws:iam::{PROD}:role/admin", "acme-models-use1", Verdict.DENIED),
        (f"arn:aws:iam::{PROD}:role/admin", "somebody-elses", Verdict.ALLOWED),
    ],
)
def test_the_scp_keeps_all_others_from_writing_our_buckets(
    capsys: Captured, principal: str, bucket: str, verdict: Verdict
) -> None:
    everything = {"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}
    scp = (*read_policy(policies(capsys, "prod")["scp"]), *read_policy(everything))
    context = {"aws:principalarn": (principal,)}
    call = Call("s3:PutLifecycleConfiguration", f"arn:aws:s3:::{bucket}", context)
    assert evaluate(scp, call) is verdict


def test_a_thousand_buckets_fit_and_it_says_how(folder: Path, capsys: Captured) -> None:
    _, *facts = LOCK_OF_FACTS.split("    acme-models-euw1:\n")[1].split("    acme-models-use1:\n")
    entry = facts[0].split(f'  "{STAGING}"')[0]
    many = "".join(f"    acme-models-{number:04}:\n{entry}" for number in range(1000))
    (folder / "fleet.lock.yaml").write_text(
        f'firnline: fleet-lock/v1\ndigest: sha256:{"0" * 64}\naccounts:\n  "{PROD}":\n{many}'
    )
    (folder / "ml.yaml").write_text(
        POLICY.replace("[acme-models-euw1, acme-models-use1]", '"acme-*"')
    )
    (account,) = printed_json(capsys, "--account", "prod")["accounts"]
    documents = {each["name"]: each for each in account["documents"]}
    assert all(each["characters"] <= each["limit"] for each in documents.values())
    (write,) = documents["write"]["policy"]["Statement"]
    assert write["Resource"] == "arn:aws:s3:::acme-*"
    assert documents["write"]["notes"] == [
        "patterns of `applies_to` stand for buckets, without their exclusions"
    ]
    parts = [name for name in documents if name.startswith("scp-")]
    named = [arn for each in parts for arn in documents[each]["policy"]["Statement"][0]["Resource"]]
    assert sorted(named) == [f"arn:aws:s3:::acme-models-{number:04}" for number in range(1000)]


def test_the_caller_assumes_each_role_and_no_other(capsys: Captured) -> None:
    (caller,) = printed_json(capsys)["callers"]
    (statement,) = caller["policy"]["Statement"]
    assert statement["Resource"] == [ROLE, f"arn:aws:iam::{STAGING}:role/retention"]


def test_the_caller_of_three_hundred_accounts_assumes_no_role_of_others(
    folder: Path, capsys: Captured
) -> None:
    ids = [f"{100000000000 + number}" for number in range(300)]
    lines = [
        f'  a{id}: {{id: "{id}", regions: us-east-1, role: arn:aws:iam::{id}:role/retention}}\n'
        for id in ids
    ]
    (folder / "fleet.yaml").write_text(FLEET + "".join(lines))
    callers = printed_json(capsys, "--only", "caller")["callers"]
    assert [each["name"] for each in callers] == ["caller-1", "caller-2", "caller-3"]
    assert all(each["characters"] <= each["limit"] for each in callers)
    named = [arn for each in callers for arn in each["policy"]["Statement"][0]["Resource"]]
    assert sorted(named) == sorted(
        f"arn:aws:iam::{id}:role/retention" for id in (*ids, PROD, STAGING)
    )


def test_an_account_that_no_policy_names_lets_no_object_be_read(
    folder: Path, capsys: Captured
) -> None:
    other = '  other: {id: "111122223333", regions: us-east-1}\n'
    (folder / "fleet.yaml").write_text(FLEET + other)
    (account,) = printed_json(capsys, "--account", "other", "--with-optional")["accounts"]
    (read,) = account["documents"]
    statements = read_policy(read["policy"])
    listed = Call("s3:ListAllMyBuckets", "*")
    assert evaluate(statements, listed) is Verdict.ALLOWED
    for action in ("s3:GetObject", "s3:GetObjectTagging"):
        call = Call(action, "arn:aws:s3:::somebody-elses/x")
        assert evaluate(statements, call) is Verdict.NOT_ALLOWED
    assert read["notes"] == [
        "no policy names a bucket of the account: nothing more than their lifecycles is read"
    ]
    assert {each["action"] for each in read["needs"]}.isdisjoint({"s3:GetObject"})


@pytest.mark.parametrize("has_lock", [True, False])
def test_the_scp_names_buckets_of_the_lock_only(
    folder: Path, capsys: Captured, *, has_lock: bool
) -> None:
    if not has_lock:
        (folder / "fleet.lock.yaml").unlink()
    found = printed_json(capsys, "--account", "staging", "--patterns")["accounts"][0]
    scps = [each["policy"] for each in found["documents"] if each["name"] == "scp"]
    named = [policy["Statement"][0]["Resource"] for policy in scps]
    assert named == (["arn:aws:s3:::acme-dev"] if has_lock else [])
    assert any("run `firnline resolve`" in note for note in found["notes"]) is not has_lock


def test_an_organization_is_not_known_before_the_first_resolve(
    folder: Path, capsys: Captured
) -> None:
    (folder / "fleet.lock.yaml").unlink()
    source = "accounts_from: {organization: {role_name: retention, regions: us-east-1}}\n"
    (folder / "fleet.yaml").write_text(FLEET + source)
    assert main(["iam"]) == 0
    assert "accounts that only `accounts_from` tells are left out" in capsys.readouterr().err
    (folder / "fleet.yaml").write_text(f"firnline: fleet/v1\nnamespace: acme\n{source}")
    (folder / "ml.yaml").unlink()
    assert main(["iam"]) == 2
    assert "policies has no account yet: `firnline resolve` finds" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("region", "partition"),
    [("cn-north-1", "aws-cn"), ("us-gov-west-1", "aws-us-gov")],
)
def test_the_arns_are_those_of_the_partition(
    folder: Path, capsys: Captured, region: str, partition: str
) -> None:
    fleet = FLEET.replace("[us-east-1, eu-west-1]", region).replace("arn:aws:", f"arn:{partition}:")
    (folder / "fleet.yaml").write_text(fleet)
    (write,) = policies(capsys, "prod")["write"]["Statement"]
    assert all(each.startswith(f"arn:{partition}:s3:::") for each in write["Resource"])


def test_files_for_the_command_line_of_aws_are_the_same_policies(capsys: Captured) -> None:
    found = policies(capsys, "prod", "--into", "iam")
    assert {path.stem for path in Path("iam/prod").iterdir()} == set(found)
    for name, policy in found.items():
        assert json.loads(Path(f"iam/prod/{name}.json").read_text()) == policy
    assert Path("iam/caller.json").exists()


def test_a_table_says_which_command_needs_which_action(capsys: Captured) -> None:
    assert main(["iam", "--account", "prod", "--only", "write", "--with-optional"]) == 0
    told = capsys.readouterr().out
    assert "s3:PutLifecycleConfiguration         pulumi up, rollout" in told
    assert "s3:ListBucketVersions                pulumi up, rollout; optional" in told
    assert "note: no trust policy: --caller names who may assume the role" in told
    assert "note: no sweep and restore: no policy of the account has `references`" in told


def test_what_sweeps_marks_under_a_condition_and_never_destroys(
    folder: Path, capsys: Captured
) -> None:
    (folder / "ml.yaml").write_text(POLICY + "references: {from: r, grace: 14d}\n")
    found = policies(capsys, "prod")
    sweep = read_policy(found["sweep"])
    kept, tagged = "arn:aws:s3:::acme-models-use1/tmp/a", "arn:aws:s3:::acme-models-euw1/tmp/a"
    matched = {"s3:if-match": ('"etag"',)}
    assert evaluate(sweep, Call("s3:DeleteObject", kept, matched)) is Verdict.ALLOWED
    assert evaluate(sweep, Call("s3:DeleteObject", kept)) is Verdict.NOT_ALLOWED
    assert evaluate(sweep, Call("s3:DeleteObject", tagged, matched)) is Verdict.NOT_ALLOWED
    assert evaluate(sweep, Call("s3:DeleteObjectVersion", kept, matched)) is Verdict.NOT_ALLOWED
    reserved = {"s3:requestobjecttagkeys": ("team", "firnline-sweep")}
    assert evaluate(sweep, Call("s3:PutObjectTagging", tagged, reserved)) is Verdict.ALLOWED
    others = {"s3:requestobjecttagkeys": ("team",)}
    assert evaluate(sweep, Call("s3:PutObjectTagging", tagged, others)) is Verdict.NOT_ALLOWED
    restore = read_policy(found["restore"])
    assert evaluate(restore, Call("s3:DeleteObjectVersion", kept)) is Verdict.ALLOWED
    assert evaluate(restore, Call("s3:DeleteObjectTagging", tagged)) is Verdict.ALLOWED


def test_an_account_that_the_fleet_file_lacks_is_told(capsys: Captured) -> None:
    assert main(["iam", "--account", "prd"]) == 2
    assert "did you mean `prod`" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--only", "all"], "--only"),
        (["--caller", "me"], "is no ARN such as"),
        (["--inventory", "acme"], "is no place such as s3://BUCKET/PREFIX"),
    ],
)
def test_wrong_use_is_told(arguments: list[str], said: str, capsys: Captured) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["iam", *arguments])
    assert said in capsys.readouterr().err


def test_without_a_lock_the_first_resolve_can_be_allowed(folder: Path, capsys: Captured) -> None:
    (folder / "fleet.lock.yaml").unlink()
    read = read_policy(policies(capsys, "staging")["read"])
    for action, resource in (
        ("s3:ListAllMyBuckets", "*"),
        ("s3:GetLifecycleConfiguration", "arn:aws:s3:::somebody-elses"),
        ("s3:GetBucketVersioning", "arn:aws:s3:::acme-dev"),
    ):
        assert evaluate(read, Call(action, resource)) is Verdict.ALLOWED
    assert evaluate(read, Call("s3:GetBucketVersioning", "arn:aws:s3:::x")) is Verdict.NOT_ALLOWED
