"""A fix makes its diagnostic go away, and leaves everything else as it was, byte for byte."""

from __future__ import annotations

import re
from collections.abc import Mapping
from operator import attrgetter

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from firnline.catalog import catalog
from firnline.cli.fixing import Plan, diff, plan_fixes
from firnline.diagnostics.fix import Edit, Fix, apply
from firnline.diagnostics.fixes import FIX_SKIPPED, fixable
from firnline.diagnostics.kinds import Diagnostic, Kind, Severity, has_errors
from firnline.diagnostics.position import Source, Span
from firnline.language.check import Known
from firnline.language.checks.lock_examples import lock_file, policy_file
from firnline.language.misspelt import misspelt
from firnline.language.syntax import Content
from firnline.pipeline import Compilation, check_files
from tests.policies import TODAY, codes, files_of, project_of, whole

KIND = Kind("FL999", "test", Severity.ERROR, "a title", "why", "do this", "", "")
GOOD = """\
# The lab's policy: this comment stays.
firnline: policy/v1
policy: lab
owner: lab
why: "an example: with a colon"   # and a remark

applies_to:
  - {account: lab, buckets: [lab-data]}   # one bucket
storage_classes: {warm: ONEZONE_IA, cold: "GLACIER_IR"}
versioning: enabled

retain:
  # runs, in a block

  runs:
    prefix:   runs/        # three spaces before
    warm_after: 30d
    delete_after: 365d     # a year
    old_versions: {delete_after: 14d}

  tmp: {prefix: [tmp/, 'temp/'],   delete_after: "14d", old_versions: { delete_after: 7d } }
  deep:
    {
      prefix: deep/,  # in braces, on lines
      cold_after: 30d,
      delete_after: 400d,
      old_versions: {delete_after: 30d},
    }
uploads: {abort_after: 7d}
"""


def _check(files: Mapping[str, Content]) -> tuple[Diagnostic, ...]:
    return check_files(files, Known(today=TODAY)).diagnostics


def _compiled(text: str) -> Compilation:
    return check_files({"policies/p.yaml": text.encode()}, Known(today=TODAY))


def _plan(text: str, *, unsafe: bool = False) -> Plan:
    return plan_fixes({"policies/p.yaml": text.encode()}, _check, unsafe=unsafe)


def _mended(text: str, *, unsafe: bool = False) -> str:
    content = _plan(text, unsafe=unsafe).files["policies/p.yaml"]
    assert isinstance(content, bytes)
    return content.decode()


def _edit(source: Source, start: int, end: int, text: str) -> Fix:
    return Fix((Edit(Span(source, start, end), text),), safe=True)


def test_the_good_policy_is_good() -> None:
    assert _compiled(GOOD).diagnostics == ()


# The edit itself


def test_edits_are_made_at_the_places_of_the_old_text_in_any_order() -> None:
    source = Source("p", "abcdef")
    fixes = [_edit(source, 4, 5, "EEE"), _edit(source, 1, 2, ""), _edit(source, 5, 5, "+")]
    assert apply(source.text, fixes) == ("acdEEE+f", ())


def test_of_two_fixes_that_overlap_the_later_is_left_out_whole() -> None:
    source = Source("p", "abcdef")
    first = _edit(source, 0, 3, "X")
    second = Fix((*_edit(source, 2, 4, "Y").edits, *_edit(source, 5, 6, "Z").edits), safe=True)
    assert apply(source.text, [second, first]) == ("Xdef", (second,))


def test_the_same_fix_is_made_once_and_two_that_put_in_at_one_place_overlap() -> None:
    source = Source("p", "ab")
    once, other = _edit(source, 1, 1, "x"), _edit(source, 1, 1, "y")
    assert apply("ab", [once, once]) == ("axb", ())
    assert apply("ab", [once, other]) == ("axb", (other,))


