"""Whatever is in a file: a diagnostic with place and remedy, never a traceback."""

from __future__ import annotations

import pytest

from firnline.diagnostics.concise import to_concise
from firnline.diagnostics.json import to_json
from firnline.diagnostics.text import to_text
from firnline.language.checks.lock_examples import FLEET, lock_file, policy_file
from firnline.pipeline import compile_files
from tests.places import span_of
from tests.policies import codes, compiled, whole

FILES: dict[str, tuple[bytes, list[str]]] = {
    "an empty file": (b"", ["FL001"]),
    "a file of comments": (b"# nothing\n", ["FL001"]),
    "a binary file": (b"\x7fELF\x02\x01\x01\x00\x00", ["FL001"]),
    "a picture": (b"\x89PNG\r\n\x1a\n\x00\x00", ["FL001"]),
    "UTF-16": ("firnline: policy/v1\n".encode("utf-16"), ["FL001"]),
    "Latin-1": ("why: café".encode("latin-1"), ["FL001"]),
    "a list": (b"- a\n- b\n", ["FL001"]),
    "plain text": (b"hello\n", ["FL001"]),
    "a tab": (b"firnline: policy/v1\n\tpolicy: x\n", ["FL002"]),
    "nesting 10,000 deep": (b"a: " + b"[" * 10_000, ["FL004"]),
    "nesting 100,000 deep": (b"a: " + b"{b: " * 100_000, ["FL004"]),
    "nesting in blocks": (b"".join(b" " * n + b"a:\n" for n in range(60)), ["FL004"]),
    "an alias bomb": (
        b"a: &a [x]\nb: &b [*a,*a,*a]\nc: &c [*b,*b,*b]\nd: [*c,*c,*c]\n",
        ["FL004"],
    ),
    "a Python tag": (b"a: !!python/object/apply:os.system [ls]\n", ["FL004", "FL101"]),
    "a merge key": (b"firnline: policy/v1\n<<: {a: b}\n", ["FL102", "FL103"]),
    "two documents": (b"firnline: policy/v1\n---\nfirnline: policy/v1\n", ["FL005"]),
    "a right-to-left override": ("why: \u202egnp".encode(), ["FL006"]),
    "an escape for the terminal": (b"why: \x1b[2K", ["FL006"]),
    "a lone carriage return": (b"why: a\rb", ["FL006"]),
    "a misspelt first key": (b"firnlne: policy/v1\n", ["FL103"]),
    "another tool's file": (b"apiVersion: v1\nkind: Pod\n", ["FL101"]),
    "a kind of tomorrow": (b"firnline: policy/v2\n", ["FL101"]),
    "the first key elsewhere": (b"policy: x\nfirnline: policy/v1\n", ["FL101"]),
    "a lone surrogate": (b'firnline: "\\ud800"\n', ["FL002"]),
}


@pytest.mark.parametrize("what", FILES)
def test_an_unreadable_file_is_told_and_others_are_still_read(what: str) -> None:
    content, expected = FILES[what]
    compilation = compile_files({"policies/bad.yaml": content, "policies/good.yaml": GOOD})
    assert codes(compilation.diagnostics) == expected
    assert compilation.buckets == ()
    assert len(compilation.folder.policies) >= 1
    assert all(found.help for found in compilation.diagnostics)
    assert "policies/bad.yaml" in to_text(compilation.diagnostics)


GOOD = whole("retain: {tmp: {prefix: tmp/, delete_after: 7d}}").encode()


@pytest.mark.parametrize(
    "content",
    [b"\xef\xbb\xbf" + GOOD, GOOD.replace(b"\n", b"\r\n"), GOOD + b"\n\n# end", GOOD.rstrip()],
    ids=["byte-order mark", "CRLF", "comment at the end", "no line end"],
)
def test_a_byte_order_mark_and_other_line_ends_change_nothing(content: bytes) -> None:
    compilation = compile_files({"p.yaml": content})
    assert compilation.diagnostics == ()
    assert compilation.buckets[0].rules == compile_files({"p.yaml": GOOD}).buckets[0].rules


