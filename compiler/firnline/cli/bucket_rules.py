"""Which rules does a command use? Those of a bucket of the policies, or of a file."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from firnline.cli.failed import CommandFailed
from firnline.cli.streams import columns, say, wants_colour
from firnline.diagnostics.kinds import has_errors
from firnline.diagnostics.remedy_words import in_words
from firnline.diagnostics.text import to_text
from firnline.diagnostics.visible import visible
from firnline.language.nearest import did_you_mean
from firnline.pipeline import Compilation, compile_files
from firnline.rules.bucket_rules import BucketRules
from firnline.s3.documents import NoDocument, configurations_in, is_xml, read_document
from firnline.s3.law.client_checks import client_refusal, refused_by_clients
from firnline.s3.law.header import MEMBER
from firnline.s3.law.judge import judge
from firnline.s3.model import RuleSet
from firnline.s3.read_shape import Unreadable, read_rules
from firnline.s3.terms import Versioning
from firnline.workspace import read_paths


@dataclass(frozen=True, slots=True)
class NamedRules:
    """The rules of a bucket or file, with its name; `compiled` where they come from policies."""

    name: str
    rules: RuleSet
    versioning: Versioning | None
    compiled: BucketRules | None = None


def of_bucket(name: str, folder: str, colour: str) -> NamedRules:
    """Raises `CommandFailed`."""
    compilation = compile_files(read_paths([folder]))
    if compilation.failed:
        shown = [each for each in compilation.diagnostics if has_errors([each])]
        say(to_text(shown, colour=wants_colour(sys.stderr, colour), columns=columns()))
        raise CommandFailed("the policies have errors, so there are no rules", code=1)
    found = _bucket(compilation, name)
    return NamedRules(found.bucket.name, found.rules, found.bucket.versioning, found)


def of_file(path: str, bucket: str | None) -> NamedRules:
    """JSON in boto3's shape, what `firnline compile --out s3-json` prints, or S3's XML.

    Raises `CommandFailed`.
    """
    try:
        with open(path, "rb") as stream:
            content = stream.read()
    except OSError as problem:
        raise CommandFailed(f"{path} cannot be read: {problem.strerror}") from None
    try:
        document = read_document(content)
    except NoDocument as problem:
        raise CommandFailed(f"{path}{problem}") from None
    shape = _one_of(document, path, bucket)
    header = shape.get(MEMBER)
    try:
        rules = read_rules(shape.get("Rules"), header)
    except Unreadable as problem:
        raise CommandFailed(f"{path}: {problem}") from None
    verdict = judge({"Rules": shape["Rules"]}, header=header)
    at_clients = {} if is_xml(content) else refused_by_clients({"Rules": shape["Rules"]}, header)
    for finding in verdict.findings[:5]:
        at_client = client_refusal(finding, at_clients)
        who = "S3" if at_client is None else "the AWS CLI and SDKs"
        why = f"{finding.code}: {finding.message}" if at_client is None else at_client.text
        say(f"{path}: {who} would refuse `{finding.path}`: {visible(why)}")
    if not verdict.accepted:
        say("what follows is what would happen if S3 accepted these rules")
    return NamedRules(bucket or path, rules, None)


def _bucket(compilation: Compilation, name: str) -> BucketRules:
    name = name.removeprefix("s3://").rstrip("/")
    known = {each.bucket.name: each for each in compilation.buckets}
    known |= {each.bucket.key: each for each in compilation.buckets}
    if name in known:
        return known[name]
    near = did_you_mean(name, known)
    hint = (
        f"; {in_words((near,))}"
        if near
        else "; it is covered by no policy, or the lock does not know it"
    )
    raise CommandFailed(f"no bucket `{visible(name)}` is compiled{hint}")


def _one_of(document: Mapping[str, Any], path: str, bucket: str | None) -> Mapping[str, Any]:
    found = [
        (each.bucket, each.shape)
        for each in configurations_in(document)
        if each.shape is not None and "Rules" in each.shape
    ]
    if not found:
        raise CommandFailed(f"{path} has no `Rules`")
    wanted = [
        shape
        for name, shape in found
        if name is None or bucket in (None, name, name.rsplit("/", 1)[-1])
    ]
    if len(wanted) != 1:
        names = ", ".join(str(name) for name, _ in found[:5])
        raise CommandFailed(f"{path} has rules of {len(found)} buckets: say --bucket ({names})")
    return wanted[0]
