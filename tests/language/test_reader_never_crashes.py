"""Whatever bytes a file holds, the compile ends with a result: no traceback, no hang.

`make test` tries some thousand inputs, `make soak` a hundred thousand.
"""

from __future__ import annotations

import os
import random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from firnline.diagnostics.json import to_json
from firnline.diagnostics.text import to_text
from firnline.pipeline import compile_files
from firnline.targets.s3_json import render
from tests.policies import whole

INPUTS = int(os.environ.get("FIRNLINE_FUZZ_INPUTS", "3000"))
GOOD = whole(
    "retain:\n  models:\n    prefix: [models/, a/]\n    warm_after: 30d\n    cold_after: 90d\n"
    "    delete_after: 365d\n    old_versions: {delete_after: 7d}\n  tmp: {prefix: tmp/,"
    " delete_after: 1w}\nuploads: {abort_after: 7d}\ndelete_markers: expire\n"
)
FLEET = (
    "firnline: fleet/v1\nnamespace: acme\n"
    'accounts: {lab: {id: "111122223333", regions: us-east-1}}\n'
    "releases: {lab/old: {leave: keep, why: x}}\n"
)
# What a person, an editor or a merge may put anywhere in a file.
INSERTS = [
    "",
    "\t",
    "\n",
    "\r",
    ": ",
    "- ",
    "*a",
    "&a ",
    "!x ",
    "!!python/name:os ",
    "[",
    "]",
    "{",
    "}",
    '"',
    "'",
    "|",
    ">",
    "#",
    "%",
    "@",
    "`",
    "---\n",
    "...\n",
    "<<: ",
    "? ",
    "~",
    "null",
    "yes",
    "1e3",
    "0x1f",
    "-1d",
    "30",
    "99999999999d",
    "never",
    "\u202e",
    "\x00",
    "\ufeff",
    "\u2028",
    "日本",
    "\U0001f4a9",
    '"\\ud800"',
    '"\\0"',
    "  ",
    "firnline: policy/v1\n",
    "*" * 50,
    "[" * 40,
]


@settings(
    max_examples=max(200, INPUTS // 10),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(st.binary(max_size=200))
def test_random_bytes_give_a_result(content: bytes) -> None:
    _run(content)


@settings(max_examples=max(200, INPUTS // 10), deadline=None)
@given(st.text(alphabet=" \n\t:-[]{}*&!'\"|>#%@,?abd01\u202e\x00é", max_size=80))
def test_random_yaml_like_text_gives_a_result(text: str) -> None:
    _run(text.encode())


def test_damaged_files_give_a_result() -> None:
    chance = random.Random(20261121)
    for _ in range(INPUTS):
        text = chance.choice([GOOD, FLEET])
        for _ in range(chance.randint(1, 4)):
            start = chance.randrange(len(text) + 1)
            end = min(len(text), start + chance.choice([0, 0, 1, 5, 30]))
            text = text[:start] + chance.choice(INSERTS) + text[end:]
        _run(text.encode())


def _run(content: bytes) -> None:
    compilation = compile_files({"policies/p.yaml": content})
    drawn = to_text(compilation.diagnostics, colour=True)
    assert compilation.diagnostics or compilation.folder != type(compilation.folder)()
    assert not any(sign in drawn for sign in "\x00\u202e\u2066")
    to_json(compilation.diagnostics)
    render(compilation)
