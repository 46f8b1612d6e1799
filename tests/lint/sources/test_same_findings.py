"""Whatever program a configuration is written for, what is found in it is the same."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firnline.diagnostics.kinds import Diagnostic
from firnline.lint import Circumstances
from firnline.lint.check import check_lifecycle_file
from firnline.s3.shape import Json
from firnline.s3.terms import Versioning
from tests.lint.lifecycle_files import SMALL_MOVES, LifecycleFile, lifecycle_file
from tests.lint.sources.wrapped import as_json, as_yaml, policies, template

_SENDER = re.compile(r"^if [\w' ]+ sends this, ")
_NAME = re.compile(r"`[A-Za-z_]+`")
Found = list[tuple[str, str, str, tuple[str, ...]]]


def found_in(text: str, path: str, file: LifecycleFile) -> Found:
    """Without that members are null, which S3 never sees."""
    versioning = Versioning(file.versioning) if file.versioning else None
    said = Circumstances(versioning=versioning, today=file.today)
    found = check_lifecycle_file(text.encode(), path, said)
    return sorted(
        (d.kind.code, d.severity.value, _NAME.sub(_unspelt, d.message), _notes(d))
        for d in found
        if d.kind.code != "FL249"
    )


def _unspelt(name: re.Match[str]) -> str:
    """A name as every program has it: `NoncurrentDays`, `noncurrent_days`."""
    return name[0].lower().replace("_", "")


def _notes(found: Diagnostic) -> tuple[str, ...]:
    """Without which program sends it to S3, or does not, and what that may leave in the bucket."""
    said = (note for note in found.notes if not note.startswith("Cloud Custodian keeps"))
    return tuple(_SENDER.sub("", note).replace("S3 would answer", "S3 answers") for note in said)


def in_cloudformation(configuration: Json) -> Json:
    """Nothing is known of the bucket's versioning."""
    return template(configuration, VersioningConfiguration={"Status": {"Ref": "Versioning"}})


def with_nulls(configuration: Json) -> Json:
    """As programs write it that know what absent means."""
    unset = {"Prefix": None, "AbortIncompleteMultipartUpload": None, "Transitions": None}
    return {**configuration, "Rules": [{**unset, **rule} for rule in configuration["Rules"]]}


FORMS: dict[str, tuple[str, Callable[[Json], str]]] = {
    "CloudFormation, JSON": ("stack.json", lambda shape: as_json(in_cloudformation(shape))),
    "CloudFormation, YAML": ("stack.yaml", lambda shape: as_yaml(in_cloudformation(shape))),
    "AWS CLI, YAML": ("rules.yaml", as_yaml),
    "AWS CLI, YAML input": ("in.yaml", lambda shape: as_yaml({"LifecycleConfiguration": shape})),
    "boto3": ("r.json", lambda shape: as_json({"ResponseMetadata": {"RetryAttempts": 0}, **shape})),
    "with null": ("n.json", lambda shape: as_json(with_nulls(shape))),
}
WITHOUT_HEADER: dict[str, tuple[str, Callable[[Json], str]]] = {
    "Cloud Custodian, JSON": ("c7n.json", lambda shape: as_json(policies(shape))),
    "Cloud Custodian, YAML": ("c7n.yml", lambda shape: as_yaml(policies(shape))),
    "a bare list": ("list.json", lambda shape: as_json(shape["Rules"])),
    "a bare list, YAML": ("list.yaml", lambda shape: as_yaml(shape["Rules"])),
}


@pytest.mark.parametrize(
    ("path", "write"), [*FORMS.values(), *WITHOUT_HEADER.values()], ids=[*FORMS, *WITHOUT_HEADER]
)
@settings(max_examples=40)
@given(number=st.integers(0, 2**32))
def test_a_wrapped_configuration_has_the_findings_of_the_bare_one(
    path: str, write: Callable[[Json], str], number: int
) -> None:
    file = lifecycle_file(number)
    header = {}
    if file.small_objects_move and (path, write) in FORMS.values():
        header = {"TransitionDefaultMinimumObjectSize": SMALL_MOVES}
    # Not every program can write a `Filter` with nothing in it.
    rules = [{**rule, "Filter": rule["Filter"] or {"Prefix": ""}} for rule in file.rules]
    bare = {**header, "Rules": rules}
    assert found_in(write(bare), path, file) == found_in(as_json(bare), "rules.json", file)