def test_places_are_right_behind_a_byte_order_mark_and_crlf() -> None:
    text = "\ufeff" + whole("retain: {tmp: {prefix: tmp/, delete_after: 7}}").replace("\n", "\r\n")
    (found,) = compile_files({"p.yaml": text.encode()}).diagnostics
    assert span_of(found).source.text[span_of(found).start : span_of(found).end] == "7"
    assert (span_of(found).line, span_of(found).column) == (7, 44)


@pytest.mark.parametrize(
    ("settings", "line", "column"),
    [
        ("retain: {tmp: {prefix: tmp/, delete_after: 7}}", 1, 44),
        ('retain: {tmp: {prefix: tmp/, delete_after: "7"}}', 1, 44),
        ("retain:\n  tmp:\n    prefix: tmp/\n    delete_after: 7\n", 4, 19),
        ("retain:\n  tmp:\n    prefix: tmp/\n    delete_after: >-\n      7\n", 4, 19),
        ("retain: {tmp: {prefix: 'tmp/',\t delete_after: 7}}", 1, 47),
        ("retain: {tmp: {prefix: tmp/, why: größer, delete_after: 7}}", 1, 57),
        ("retain: {tmp: {prefix: tmp/, why: kept on ice 🧊, delete_after: 7}}", 1, 64),
    ],
    ids=["flow", "quoted", "block", "folded", "a tab", "umlauts", "beyond the BMP"],
)
def test_places_are_right_however_a_value_is_written(settings: str, line: int, column: int) -> None:
    text = whole(settings)
    before = text[: text.index("retain:")].count("\n")
    (found,) = compile_files({"p.yaml": text.encode()}).diagnostics
    assert found.kind.code == "FL105"
    assert (span_of(found).line - before, span_of(found).column) == (line, column)


def test_a_line_of_five_megabytes_is_shown_in_part() -> None:
    text = whole(f"retain: {{tmp: {{prefix: tmp/, wyh: {'x' * 5_000_000}, delete_after: 7d}}}}")
    drawn = to_text(compile_files({"p.yaml": text.encode()}).diagnostics)
    assert "FL103" in drawn
    assert len(drawn) < 2_000


_SYNTAX = "write days, weeks or years, such as 30d, 2w or 7y, or never"
_TOO_LONG = "write never, or fewer days"
DURATIONS = {
    "30": "write 30d, if days are meant",
    "1m": None,
    "30 days": "write 30d",
    "P30D": "write 30d",
    "-1d": None,
    "1e3": None,
    "1:30": None,
    "no": "write never",
    "1.5d": None,
    "٣d": "write 3d",
    "030d": "write 30d",
    "99999999999d": _TOO_LONG,
    "9" * 5000 + "d": _TOO_LONG,
    "2147483648d": _TOO_LONG,
}


@pytest.mark.parametrize("written", DURATIONS)
def test_what_is_no_duration_is_refused_at_its_place_and_says_what_was_meant(written: str) -> None:
    found = compiled(f'retain: {{tmp: {{prefix: tmp/, delete_after: "{written}"}}}}').diagnostics
    assert codes(found) == ["FL105"]
    assert found[0].help == (DURATIONS[written] or _SYNTAX)
    assert span_of(found[0]).source.text[span_of(found[0]).start] == '"'


def test_the_longest_duration_that_s3_takes_is_taken() -> None:
    assert compiled("retain: {t: {prefix: t/, delete_after: 2147483647d}}").diagnostics == ()


