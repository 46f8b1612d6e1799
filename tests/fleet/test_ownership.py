import json

import pytest

from firnline.fleet.ownership import foreign_rules, is_ours

OURS = {"ID": "firnline/acme/ml/tmp", "Status": "Enabled"}


@pytest.mark.parametrize(
    ("rule_id", "ours"),
    [
        ("firnline/acme/ml/tmp", True),
        ("firnline/acme/nothing-required", True),
        ("firnline/acme-ml/ml/tmp", False),
        ("firnline/acme", False),
        ("Firnline/acme/ml/tmp", False),
        ("by-hand", False),
        ("", False),
    ],
)
def test_a_rule_is_ours_by_the_namespace_in_its_id(rule_id: str, ours: bool) -> None:
    assert is_ours(rule_id, "acme") is ours


def test_foreign_rules_are_one_line_each_in_the_order_of_their_ids() -> None:
    b, a = {"Status": "Enabled", "ID": "b"}, {"ID": "a", "Filter": {"Prefix": "é\n"}}
    lines = foreign_rules({"Rules": [b, OURS, a]}, "acme")
    assert [json.loads(line) for line in lines] == [a, b]
    assert all(line.isascii() and "\n" not in line for line in lines)


def test_the_order_in_which_s3_answers_does_not_matter() -> None:
    one = {"Rules": [{"ID": "b", "Status": "Enabled"}, {"ID": "a", "Status": "Enabled"}]}
    other = {"Rules": [{"Status": "Enabled", "ID": "a"}, {"Status": "Enabled", "ID": "b"}]}
    assert foreign_rules(one, "acme") == foreign_rules(other, "acme")


def test_a_line_stays_where_s3_only_spells_its_rule_another_way() -> None:
    moves = [{"Days": 30, "StorageClass": "GLACIER"}, {"Days": 9, "StorageClass": "STANDARD_IA"}]
    rule = {"ID": "a", "Status": "Enabled", "Filter": {"Prefix": ""}, "Transitions": moves}
    before = foreign_rules({"Rules": [rule]}, "acme")
    again = rule | {"Filter": {}, "Transitions": moves[::-1]}
    assert foreign_rules({"Rules": [again]}, "acme") != before
    assert foreign_rules({"Rules": [again]}, "acme", ["edited by hand", *before]) == before
    changed = rule | {"Transitions": moves[:1]}
    assert foreign_rules({"Rules": [changed]}, "acme", before) != before