@given(st.data())
def test_whatever_the_edits_the_text_between_them_stays(data: st.DataObject) -> None:
    text = data.draw(st.text(max_size=30))
    source = Source("p", text)
    place = st.integers(0, len(text))
    ranges = data.draw(st.lists(st.tuples(place, place).map(sorted), max_size=8))
    fixes = [_edit(source, start, end, f"<{n}>") for n, (start, end) in enumerate(ranges)]
    edited, skipped = apply(text, fixes)
    made = sorted(
        (fix.edits[0] for fix in fixes if fix not in skipped),
        key=lambda edit: (edit.span.start, edit.span.end),
    )
    covered = {i for edit in made for i in range(edit.span.start, edit.span.end)}
    assert len(covered) == sum(edit.span.end - edit.span.start for edit in made)
    kept = "".join(letter for i, letter in enumerate(text) if i not in covered)
    without = edited
    for edit in made:
        without = without.replace(edit.text, "", 1)
    assume("<" not in text)
    assert without == kept


# Good policies, broken and mended

_KEYS = sorted(set(re.findall(r"[a-z_]{4,}(?=:)", GOOD)) - {"runs", "deep", "lab", "example"})
# `cold` and `warm` in storage_classes have names of four letters: one slip each.


@st.composite
def _slips(draw: st.DrawFn, word: str) -> str:
    at = draw(st.integers(0, len(word) - 1))
    letter = word[at]
    slips = [
        word[:at] + letter + word[at:],
        word[:at] + word[at : at + 2][::-1] + word[at + 2 :],
        word.upper(),
        word.replace("_", "-"),
    ]
    start, end = word.rfind("_", 0, at) + 1, (word + "_").index("_", at)
    if end - start > 4:  # `cold` and `old`, `warm` and `arm` are all words
        slips.append(word[:at] + word[at + 1 :])
        if letter != "_":  # `abortqafter` is one word
            slips.append(word[:at] + "q" + word[at + 1 :])
    slip = draw(st.sampled_from(slips))
    assume(slip != word)
    return slip


@st.composite
def _broken(draw: st.DrawFn) -> tuple[str, bool, str]:
    """The good policy with one mistake, whether its fix is safe, and what it should become."""
    wrong: list[tuple[str, str, bool, str]] = []  # pattern, replacement, safe, mended
    key = draw(st.sampled_from(_KEYS))
    wrong.append((rf"\b{key}(?=:)", draw(_slips(key)), True, key))
    spelt = draw(st.sampled_from(["{} days", "P{}D", "{}", "{}D", "0{}d", "{}  d"]))
    wrong.append((r"\b(\d+)d\b", spelt, spelt != "{}", "{}d"))
    enum = draw(st.sampled_from(["enabled", "ONEZONE_IA"]))
    wrong.append((rf"\b{enum}\b", draw(_slips(enum)), True, enum))
    wrong.append((r"(?<=abort_after: )7d", "0w", False, "1d"))
    prefix = draw(st.sampled_from(["runs/", "tmp/", "temp/", "deep/"]))
    slashed = f"/{prefix}"
    wrong.append((rf"(?<![\w/]){prefix}", slashed, False, prefix))
    wrong.append((rf"(?<![\w/]){prefix}", f"{prefix}*", False, prefix))
    pattern, replacement, safe, mended = draw(st.sampled_from(wrong))
    match = draw(st.sampled_from(list(re.finditer(pattern, GOOD))))
    number = match[1] if match.re.groups else ""
    before, behind = GOOD[: match.start()], GOOD[match.end() :]
    broken = before + replacement.format(number) + behind
    expected = before + mended.format(number) + behind
    if draw(st.booleans()):
        broken, expected = broken.replace("\n", "\r\n"), expected.replace("\n", "\r\n")
    return broken, safe, expected


@given(_broken())
def test_a_slip_is_mended_to_the_very_text_it_was(case: tuple[str, bool, str]) -> None:
    broken, safe, expected = case
    found = _compiled(broken).diagnostics
    assume(found)
    assert fixable(found, unsafe=True)
    assert bool(fixable(found, unsafe=False)) == safe
    assert _mended(broken, unsafe=True) == expected
    assert _mended(broken) == (expected if safe else broken)
    assert not has_errors(_compiled(expected).diagnostics)


@given(st.data())
def test_mending_twice_changes_nothing_and_never_breaks_whatever_the_text(
    data: st.DataObject,
) -> None:
    text = GOOD
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(text) - 1))
        piece = data.draw(st.sampled_from(["", "x", "/", "*", "0", "'", "{", "\n", ": ", " days"]))
        text = text[:at] + piece + text[at + data.draw(st.integers(0, 3)) :]
    before = _compiled(text).diagnostics
    once = _mended(text, unsafe=True)
    again = _plan(once, unsafe=True)
    assert (again.made, again.changed) == (0, ())
    if not before:
        assert once == text


