"""What is added to a file of approvals changes nothing else in it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firnline.language.add_approvals import NotAddable, with_entries
from firnline.language.layout import Formatted, format_file
from firnline.language.read_files import read_files

ENTRY = {
    "item": "sha256:" + "1" * 64,
    "from": "delete 180d (bytes gone 187d)",
    "to": "warm 3d, delete 18d",
    "buckets": ["*/*/bucket", "lab/us-east-1/lab-data"],
    "codes": ["FL401", "FL402"],
    "deletes_up_to": "110TiB",
    "by": "data",
    "until": "2027-01-31",
}
OTHER = {**ENTRY, "item": "sha256:" + "2" * 64, "by": "others"}
HEAD = "firnline: approvals/v1\n"


def items(text: str) -> list[tuple[str, str, tuple[str, ...]]]:
    folder, found = read_files({"approvals.yaml": text.encode()})
    assert not found, found
    (file,) = folder.approvals
    return [(each.item.value[7:8], each.by, each.buckets) for each in file.approvals]


def test_a_new_file_has_its_entries_in_canonical_form() -> None:
    text = with_entries(None, [ENTRY, OTHER])
    assert [each[:2] for each in items(text)] == [("1", "data"), ("2", "others")]
    formatted = format_file(text.encode(), "approvals.yaml")
    assert isinstance(formatted, Formatted)
    assert not formatted.changed


@pytest.mark.parametrize(
    "before",
    [
        HEAD,
        HEAD.rstrip(),
        f"# why\n{HEAD}# more",
        with_entries(None, [ENTRY]),
        with_entries(None, [ENTRY]).replace("    by: data\n", "    by: data  # she asked\n"),
        with_entries(None, [ENTRY]) + "# the end\n",
        with_entries(None, [ENTRY]).rstrip(),
        with_entries(None, [ENTRY]).replace("  - item", "- item").replace("\n    ", "\n  "),
        with_entries(None, [ENTRY])
        + "\nemergencies:\n  - {buckets: a/b/c, codes: FL401, why: x, by: y, until: 2027-01-31}\n",
        HEAD + "approvals:\n  - {item: sha256:" + "1" * 64 + ", from: a, to: b, buckets: a/b/c,"
        " codes: FL401, by: data, until: 2027-01-31}  # short\n",
    ],
)
def test_what_is_there_stays_and_the_entry_comes_after_it(before: str) -> None:
    there = items(before)
    after = with_entries(before, [OTHER])
    assert items(after) == [*there, ("2", "others", tuple(OTHER["buckets"]))]
    lines = iter(after.splitlines())
    assert all(line in lines for line in before.splitlines())  # in their order
    assert len(read_files({"a": after.encode()})[0].approvals[0].emergencies) == before.count(
        "emergencies"
    )


def test_a_list_in_brackets_is_left_to_a_person() -> None:
    with pytest.raises(NotAddable, match="brackets"):
        with_entries(HEAD + "approvals: []\n", [ENTRY])


@given(st.text(min_size=1).filter(lambda text: text.strip() and "\ufeff" not in text))
def test_any_text_is_read_again_as_it_was_or_refused(text: str) -> None:
    """Names come from a pull request."""
    written = with_entries(None, [{**ENTRY, "by": text}])
    folder, found = read_files({"approvals.yaml": written.encode("utf-8", "surrogatepass")})
    if not found:
        (approval,) = folder.approvals[0].approvals
        assert approval.by == text
        assert approval.codes == ("FL401", "FL402")


def test_lines_end_as_in_the_file() -> None:
    before = with_entries(None, [ENTRY]).replace("\n", "\r\n")
    after = with_entries(before, [OTHER])
    assert after.startswith(before)
    assert after.replace("\r\n", "").isprintable()
    assert [each[:2] for each in items(after)] == [("1", "data"), ("2", "others")]
