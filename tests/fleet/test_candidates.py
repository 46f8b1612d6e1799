"""Accounts of sources → accounts of the fleet, with labels."""

from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st

from firnline.diagnostics.position import whole_file
from firnline.fleet.candidates import Candidate, FoundAccounts, accounts_of
from firnline.language.fleet import Account, Fleet
from firnline.language.said import Said
from tests.fleet.small_world import account

NAMES = st.lists(
    st.sampled_from(["ML Prod", "ml-prod", "ML  prod!", "lab", "日本", ""]), max_size=8
)


def find(
    *candidates: Candidate, before: Iterable[Account] = (), by_hand: tuple[Account, ...] = ()
) -> FoundAccounts:
    fleet = Fleet(Said("acme", whole_file("fleet.yaml")), by_hand, ())
    return accounts_of(fleet, before, candidates)


def candidate(number: int, name: str, wave: int = 1) -> Candidate:
    return Candidate(f"{number:012}", name, "organization o-a", ("us-east-1",), None, wave)


def labels(found: FoundAccounts) -> list[str]:
    return [each.label.value for each in found.accounts]


def test_of_an_account_in_two_entries_the_first_counts_and_the_other_is_told() -> None:
    found = find(candidate(1, "lab", wave=2), candidate(1, "lab", wave=3))
    assert [each.wave for each in found.accounts] == [2]
    assert "the first entry counts" in found.left_out[0].why


def test_an_account_that_is_listed_by_hand_keeps_its_label() -> None:
    by_hand = account("lab", "000000000007", "us-east-1")
    found = find(candidate(1, "lab"), candidate(7, "other"), by_hand=(by_hand,))
    assert labels(found) == ["lab-0001"]
    assert [each.id for each in found.left_out] == ["000000000007"]


@given(NAMES, NAMES)
def test_labels_are_unique_and_stay_whatever_accounts_are_called_later(
    first: list[str], later: list[str]
) -> None:
    before = find(*(candidate(number, name) for number, name in enumerate(first))).accounts
    after = find(*(candidate(n, name) for n, name in enumerate(later)), before=before)
    assert len(set(labels(after))) == len(later)
    known = {each.id.value: each.label.value for each in before}
    kept = [known.get(each.id.value, each.label.value) for each in after.accounts]
    assert labels(after) == kept
