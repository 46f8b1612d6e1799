"""Accounts that `resolve` finds in an AWS organization and in the accounts file of c7n-org."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from firnline import testing
from firnline.cli import main
from firnline.language.read_files import read_files
from firnline.testing import seed
from firnline.testing.organization import Member, open_organization
from firnline.workspace import read_folder
from tests.fleet.small_world import served

PROD, LAB, OLD, OTHER = "111111111111", "222222222222", "333333333333", "444444444444"
MEMBERS = (
    Member(PROD, "ML Prod", "ml/prod", {"team": "ml"}),
    Member(LAB, "ML Lab", "ml", {"team": "ml"}),
    Member(OLD, "ML Old", "ml", {"team": "ml"}, state="SUSPENDED"),
    Member(OTHER, "Finance", "finance"),
)
POLICY = """\
firnline: policy/v1
policy: ml
owner: lab
why: an example
applies_to: [{account: "ml-*", buckets: "*"}]
retain: {tmp: {prefix: tmp/, delete_after: 14d}}
"""
C7N_ORG = f"""\
vars: {{stage: x}}
accounts:
- account_id: '{PROD}'
  name: Machine Learning
  role: retention
  tags: [type:prod]
- {{account_id: '{LAB}', name: lab, role: arn:aws:iam::{LAB}:role/retention, regions: [us-east-1]}}
- {{account_id: '{OLD}', name: old, profile: old}}
- {{account_id: '{OTHER}', name: finance, role: [retention]}}
"""


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[testing.Emulator]:
    with served(monkeypatch) as emulator:
        monkeypatch.chdir(tmp_path)
        (tmp_path / "policies").mkdir()
        (tmp_path / "policies" / "ml.yaml").write_text(POLICY)
        units = open_organization(MEMBERS)
        known = "role_name: retention, regions: us-east-1, profile: '{name}.ReadOnly'"
        fleet(f"{{organization: {{ou: {units['ml']}, {known}}}}}")
        for member in MEMBERS:
            seed.create_bucket(member.id, f"data-of-{member.id}", "us-east-1", emulator.started)
        yield emulator


def fleet(sources: str, more: str = "") -> None:
    text = f"firnline: fleet/v1\nnamespace: acme\naccounts_from: {sources}\n{more}"
    Path("policies/fleet.yaml").write_text(text)


def locked() -> dict[str, str]:
    folder, found = read_files(read_folder("policies"))
    assert not found
    assert folder.fleet
    return {each.id.value: each.label.value for each in folder.fleet.accounts}


@pytest.mark.usefixtures("aws")
def test_active_accounts_in_a_unit_and_below_it_are_found_and_then_known_offline(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["resolve"]) == 0
    told = capsys.readouterr().err
    assert f"account {OLD} (ML Old) is left out: it is SUSPENDED in organization" in told
    assert f"+ account ml-prod ({PROD}): ML Prod, from organization" in told
    assert locked() == {PROD: "ml-prod", LAB: "ml-lab"}
    assert "profile: ML Lab.ReadOnly" in Path("policies/fleet.lock.yaml").read_text()
    assert main(["compile", "--out", "s3-json"]) == 0
    assert list(json.loads(capsys.readouterr().out)) == [
        f"ml-lab/us-east-1/data-of-{LAB}",
        f"ml-prod/us-east-1/data-of-{PROD}",
    ]


@pytest.mark.usefixtures("aws")
def test_a_label_passes_until_resolve_has_found_the_accounts(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Path("policies/ml.yaml").write_text(POLICY.replace("ml-*", "ml-rpod"))
    assert main(["check"]) == 0
    assert main(["resolve"]) == 1
    assert "the fleet has no account `ml-rpod`" in capsys.readouterr().err


@pytest.mark.usefixtures("aws")
def test_a_lock_with_conflicts_is_replaced_where_its_accounts_are_all_found_again() -> None:
    assert main(["resolve"]) == 0
    lock = Path("policies/fleet.lock.yaml")
    whole = lock.read_text()
    lock.write_text(f"<<<<<<< HEAD\n{whole}")
    assert main(["resolve"]) == 0
    assert lock.read_text() == whole


@pytest.mark.usefixtures("aws")
def test_an_account_that_is_renamed_keeps_its_label_and_one_that_is_closed_leaves(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["resolve"]) == 0
    renamed, closed = replace(MEMBERS[0], name="Vision"), replace(MEMBERS[1], state="CLOSED")
    open_organization([renamed, closed])
    capsys.readouterr()
    assert main(["resolve"]) == 0
    told = capsys.readouterr().err
    assert f"~ account ml-prod ({PROD}): name ML Prod → Vision" in told
    assert f"- account ml-lab ({LAB}): no longer in organization" in told
    assert f"account {LAB} is not in the fleet file: 1 bucket stays in the lock as before" in told
    assert locked() == {PROD: "ml-prod"}
    assert main(["check"]) == 1
    assert "FL712" in capsys.readouterr().out


def test_an_organization_that_may_not_be_read_leaves_the_lock_as_it_is(
    aws: testing.Emulator, capsys: pytest.CaptureFixture[str]
) -> None:
    denied = "ListAccountsForParent"
    fault = testing.Fault(operation=denied, status=400, code="AccessDeniedException", times=9)
    aws.middleware.faults.add(fault)
    assert main(["resolve"]) == 3
    assert f"missing permission: organizations:{denied}" in capsys.readouterr().err
    aws.middleware.faults.clear()
    fleet("{organization: {ou: ou-ab12-cd34ef56, role_name: retention, regions: us-east-1}}")
    assert main(["resolve"]) == 3
    assert "(ou-ab12-cd34ef56)" in capsys.readouterr().err
    fleet("{organization: {role_name: admin, regions: us-east-1}}")
    assert main(["resolve"]) == 3
    assert f"`exclude` under `accounts_from` leaves {PROD} out" in capsys.readouterr().err
    assert not Path("policies/fleet.lock.yaml").exists()


@pytest.mark.usefixtures("aws")
def test_the_accounts_of_c7n_org_are_found_where_their_file_is(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Path("accounts.yml").write_text(C7N_ORG)
    listed = f"""accounts: {{lab: {{id: "{LAB}", regions: us-east-1}}}}\n"""
    fleet(f'{{c7n_org: ../accounts.yml, regions: us-east-1, wave: 2, exclude: "{OTHER}"}}', listed)
    Path("policies/ml.yaml").write_text(POLICY.replace('"ml-*"', "machine-learning"))
    assert main(["resolve"]) == 3  # nobody is in the account that is listed without a role
    told = capsys.readouterr().err
    assert f"account {LAB} (lab) is left out: the fleet file lists it as `lab`" in told
    assert f"account {OLD} (old) is left out: it has no `role`" in told
    fleet(f'{{c7n_org: ../accounts.yml, regions: us-east-1, exclude: ["{OTHER}", "{LAB}"]}}')
    assert main(["resolve"]) == 0
    assert locked() == {PROD: "machine-learning"}


@pytest.mark.usefixtures("aws")
def test_a_closed_account_is_dropped_from_the_lock_and_one_in_use_is_not(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["resolve"]) == 0
    assert main(["resolve", "--drop-account", LAB]) == 2
    assert f"account {LAB} is not dropped: it is ACTIVE in organization" in capsys.readouterr().err
    open_organization([replace(MEMBERS[1], unit="finance")])
    assert main(["resolve", "--drop-account", LAB]) == 2
    assert "the organization says that it is ACTIVE" in capsys.readouterr().err
    open_organization([replace(MEMBERS[1], state="SUSPENDED")])
    assert main(["resolve", "--drop-account", LAB]) == 0
    told = capsys.readouterr().err
    assert f"account {LAB} is dropped with 1 bucket: it is SUSPENDED in the organization" in told
    assert f"- {LAB}/data-of-{LAB}" in told
    assert main(["check"]) == 0


def test_an_account_outside_of_organizations_is_dropped_when_its_buckets_are_gone(
    aws: testing.Emulator, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("accounts.yml").write_text(C7N_ORG)
    fleet(f'{{c7n_org: ../accounts.yml, regions: us-east-1, exclude: "{OTHER}"}}')
    Path("policies/ml.yaml").write_text(POLICY.replace('"ml-*"', '"*"'))
    assert main(["resolve"]) == 0
    fleet(f'{{c7n_org: ../accounts.yml, regions: us-east-1, exclude: ["{OTHER}", "{LAB}"]}}')
    assert main(["resolve", "--drop-account", LAB]) == 2
    assert f"the role arn:aws:iam::{LAB}:role/retention can still be" in capsys.readouterr().err
    fault = testing.Fault("AssumeRole", account=LAB, status=403, code="AccessDenied", times=99)
    aws.middleware.faults.add(fault)
    assert main(["resolve", "--drop-account", LAB]) == 2
    assert f"S3 still has data-of-{LAB}" in capsys.readouterr().err
    gone = testing.Fault(bucket=f"data-of-{LAB}", status=404, code="NoSuchBucket", times=99)
    aws.middleware.faults.add(gone)
    assert main(["resolve", "--drop-account", LAB]) == 0
    assert locked() == {PROD: "machine-learning"}