@pytest.mark.parametrize(
    ("fragment", "expected"),
    [
        ("retain: {tmp: {prefix: , delete_after: 7d}}", ["FL104"]),
        ("retain: {tmp: {prefix: [], delete_after: 7d}}", ["FL104"]),
        ("retain: {tmp: {prefix: [[a]], delete_after: 7d}}", ["FL104"]),
        ("retain: {tmp: {prefix: [a/, b/, a/], delete_after: 7d}}", ["FL104"]),
        ("retain: {tmp: {delete_after: 7d}}", ["FL102"]),
        ("retain: {tmp: {prefix: /tmp/, delete_after: 7d}}", ["FL309"]),
        ('retain: {tmp: {prefix: "tmp/*", delete_after: 7d}}', ["FL308"]),
        (f"retain: {{tmp: {{prefix: {'p' * 1024}/, delete_after: 7d}}}}", ["FL202"]),
        (f"retain: {{tmp: {{prefix: {'é' * 512}/, delete_after: 7d}}}}", ["FL202"]),
        ('retain: {tmp: {prefix: "a\\0b/", delete_after: 7d}}', ["FL006"]),
        ('retain: {tmp: {prefix: "a\\u202eb/", delete_after: 7d}}', ["FL006"]),
        ('retain: {tmp: {prefix: "a\\nb/", delete_after: 7d}}', ["FL006"]),
        ("retain:\n  tmp:\n    prefix: |\n      tmp/\n    delete_after: 7d", ["FL006"]),
        ('owner: "  "', ["FL104"]),
        ('retain: {tmp: {prefix: "s3://lab-data/tmp/", delete_after: 7d}}', ["FL321"]),
        ('retain: {tmp: {prefix: "a\\u00adb/", delete_after: 7d}}', ["FL006"]),
        ('retain: {tmp: {prefix: "a\\ufffeb/", delete_after: 7d}}', ["FL006"]),
        ("retain: {tmp: {prefix: tmp/, delete_after: 0d}}", ["FL208"]),
        ("retain: {tmp: {prefix: tmp/, delete_after: 7d, old_versions: {}}}", ["FL104"]),
        ("retain: {tmp: 7d}", ["FL104"]),
        ("retain: [tmp]", ["FL104"]),
        ("retain: {Tmp Files: {prefix: tmp/, delete_after: 7d}}", ["FL104"]),
        ("retain: {t: {prefix: t/, delete_after: 7d, size: {above: 1GiB}}}", ["FL103"]),
        ("retain: {t: {prefix: t/, delete_after: 7d, size: {over: 1GB}}}", ["FL106"]),
        ("retain: {t: {prefix: t/, delete_after: 7d, size: {over: 2000TiB}}}", ["FL106"]),
        ("retain: {t: {prefix: t/, delete_after: 7d, size: {under: 1B}}}", ["FL210"]),
        ("retain: {t: {prefix: t/, delete_after: 7d, size: {}}}", ["FL104"]),
        ("retain: {t: {prefix: t/, delete_after: 7d, smallest_move: 128}}", ["FL106"]),
        ("retain: {t: {prefix: t/, delete_after: 7d, tags: {}}}", ["FL104"]),
        ("retain: {t: {prefix: t/, delete_after: 7d, tags: [a]}}", ["FL104"]),
        ("retain: {t: {prefix: t/, delete_after: 7d, tags: {a: [b, b]}}}", ["FL104"]),
        (f"retain: {{t: {{prefix: t/, delete_after: 7d, tags: {{{'k' * 129}: b}}}}}}", ["FL104"]),
        ("retain: {t: {prefix: t/, delete_after: 7d, tags: {a: {b: c}}}}", ["FL104"]),
        ("foreign_rules: drop", ["FL104"]),
        ("applies_to: [{account: lab, regions: moon, buckets: b}]", ["FL104"]),
        ("versioning: enabled\nold_versions: {delete_after: 7d, keep_newest: three}", ["FL104"]),
        (
            "versioning: enabled\nold_versions: {delete_after: 7d, keep_newest: {count: 3}}",
            ["FL102"],
        ),
        ("versioning: enabled\nold_versions: {delete_after: 7d, keep_newest: 101}", ["FL206"]),
        ("versioning: enabled\nold_versions: {keep_newest: 3}", ["FL313"]),
        ("uploads: {abort_after: 0d}", ["FL208"]),
        ("uploads: {abort_afer: 1d}", ["FL103"]),
        ("versioning: yes", ["FL104"]),
        ("versioning: no", ["FL104"]),
        ("storage_classes: {warm: STANDARD}", ["FL109"]),
        ("storage_classes: {tepid: STANDARD_IA}", ["FL103"]),
        ("review_by: 2027-02-30", ["FL110"]),
        ("review_by: 31.03.2027", ["FL110"]),
        ("applies_to: []", ["FL104"]),
        ("applies_to: [{account: lab}]", ["FL102"]),
        ("applies_to: [{account: lab, buckets: [Lab_Data]}]", ["FL104"]),
        ("applies_to: [lab]", ["FL104"]),
        (
            "applies_to: [{account: lab, buckets: lab--use1-az1--x-s3}]\n"
            "retain: {t: {prefix: t/, warm_after: 30d, delete_after: 90d}}",
            ["FL211"],
        ),
        ("owner:", ["FL104"]),
        ("owner: [a, b]", ["FL104"]),
    ],
)
def test_a_wrong_value_is_told_by_its_own_kind_alone(fragment: str, expected: list[str]) -> None:
    found = compiled(fragment).diagnostics
    assert codes(found) == expected
    assert all(each.help and span_of(each).source.text for each in found)