@pytest.mark.parametrize(
    ("cut", "lost"),
    [
        ("\n    old_versions: {delete_after: 14d}", "runs"),
        (", old_versions: { delete_after: 7d }", "tmp"),
        ("\n      old_versions: {delete_after: 30d},", "deep"),
    ],
)
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_an_end_of_old_versions_is_put_in_beside_the_deletion(
    cut: str, lost: str, line_end: str
) -> None:
    text = GOOD.replace(cut, "").replace("\n", line_end)
    assert codes(_compiled(text).diagnostics) == ["FL310"], lost
    mended = _mended(text, unsafe=True)
    assert _compiled(mended).diagnostics == ()
    added = re.compile(r"(\r?\n *|, )\"?old_versions\"?: \{\"?delete_after\"?: \"?7d\"?\}")
    assert text in [
        mended[: match.start()] + mended[match.end() :] for match in added.finditer(mended)
    ]
    assert mended.count("\n") == mended.count(line_end)


# The catalog

# Those whose wrong example has a fix; others have one only where it is clear what was meant.
FIXED = {"FL105", "FL106", "FL109", "FL208", "FL309", "FL310", "FL314", "FL602", "FL605"}
FIXED |= {"FL221", "FL301", "FL303", "FL406", "FL407", "FL609", "FL905"}
# Who lets two retentions agree may have made one of them needless.
LEFT = {"FL301": {"FL305"}}


@pytest.mark.parametrize("kind", catalog(), ids=attrgetter("name"))
def test_mending_a_wrong_example_leaves_no_error_where_it_has_a_fix(kind: Kind) -> None:
    files, project = files_of(kind.wrong), project_of(kind.wrong)

    def check(files: Mapping[str, Content]) -> tuple[Diagnostic, ...]:
        return check_files(files, Known(project, TODAY)).diagnostics

    found = fixable(check(files), unsafe=True)
    assert bool(found) == (kind.code in FIXED)
    plan = plan_fixes(files, check, unsafe=True)
    assert bool(plan.changed) == bool(found)
    left = {each.kind.code for each in check(plan.files)}
    assert not found or left == LEFT.get(kind.code, set())


def test_a_key_that_is_there_already_is_not_written_again() -> None:
    text = whole("retain: {tmp: {prefix: tmp/, delete_afer: 7d, delete_after: 7d}}")
    assert _plan(text, unsafe=True).changed == ()


def test_two_slips_of_one_key_are_left_to_a_person() -> None:
    text = whole("retain: {tmp: {prefix: tmp/, delete_afer: 7d, delete_aftr: 9d}}")
    assert _plan(text, unsafe=True).changed == ()


def test_a_key_and_then_its_value_are_mended_in_one_run() -> None:
    text = whole("retain: {tmp: {prefix: tmp/, delete_afer: 30 days}}")
    plan = _plan(text)
    assert plan.made == 2
    assert _mended(text) == whole("retain: {tmp: {prefix: tmp/, delete_after: 30d}}")


@pytest.mark.parametrize(
    "fragment",
    [
        "retain: {t: {prefix: t/, delete_after: 1m}}",  # a month, or a minute
        "retain: {t: {prefix: t/, delete_after: 0 days}}",  # at once, or never
        "retain: {t: {prefix: t/, delete_after: 99999999999 days}}",
        'retain: {t: {prefix: t/, delete_after: "30\\u0020days"}}',  # an escape
        "retain: {t: {prefix: t/, delete_after: &a 30 days}}",  # an anchor
        "retain: {t: {prefix: t/, delete_after: 30\n   days}}",  # on two lines
        "retain: {t: {prefix: t/, delete_after: 7d, delete_when: unreferenced}}",
        "retain: {t: {prefix: t/, delete_after: 7d, hot_after: 1d}}",
        "storage_classes: {cold: GLACIER_I}",  # GLACIER, or GLACIER_IR
        "retain: {t: {prefix: /, delete_after: 7d}}",  # would be the whole bucket
        'retain: {t: {prefix: "*", delete_after: 7d}}',
        'retain: {t: {prefix: "t/{a,b}", delete_after: 7d}}',
        "retain: {t: {prefix: [/t/, t/], delete_after: 7d}}",
        "retain: {t: {prefix: [/t/, //t/], delete_after: 7d}}",
        "retain: {t: {prefix: t/, warm_after: 30d, delete_after: 0d}}",
    ],
)
def test_what_could_mean_two_things_is_left_to_a_person(fragment: str) -> None:
    text = whole(fragment)
    assert _compiled(text).diagnostics
    assert _mended(text, unsafe=True) == text


