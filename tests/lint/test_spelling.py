"""What a rule lacks is spelt as the file spells it."""

from __future__ import annotations

import json

import pytest

from firnline.lint.check import check_lifecycle_file
from firnline.lint.spelling import marker_removal, spelt, tag_filter
from firnline.lint.written import Form
from firnline.s3.shape import Json
from firnline.s3.xml_tree import read_xml
from tests.lint.sources import wrapped_terraform as terraform
from tests.lint.sources.terraform_files import FRAMEWORK
from tests.lint.sources.wrapped import template

ENDS: Json = {"Expiration": {"Days": 30}}
MARKERS: Json = {"NoncurrentVersionExpiration": {"NoncurrentDays": 30}}
WILD: Json = {**ENDS, **MARKERS, "Filter": {"Prefix": "runs/*/tmp/"}}
VERSIONED: Json = {"VersioningConfiguration": {"Status": "Enabled"}}


def bare(shape: Json) -> Json:
    return shape


WRITTEN = {
    Form.JSON: ("rules.json", bare),
    Form.TERRAFORM: ("plan.json", lambda shape: terraform.planned(shape, FRAMEWORK)),
    Form.PULUMI: ("stack.json", lambda shape: terraform.stack(shape, 7)),
    Form.CLOUDFORMATION: ("stack.json", lambda shape: template(shape, **VERSIONED)),
}


def helped(form: Form, code: str, actions: Json) -> str:
    path, write = WRITTEN[form]
    rule = {"ID": "a", "Status": "Enabled", "Filter": {"Prefix": "tmp/"}, **actions}
    found = check_lifecycle_file(json.dumps(write({"Rules": [rule]})).encode(), path)
    return next(each.help for each in found if each.kind.code == code)


@pytest.mark.parametrize("form", WRITTEN)
def test_the_end_of_old_versions_is_called_as_in_the_file(form: Form) -> None:
    name = spelt("NoncurrentVersionExpiration", form)
    assert helped(form, "FL310", ENDS) == f"add `{name}` to this rule"


@pytest.mark.parametrize("form", WRITTEN)
def test_the_end_of_delete_markers_is_called_as_in_the_file(form: Form) -> None:
    assert helped(form, "FL243", MARKERS) == f"add `{marker_removal(form)}` for the same keys"


@pytest.mark.parametrize("form", WRITTEN)
def test_a_filter_by_a_tag_is_called_as_in_the_file(form: Form) -> None:
    assert tag_filter("runs/", "kind", "tmp", form) in helped(form, "FL308", WILD)


def test_what_is_shown_is_what_the_form_reads() -> None:
    assert json.loads(f"{{{marker_removal(Form.JSON)}}}") == {
        "Expiration": {"ExpiredObjectDeleteMarker": True}
    }
    element = read_xml(marker_removal(Form.XML).encode())
    assert [each.name for each in element.children] == ["ExpiredObjectDeleteMarker"]