def test_account_ids_stay_text_whatever_yaml_would_make_of_them() -> None:
    fleet = (
        "firnline: fleet/v1\nnamespace: acme\n"
        "accounts: {lab: {id: 012345670123, regions: us-east-1}}\n"
    )
    folder = compiled({"fleet.yaml": fleet}).folder
    assert folder.fleet is not None
    assert folder.fleet.accounts[0].id.value == "012345670123"


def test_everything_wrong_in_all_files_is_reported_in_one_run() -> None:
    found = compiled(
        {
            "a.yaml": "wyh: x\nretain: {t: {prefix: t/, warm_after: 60d, cold_after: 30d,"
            " delete_after: 50d}, u: {prefix: /u/, delete_after: 30}}",
            "b.yaml": "firnline: policy/v1\npolicy: second\n"
            "retain: {v: {prefix: v*, delete_after: 7d}}",
            "c.yaml": "why: *x",
        }
    ).diagnostics
    assert codes(found) == ["FL004", "FL102", "FL103", "FL105", "FL203", "FL214", "FL308", "FL309"]


def test_a_key_that_is_nearly_right_is_named() -> None:
    (found,) = compiled("retain: {t: {prefx: t/, prefix: t/, delete_after: 7d}}").diagnostics
    assert span_of(found).source.text[span_of(found).start : span_of(found).end] == "prefx"
    (found,) = compiled("storage_classes: {warm: STANDARD-IA}").diagnostics
    assert found.help == "write `STANDARD_IA`"


def test_a_required_key_with_a_slip_in_it_is_one_mistake() -> None:
    fragment = "retain: {t: {prefix: t/, delete_afer: 7d}}"
    assert codes(compiled(fragment).diagnostics) == ["FL103"]
    # Which of two was meant nobody knows, so the key is missing.
    fragment = "retain: {t: {prefix: t/, delete_afer: 7d, delete_aftr: 9d}}"
    assert codes(compiled(fragment).diagnostics) == ["FL102", "FL103"]


def test_a_slip_beside_the_key_itself_points_at_both() -> None:
    (found,) = compiled("retain: {t: {prefix: t/, delete_afer: 7d, delete_after: 9d}}").diagnostics
    assert found.help == "remove one of the two"
    assert [label for _, label in found.also] == ["`delete_after` is written here"]


