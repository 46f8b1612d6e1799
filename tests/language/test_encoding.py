"""A file that is not UTF-8 is called by its encoding, with the way to convert it."""

from __future__ import annotations

import pytest

from firnline.diagnostics.kinds import Diagnostic
from firnline.language.syntax import read
from firnline.lint.check import check_lifecycle_file

RULES = '{"Rules": []}'
ENCODINGS = {
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16LE",
    "utf-16-be": "UTF-16BE",
    "utf-32": "UTF-32",
}


def in_either(text: str, encoding: str) -> tuple[Diagnostic, Diagnostic]:
    """As rules of S3's, and as a policy."""
    (of_rules,) = check_lifecycle_file(text.encode(encoding), "rules.json")
    _, (of_policy,) = read(text.encode(encoding), "policy.yaml")
    return of_rules, of_policy


@pytest.mark.parametrize(("encoding", "name"), ENCODINGS.items())
def test_the_encoding_is_named_with_the_way_to_convert_it(encoding: str, name: str) -> None:
    for found in in_either(RULES, encoding):
        assert found.kind.code == "FL001"
        assert found.message.startswith(f"it is {name}")
        assert f"`iconv -f {name} -t UTF-8`" in str(found.help)


def test_the_other_byte_order_is_named_too() -> None:
    content = b"\xfe\xff" + RULES.encode("utf-16-be")
    (found,) = check_lifecycle_file(content, "rules.json")
    assert found.message.startswith("it is UTF-16,")


@pytest.mark.parametrize("content", [b"", b"{", b"\xef\xbb\xbf" + RULES.encode(), b"\0\0"])
def test_what_may_be_utf_8_has_no_other_encoding(content: bytes) -> None:
    found = check_lifecycle_file(content, "rules.json")
    assert not any("only UTF-8" in each.message for each in found)