@pytest.mark.parametrize("prefix", ["/#x/", "/- x/", '"/!x/"', "'/a: b/'", "/日本/"])
def test_a_new_value_is_quoted_where_yaml_would_read_it_otherwise(prefix: str) -> None:
    text = whole(f"retain:\n  t:\n    prefix: {prefix}\n    delete_after: 7d")
    mended = _compiled(_mended(text, unsafe=True))
    assert mended.diagnostics == ()
    (retention,) = mended.folder.policies[0].retentions
    assert retention.prefixes[0].value == prefix.strip("\"'")[1:]


def test_a_json_file_stays_json() -> None:
    text = (
        '{"firnline": "policy/v1", "policy": "a", "owner": "a", "why": "so",'
        ' "applies_to": [{"account": "lab", "buckets": "lab-data"}], "versioning": "enabled",'
        ' "uploads": {"abort_after": "3d"},'
        ' "retain": {"t": {"prefix": "/t/", "delete_after": "7 days"}}}'
    )
    mended = _mended(text, unsafe=True)
    assert '"prefix": "t/", "delete_after": "7d", "old_versions": {"delete_after": "7d"}' in mended
    assert _compiled(mended).diagnostics == ()


def test_a_bare_number_is_made_days_only_where_a_person_looks_at_it() -> None:
    text = whole("retain: {tmp: {prefix: tmp/, delete_after: 7}}")
    assert _plan(text).changed == ()
    assert _mended(text, unsafe=True) == text.replace("7}", "7d}")


def test_a_byte_order_mark_stays() -> None:
    files = {"p.yaml": b"\xef\xbb\xbf" + GOOD.replace("30d", "30 days").encode()}
    plan = plan_fixes(files, _check, unsafe=False)
    assert plan.files["p.yaml"] == b"\xef\xbb\xbf" + GOOD.encode()
    assert diff("p.yaml", files["p.yaml"], plan.files["p.yaml"]).count("\n+ ") == 3


def test_a_lock_is_never_edited() -> None:
    files: dict[str, Content] = {
        "policies/fleet.lock.yaml": lock_file().replace("digest:", "digets:").encode(),
        "policies/p.yaml": policy_file().encode(),
    }
    assert any(each.kind.code == "FL103" for each in _check(files))
    assert plan_fixes(files, _check, unsafe=True).changed == ()
    files["policies/fleet.lock.yaml"] = lock_file().replace("firnline:", "firnlin:").encode()
    assert plan_fixes(files, _check, unsafe=True).changed == ()


def test_a_fix_that_is_left_out_again_and_again_is_told() -> None:
    """No two of today's fixes overlap; these never leave off."""

    def check(files: Mapping[str, Content]) -> tuple[Diagnostic, ...]:
        content = files["p.yaml"]
        assert isinstance(content, bytes)
        source = Source("p.yaml", content.decode())
        span = Span(source, 0, 1)
        return tuple(
            KIND.at(span, message, fix=_edit(source, 0, 1, text))
            for message, text in (("first", "aa"), ("second", "b"))
        )

    plan = plan_fixes({"p.yaml": b"x"}, check, unsafe=False)
    assert [(note.kind, note.severity) for note in plan.notes] == [(FIX_SKIPPED, Severity.NOTE)]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("wyh", "why"),
        ("Delete-After", "delete_after"),
        ("deleteAfter", "delete_after"),
        ("delet_aftr", "delete_after"),
        ("delete_when", None),
        ("hot_after", None),
        ("id", None),
    ],
)
def test_only_a_slip_of_the_finger_is_a_misspelling(written: str, meant: str | None) -> None:
    known = ["why", "delete_after", "warm_after", "cold_after", "archive_after", "is"]
    assert misspelt(written, known) == meant
