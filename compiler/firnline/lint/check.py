"""A lifecycle file that people wrote without us → diagnostics: what S3 refuses, and what hurts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from firnline.diagnostics.kinds import Diagnostic
from firnline.diagnostics.position import Source, Span, whole_file
from firnline.diagnostics.remedy import Advise
from firnline.language.json_tree import NoJson, read_json
from firnline.language.syntax import UNREADABLE, Content, Unreadable
from firnline.language.yaml_tree import DUPLICATE_KEY
from firnline.lint import NOTHING_SAID, Circumstances
from firnline.lint.hazards import hazards
from firnline.lint.kinds import DOCUMENT
from firnline.lint.placed import AcceptedConfiguration, place
from firnline.lint.refused import refused
from firnline.lint.written import Written, in_json, in_xml
from firnline.s3.law.limits import MOST_RULES
from firnline.s3.law.verdict import BucketFacts, Verdict
from firnline.s3.model import MinimumSize, Rule
from firnline.s3.read_shape import read_rule
from firnline.s3.terms import Versioning
from firnline.s3.timestamps import as_boto3
from firnline.s3.xml_tree import MalformedXml


def check_lifecycle_file(
    content: Content, path: str, said: Circumstances = NOTHING_SAID
) -> tuple[Diagnostic, ...]:
    """JSON as the AWS CLI and Terraform print it, or S3's XML. Never raises."""
    if isinstance(content, Unreadable):
        return (UNREADABLE.at(whole_file(path), content.reason),)
    read = _read(content, path)
    return (
        *read.diagnostics,
        *(each for written in read.written for each in _check(written, said)),
    )


@dataclass(frozen=True, slots=True)
class _ReadFile:
    """The configurations in a file, and what is wrong with the file itself."""

    written: tuple[Written, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()


def _read(content: bytes, path: str) -> _ReadFile:
    is_xml = content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")
    source = Source(path, content.decode("utf-8-sig", "replace"))
    if is_xml:
        return _read_xml(content, source)
    if "\ufffd" in source.text and not _is_utf8(content):
        return _ReadFile(diagnostics=(UNREADABLE.at(whole_file(path), "it is not UTF-8"),))
    return _read_json(source)


def _read_xml(content: bytes, source: Source) -> _ReadFile:
    try:
        return _ReadFile((in_xml(content, source),))
    except MalformedXml as error:
        start = min(source.start_of(error.line) + error.column - 1, len(source.text))
        found = DOCUMENT.at(Span(source, start, start + 1), f"not XML: {error}")
        return _ReadFile(diagnostics=(found,))


def _read_json(source: Source) -> _ReadFile:
    try:
        tree = read_json(source)
    except NoJson as error:
        remedy = Advise("write JSON, or S3's XML")
        return _ReadFile(diagnostics=(DOCUMENT.at(error.span, str(error), remedy=remedy),))
    twice = tuple(DUPLICATE_KEY.at(span, "this key again") for span in tree.twice)
    written = in_json(tree, source)
    if written:
        return _ReadFile(written, twice)
    message = "this file contains no lifecycle configuration"
    found = DOCUMENT.at(Span(source, 0, min(1, len(source.text))), message)
    return _ReadFile(diagnostics=(*twice, found))


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _check(written: Written, said: Circumstances) -> Iterator[Diagnostic]:
    versioning = said.versioning or written.versioning
    bucket = BucketFacts(mfa_delete=written.mfa_delete)
    verdict, refusals = refused(written, bucket, said.partition, said.as_of)
    yield from refusals
    rules = [place(index, rule) for index, rule in _accepted(written, verdict)]
    if len(rules) > MOST_RULES:
        return  # S3 refuses it, and to compare them all would take long
    configuration = AcceptedConfiguration(
        written,
        tuple(each for each in rules if each.rule.enabled),
        _minimum_size(written),
        (versioning,) if versioning else (Versioning.ENABLED, Versioning.OFF),
        said.today,
        whole=all(finding.member == "ID" for finding in verdict.findings),
    )
    for each in hazards(configuration):
        yield replace(each, notes=(*each.notes, f"in {written.name}")) if written.name else each


def _minimum_size(written: Written) -> MinimumSize:
    """As the header says; the default where S3 would refuse the header."""
    try:
        return MinimumSize(written.header)
    except ValueError:
        return MinimumSize.ALL_128K


def _accepted(written: Written, verdict: Verdict) -> Iterator[tuple[int, Rule]]:
    """The rules without errors, whatever is wrong with others."""
    if not isinstance(written.configuration, Mapping):
        return
    said = written.configuration.get("Rules")
    guilty = {finding.rule for finding in verdict.findings if finding.member != "ID"}
    for index, rule in enumerate(said if isinstance(said, list) else ()):
        if index not in guilty:
            yield index, read_rule(_dated(rule))


def _dated(rule: Mapping[str, Any]) -> dict[str, Any]:
    """The rule with its dates as boto3 reads them, and without an ID that is no text."""
    shape = dict(rule)
    if not isinstance(shape.get("ID", ""), str):
        del shape["ID"]
    if "Expiration" in rule:
        shape["Expiration"] = _with_date(rule["Expiration"])
    if "Transitions" in rule:
        shape["Transitions"] = [_with_date(each) for each in rule["Transitions"]]
    return shape


def _with_date(said: Mapping[str, Any]) -> dict[str, Any]:
    return {**said, "Date": as_boto3(said["Date"])} if "Date" in said else dict(said)
