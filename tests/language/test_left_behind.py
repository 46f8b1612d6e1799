"""An account or a region that leaves the fleet file is given up aloud, or not at all."""

from __future__ import annotations

import pytest

from firnline.diagnostics.kinds import Diagnostic
from firnline.language.checks.lock_examples import FLEET, lock_file, locked, policy_file
from firnline.language.digest import lock_digest
from firnline.pipeline import Compilation
from firnline.s3.model import MinimumSize
from tests.places import in_file, span_of
from tests.policies import codes, compiled

OTHER = "444455556666"
POLICY = policy_file(buckets="lab-*")
IN_EUROPE = locked("lab-euw1").replace("us-east-1", "eu-west-1")
IN_OTHER_ACCOUNT = f'  "{OTHER}":\n{locked("team-b-data")}{locked("team-b-more", ours="rules")}'


NO_ACTION = '{"ID": "by-hand", "Status": "Enabled"}'
BY_HAND = (
    '{"Expiration": {"Days": 3}, "Filter": {"Prefix": "x/"}, "ID": "by-hand", "Status": "Enabled"}'
)


def compile_with(
    more: str, releases: str = "", fleet: str = FLEET, policy: str = POLICY
) -> Compilation:
    """With a fresh lock: as `firnline resolve` would have left it."""
    fleet += f"releases: {{{releases}}}\n" if releases else ""
    folder = compiled({"fleet.yaml": fleet, "policy.yaml": policy}).folder
    assert folder.fleet is not None
    lock = lock_file(digest=lock_digest(folder.fleet, folder.policies), more=more)
    return compiled({"fleet.yaml": fleet, "fleet.lock.yaml": lock, "policy.yaml": policy})


def found_in(compilation: Compilation, code: str) -> list[Diagnostic]:
    return [each for each in compilation.diagnostics if each.kind.code == code]


def errors(more: str, releases: str = "") -> list[str]:
    return codes(compile_with(more, releases).diagnostics)


def test_an_account_that_left_is_one_error_that_names_lock_buckets_and_remedy() -> None:
    (found,) = found_in(compile_with(IN_OTHER_ACCOUNT), "FL712")
    assert (span_of(found).path, span_of(found).line) == ("policies/fleet.lock.yaml", 13)
    assert found.message == f"the fleet file has no account {OTHER}, in which 2 buckets are managed"
    assert found.notes == ("the buckets: `team-b-data`, `team-b-more`",)
    assert f'releases: {{"{OTHER}/*": {{leave: keep, why: …}}}}' in found.help


def test_a_region_that_left_names_the_account_and_what_it_lists_now() -> None:
    (found,) = found_in(compile_with(IN_EUROPE), "FL712")
    assert found.message == "`lab` no longer lists eu-west-1, in which `lab-euw1` is managed"
    ((place, said),) = found.also
    assert (in_file(place).path, said) == ("policies/fleet.yaml", "its regions: us-east-1")
    assert "releases: {lab/lab-euw1: {leave: keep, why: …}} (or `leave: clear`)" in found.help


@pytest.mark.parametrize(
    ("more", "releases"),
    [
        (IN_OTHER_ACCOUNT, f'"{OTHER}/*": {{leave: keep, why: x}}'),
        (
            IN_OTHER_ACCOUNT,
            f'"{OTHER}/team-b-data": {{leave: keep, why: x}},'
            f' "{OTHER}/team-b-more": {{leave: keep, why: x}}',
        ),
        (IN_EUROPE, "lab/lab-euw1: {leave: keep, why: x}"),
        (IN_EUROPE, '"111122223333/lab-euw1": {leave: keep, why: x}'),
    ],
    ids=["all of an account", "each of an account", "a region's, by label", "by id"],
)
def test_a_release_that_keeps_gives_it_up(more: str, releases: str) -> None:
    assert errors(more) == ["FL712"]
    assert errors(more, releases) == []


def test_a_release_of_some_buckets_leaves_the_others_to_be_told() -> None:
    release = f'"{OTHER}/team-b-data": {{leave: keep, why: x}}'
    (found,) = found_in(compile_with(IN_OTHER_ACCOUNT, release), "FL712")
    assert "in which `team-b-more` is managed" in found.message


def test_a_bucket_in_a_region_that_left_is_not_written_unless_it_is_cleared() -> None:
    def written(leave: str) -> list[str]:
        lab = compile_with(IN_EUROPE, f"lab/lab-euw1: {{leave: {leave}, why: x}}")
        assert lab.diagnostics == ()
        return [each.bucket.key for each in lab.buckets]

    assert written("keep") == ["lab/us-east-1/lab-data"]
    assert written("clear") == ["lab/eu-west-1/lab-euw1", "lab/us-east-1/lab-data"]


