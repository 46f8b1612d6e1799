"""A file → the lifecycle configurations in it, whichever program wrote it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from firnline.diagnostics.position import Source, Span, whole_file
from firnline.diagnostics.remedy import Advise
from firnline.language.data_tree import DataTree
from firnline.language.encoding import other_encoding
from firnline.language.json_tree import NoJson, read_json
from firnline.language.syntax import UNREADABLE, Content, Unreadable
from firnline.language.yaml_data import NoYamlData, read_yaml
from firnline.language.yaml_tree import DUPLICATE_KEY
from firnline.lint import is_yaml
from firnline.lint.kinds import DOCUMENT
from firnline.lint.sources import custodian, minio, other_programs, s3_shape, s3_xml
from firnline.lint.sources.cloudformation import compiled
from firnline.lint.sources.cloudformation import template as cloudformation
from firnline.lint.sources.pulumi import stack
from firnline.lint.sources.terraform import json_configuration, shown, state_file
from firnline.lint.written import Form, ReadFile

Reader = Callable[[DataTree, Source, Form], ReadFile | None]
"""Reads the data of one program's files; None where the data is another's. `Form` is JSON or YAML,
as the text is."""

READERS: Final[tuple[Reader, ...]] = (
    state_file.read,
    shown.read,
    stack.read,
    cloudformation.read,
    compiled.read,
    custodian.read_policies,
    custodian.read_resources,
    minio.read,
    s3_shape.read,
    json_configuration.read,
    other_programs.read,
)
"""The first that knows the data reads it."""


def read_file(content: Content, path: str) -> ReadFile:
    """Never raises: what cannot be read is a diagnostic."""
    if isinstance(content, Unreadable):
        remedy = Advise(content.remedy)
        found = UNREADABLE.at(whole_file(path), content.reason, remedy=remedy)
        return ReadFile(diagnostics=(found,))
    if (encoded := other_encoding(content)) is not None:
        reason, todo = encoded
        return ReadFile(diagnostics=(UNREADABLE.at(whole_file(path), reason, remedy=Advise(todo)),))
    source = Source(path, content.decode("utf-8-sig", "replace"))
    if source.text.lstrip().startswith("<"):
        return other_programs.read_xml(content, source) or s3_xml.read(content, source)
    if "\ufffd" in source.text and not _is_utf8(content):
        return ReadFile(diagnostics=(UNREADABLE.at(whole_file(path), "it is not UTF-8"),))
    if (known := other_programs.read_text(content, source)) is not None:
        return known
    form = Form.YAML if is_yaml(path, content) else Form.JSON
    try:
        tree = read_yaml(source) if form is Form.YAML else read_json(source)
    except (NoJson, NoYamlData) as error:
        valid = "valid YAML, JSON," if form is Form.YAML else "JSON,"
        remedy = Advise(f"write {valid} or S3's XML")
        return ReadFile(diagnostics=(DOCUMENT.at(error.span, str(error), remedy=remedy),))
    return _read_data(tree, source, form)


def _read_data(tree: DataTree, source: Source, form: Form) -> ReadFile:
    twice = tuple(DUPLICATE_KEY.at(span, "this key again") for span in tree.twice)
    for reader in READERS:
        if (read := reader(tree, source, form)) is not None:
            return replace(read, diagnostics=(*twice, *read.diagnostics))
    message = "this file contains no lifecycle configuration"
    found = DOCUMENT.at(Span(source, 0, min(1, len(source.text))), message)
    return ReadFile(diagnostics=(*twice, found))


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