def test_a_version_that_is_not_known_asks_for_another_firnline() -> None:
    (found,) = compiled("firnline: policy/v2\npolicy: lab\n").diagnostics
    assert found.help == "upgrade firnline; this version reads policy/v1"


BROKEN_CLOCKS = {
    "a bad end": "a: {prefix: a/, delete_after: 9d}\n  b: {prefix: a/b/, delete_after: 400}",
    "no end": "a: {prefix: a/, delete_after: 9d}\n  b: {prefix: a/b/}",
    "an end that S3 cannot count": (
        "a: {prefix: a/, delete_after: 9d}\n  b: {prefix: a/, delete_after: 99999999999d}"
    ),
    "a bad end of noncurrent versions": (
        "a: {prefix: a/, delete_after: 9d, old_versions: {delete_after: 30}}"
    ),
}


@pytest.mark.parametrize("what", BROKEN_CLOCKS)
def test_nothing_is_concluded_from_a_clock_that_could_not_be_read(what: str) -> None:
    found = compiled(
        f"versioning: enabled\nold_versions: {{delete_after: 3d}}\nretain:\n  {BROKEN_CLOCKS[what]}"
    ).diagnostics
    assert set(codes(found)) <= {"FL102", "FL105"}


@pytest.mark.parametrize("broken", ["why: *x", "firnline: policy/v1\npolicy: x\nowner: y\n"])
def test_a_file_that_cannot_be_read_does_not_make_the_lock_look_stale(broken: str) -> None:
    right = {"fleet.yaml": FLEET, "fleet.lock.yaml": lock_file(), "policy.yaml": policy_file()}
    assert compiled(right).diagnostics == ()
    assert not {"FL708", "FL109"} & set(codes(compiled({**right, "more.yaml": broken}).diagnostics))


def test_newest_that_end_where_the_others_do_not_are_told_as_that_and_cut_nothing_short() -> None:
    found = compiled(
        "versioning: enabled\nretain:\n  a: {prefix: a/, delete_after: never,"
        " old_versions: {warm_after: 1d, keep_newest: {count: 3, delete_after: 7d}}}\n"
        "  b: {prefix: a/b/, delete_after: never, old_versions: {delete_after: never}}"
    ).diagnostics
    assert codes(found) == ["FL303", "FL313"]


MANY = 10_000
LARGE = {
    "unknown keys": "".join(f"key-{n}: x\n" for n in range(MANY)),
    "bad durations": "retain:\n"
    + "".join(f"  r{n}: {{prefix: p{n}/, delete_after: {n}}}\n" for n in range(MANY)),
    "control characters": "why: " + "\x1b" * 500_000,
    "nested prefixes": "retain:\n"
    + "".join(
        f"  r{n}: {{prefix: {'p' * n}/, delete_after: {n}d}}\n"
        f"  s{n}: {{prefix: {'p' * n}, delete_after: {n}d}}\n"
        for n in range(1, 500)
    ),
    "one line": "why: [" + "a, " * 500_000 + "]",
}
IN_EVERY_TEST_RUN = ("unknown keys", "control characters")


@pytest.mark.timeout(120)  # each takes about a second; what grew with the square took minutes
@pytest.mark.parametrize(
    "what",
    [
        pytest.param(what, marks=() if what in IN_EVERY_TEST_RUN else pytest.mark.slow)
        for what in LARGE
    ],
)
def test_ten_thousand_mistakes_take_moments_and_a_bounded_page(what: str) -> None:
    found = compiled(LARGE[what]).diagnostics
    drawn = to_text(found)
    assert "error[FL" in drawn
    assert len(drawn) < 60_000
    assert to_concise(found).count("\n") == len(found)  # these two hold all, each shortened
    assert len(to_concise(found)) < 200 + 200 * len(found)
    assert len(to_json(found)) < 1_000 + 3_000 * len(found)
