"""What a deployment says of its changes: short, and once for all buckets."""

from __future__ import annotations

from dataclasses import replace

from firnline.s3.model import RuleSet
from firnline.s3.terms import Versioning
from firnline.targets.pulumi_aws.deployment_changes import changes_in_words
from firnline.targets.pulumi_aws.proved_rules import BucketState
from firnline.targets.pulumi_aws.write import Write
from tests.targets.pulumi_aws.rules import expiring, rules, write

SEVEN, NINE = rules(expiring(7)), rules(expiring(9))
BY_HAND = "{ID: by-hand, Status: Enabled, Filter: {Prefix: x/}, Expiration: {Days: 3}}"


def on(bucket: str, before: RuleSet | None, after: RuleSet) -> tuple[Write, RuleSet | None]:
    return replace(write(after), bucket=bucket), before


def test_nothing_is_said_where_nothing_is_written() -> None:
    assert changes_in_words([]) == ""


def test_what_changes_alike_on_many_buckets_is_said_once() -> None:
    # Equal rules in objects of their own, as each bucket's are.
    writes = [on(f"lab-{n}", rules(expiring(9)), rules(expiring(7))) for n in range(5)]
    assert changes_in_words(writes) == (
        "1 change on 5 buckets: 1 deletes sooner\n"
        "on lab-0, lab-1, lab-2 and 2 more:\n"
        "  deletes sooner by 2 days: tmp/tmp, objects in tmp/\n"
        "    delete 9d → delete 7d\n"
        "    example s3://lab-0/tmp/x, of 0 bytes: hidden by a delete marker at 9d → hidden by a"
        " delete\n      marker at 7d\n"
    )


def test_buckets_whose_rules_mean_the_same_are_counted_apart() -> None:
    said = changes_in_words([on("same", NINE, NINE), on("sooner", NINE, SEVEN)])
    assert said.startswith("1 change on 1 of 2 buckets: 1 deletes sooner\n")


def test_the_strictest_change_comes_first_and_its_buckets_with_it() -> None:
    said = changes_in_words([on("later", SEVEN, NINE), on("sooner", NINE, SEVEN)])
    assert said.startswith("2 changes on 2 buckets: 1 deletes sooner, 1 keeps longer\n")
    assert said.index("on sooner:") < said.index("on later:")


def test_an_object_of_a_bucket_without_versions_is_deleted_and_not_hidden() -> None:
    never = BucketState(Versioning.OFF)
    change = (replace(write(SEVEN), proved_for=never), NINE)
    assert "deleted for good at 9d → deleted for good at 7d" in " ".join(
        changes_in_words([change]).split()
    )


def test_buckets_that_get_rules_for_the_first_time_are_named_and_no_more() -> None:
    said = changes_in_words([on("a", None, SEVEN), on("b", rules(BY_HAND), rules(BY_HAND))])
    assert said == (
        "2 buckets get Firnline's rules for the first time: a, b"
        " (what they do: `firnline compile`)\n"
    )


def test_other_ids_for_the_same_meaning_are_no_change() -> None:
    renamed = rules(expiring(7, id="firnline/lab/tmp/renamed"))
    assert changes_in_words([on("a", SEVEN, renamed)]) == (
        "no change: what happens to objects stays the same on 1 bucket\n"
    )


def test_at_most_ten_changes_are_told_and_the_others_counted() -> None:
    def tidy(days: int) -> RuleSet:
        numbers = range(10, 24)
        at = [
            expiring(days + n, f"firnline/lab/tmp/{n}").replace("tmp/}", f"{n}/}}") for n in numbers
        ]
        return rules(*at)

    said = changes_in_words([on("a", tidy(9), tidy(7))])
    assert said.count("example ") == 10
    assert said.endswith("and 4 deletes sooner (the others are in `firnline diff`)\n")


def test_a_storage_class_that_nobody_knows_yet_is_said_and_hides_no_other_change() -> None:
    unknown = (
        "{ID: firnline/lab/tmp/tmp, Status: Enabled, Filter: {Prefix: tmp/},"
        " Transitions: [{Days: 9, StorageClass: FROZEN}]}"
    )
    said = changes_in_words([on("a", rules(unknown), SEVEN), on("b", NINE, SEVEN)])
    assert said.splitlines()[0] == (
        "what changes on a is not known: a transition into FROZEN is new to us"
    )
    assert "on b:\n  deletes sooner by 2 days" in said


def test_a_rule_of_others_that_goes_is_told_in_words() -> None:
    going = rules(BY_HAND).rules
    replacing = replace(write(SEVEN), bucket="lab", going=going)
    said = changes_in_words([(replacing, rules(BY_HAND))])
    assert said.startswith(
        "lab loses one rule that Firnline did not write:\n"
        "  `by-hand`: x/: deleted after 3d; where versions are kept, bytes stay: noncurrent"
        " versions never expire\n"
    )
    assert "keeps longer" in said
    assert "loses" not in changes_in_words([(replacing, SEVEN)]), "it is gone already"
