from dataclasses import replace
from itertools import permutations

from firnline.fleet.lock_file import HEADER, LockEntry, lock_text
from firnline.language.read_files import read_files
from firnline.s3.model import MinimumSize
from firnline.s3.terms import Versioning

DIGEST = "sha256:" + "0" * 64
PLAIN = LockEntry(
    account_id="012345670123",
    name="acme-models",
    region="cn-north-1",
    versioning=Versioning.OFF,
    object_lock=True,
    covered=False,
    minimum_size=MinimumSize.VARIES,
    foreign=(),
)
FOREIGN = replace(PLAIN, name="yes", foreign=('{"ID": "it\'s", "Status": "Enabled"}',))


def test_the_lock_reads_well() -> None:
    assert lock_text(DIGEST, [FOREIGN, PLAIN]) == HEADER + (
        "firnline: fleet-lock/v1\n"
        f"digest: {DIGEST}\n"
        "accounts:\n"
        '  "012345670123":\n'
        "    acme-models:\n"
        "      region: cn-north-1\n"
        "      partition: aws-cn\n"
        "      kind: general-purpose\n"
        "      versioning: off\n"
        "      object_lock: enabled\n"
        "      ours: rules\n"
        "    yes:\n"
        "      region: cn-north-1\n"
        "      partition: aws-cn\n"
        "      kind: general-purpose\n"
        "      versioning: off\n"
        "      object_lock: enabled\n"
        "      ours: rules\n"
        "      minimum_size: varies_by_storage_class\n"
        "      foreign_rules:\n"
        '      - \'{"ID": "it\'\'s", "Status": "Enabled"}\'\n'
    )


def test_the_minimum_size_is_ours_to_say_where_no_foreign_rule_depends_on_it() -> None:
    assert "minimum_size" not in lock_text(DIGEST, [PLAIN])


def test_what_is_written_is_read_back() -> None:
    folder, found = read_files({"fleet.lock.yaml": lock_text(DIGEST, [FOREIGN, PLAIN]).encode()})
    assert not found
    assert folder.lock is not None
    first, second = folder.lock.buckets
    assert (first.name.value, first.versioning, first.object_lock) == (
        "acme-models",
        Versioning.OFF,
        True,
    )
    assert [rule.value for rule in second.foreign] == list(FOREIGN.foreign)


def test_the_order_of_the_entries_does_not_matter() -> None:
    entries = [PLAIN, FOREIGN, replace(PLAIN, account_id="000000000001")]
    assert len({lock_text(DIGEST, each) for each in permutations(entries)}) == 1


def test_a_long_rule_stays_on_one_line() -> None:
    rule = '{"ID": "' + "word " * 2_000 + '"}'
    assert rule in lock_text(DIGEST, [replace(PLAIN, foreign=(rule,))])


def test_an_account_with_nothing_of_ours_makes_a_valid_lock() -> None:
    _, found = read_files({"fleet.lock.yaml": lock_text(DIGEST, []).encode()})
    assert not found