def test_clearing_needs_the_account_in_the_fleet_file() -> None:
    compilation = compile_with(IN_OTHER_ACCOUNT, f'"{OTHER}/*": {{leave: clear, why: x}}')
    (found,) = found_in(compilation, "FL109")
    assert span_of(found).path == "policies/fleet.yaml"
    assert f"`{OTHER}/*` cannot be cleared: the fleet file no longer lists account" in found.message
    assert "list the account until its rules are cleared" in found.help
    assert not found_in(compilation, "FL712"), "one mistake, told once"


def test_a_label_that_left_is_told_to_be_released_by_its_id() -> None:
    (found,) = found_in(
        compile_with(IN_OTHER_ACCOUNT, "team-b/team-b-data: {leave: keep, why: x}"), "FL109"
    )
    assert found.message == "the fleet has no account `team-b`"
    assert f"by its id ({OTHER} in the lock)" in found.help


def test_a_whole_account_is_given_up_only_where_no_policy_covers_a_bucket_of_it() -> None:
    (found,) = found_in(compile_with("", "lab/*: {leave: clear, why: x}"), "FL109")
    assert found.message == "a policy still covers `lab-data`"
    assert "exclude them from the policies" in found.help


def test_a_whole_account_is_cleared_while_it_is_listed() -> None:
    fleet = FLEET.replace("accounts: {", f'accounts: {{b: {{id: "{OTHER}", regions: us-east-1}}, ')
    more = IN_OTHER_ACCOUNT.replace("ours: policy", "ours: rules")
    assert codes(compile_with(more, fleet=fleet).diagnostics) == ["FL709"]
    cleared = compile_with(more, f'"{OTHER}/*": {{leave: clear, why: x}}', fleet)
    assert cleared.diagnostics == ()
    assert [each.bucket.key for each in cleared.buckets if each.program is None] == [
        "b/us-east-1/team-b-data",
        "b/us-east-1/team-b-more",
    ]


def test_the_name_of_a_bucket_goes_before_all_of_its_account() -> None:
    fleet = compile_with(
        "",
        f'"{OTHER}/*": {{leave: keep, why: x}}, "{OTHER}/a": {{leave: clear, why: x}}',
    ).folder.fleet
    assert fleet is not None
    exact, other = fleet.released(OTHER, "a"), fleet.released(OTHER, "b")
    assert exact is not None
    assert other is not None
    assert (exact.leave.value, other.leave.value) == ("clear", "keep")


def test_a_pattern_for_some_buckets_is_no_release() -> None:
    assert "FL104" in errors("", "lab/lab-*: {leave: keep, why: x}")


def test_two_releases_of_one_bucket_are_an_error() -> None:
    (found,) = found_in(
        compile_with(
            IN_EUROPE,
            'lab/lab-euw1: {leave: keep, why: x}, "111122223333/lab-euw1": {leave: clear, why: x}',
        ),
        "FL108",
    )
    assert found.message == "`111122223333/lab-euw1` is released already"


def test_an_account_under_another_label_has_not_left() -> None:
    renamed = FLEET.replace("lab:", "laboratory:")
    policy = POLICY.replace("account: lab", "account: laboratory")
    assert compile_with("", fleet=renamed, policy=policy).diagnostics == ()


def test_a_label_with_another_id_leaves_the_old_account_behind() -> None:
    other_id = FLEET.replace("111122223333", OTHER)
    (found,) = found_in(compile_with("", fleet=other_id), "FL712")
    assert "no account 111122223333" in found.message


def test_a_policy_that_names_a_bucket_in_a_region_that_left_names_no_bucket() -> None:
    released = "lab/lab-euw1: {leave: keep, why: x}"
    policy = policy_file(buckets="lab-euw1")
    assert "FL703" in codes(compile_with(IN_EUROPE, released, policy=policy).diagnostics)


def test_foreign_rules_where_nothing_is_written_are_no_hindrance() -> None:
    theirs = f"{IN_EUROPE}      foreign_rules: ['{NO_ACTION}']\n"
    assert errors(theirs, "lab/lab-euw1: {leave: keep, why: x}") == []


def test_a_cleared_bucket_is_left_with_the_rules_of_others_alone() -> None:
    theirs = f"{IN_EUROPE}      minimum_size: varies_by_storage_class\n"
    theirs += f"      foreign_rules: ['{BY_HAND}']\n"
    compilation = compile_with(theirs, "lab/lab-euw1: {leave: clear, why: x}")
    (cleared,) = (each for each in compilation.buckets if each.bucket.name == "lab-euw1")
    assert [rule.id for rule in cleared.rules.rules] == ["by-hand"]
    assert cleared.rules.minimum_size is MinimumSize.VARIES


@pytest.mark.parametrize("line", [NO_ACTION, "{not JSON"])
def test_a_cleared_bucket_whose_rules_s3_would_not_take_again_is_refused(line: str) -> None:
    theirs = f"{IN_EUROPE}      foreign_rules: ['{line}']\n"
    assert errors(theirs, "lab/lab-euw1: {leave: clear, why: x}") == ["FL421"]
