"""What the AWS CLI and SDKs refuse by themselves, held against botocore's own validation."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from botocore.loaders import Loader
from botocore.model import ListShape, ServiceModel, Shape, StructureShape
from botocore.validate import ParamValidator
from hypothesis import given, settings
from hypothesis import strategies as st

from firnline.s3.law.client_checks import (
    CONFIGURATION,
    ClientRefusal,
    ListOf,
    Scalar,
    Structure,
    refused_by_clients,
    structure_at,
)

SCALARS: dict[str, Scalar] = {
    "string": Scalar.TEXT,
    "integer": Scalar.INTEGER,
    "long": Scalar.INTEGER,
    "boolean": Scalar.BOOLEAN,
    "timestamp": Scalar.MOMENT,
}
WRONG: st.SearchStrategy[Any] = (
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False, allow_infinity=False, width=32)
    | st.sampled_from(["", "7", "Enabled", "2030-01-01", "soon", "2026-13-45", "true"])
    | st.just([])
    | st.just({})
    | st.just([{"Key": ""}])
)
NAMES = st.sampled_from(["Id", "Transition", "Priority", "Days", "Tags", "expiration", "x.y"])


@cache
def request() -> StructureShape:
    model = ServiceModel(Loader().load_service_model("s3", "service-2"))
    shape = model.operation_model("PutBucketLifecycleConfiguration").input_shape
    assert isinstance(shape, StructureShape)
    return shape


def configurations(shape: Shape | None = None) -> st.SearchStrategy[Any]:
    """Of the model's shape; each part is now and then of another type, left out, or unknown."""
    shape = shape or request().members["LifecycleConfiguration"]
    match shape:
        case StructureShape():
            members = {name: configurations(each) for name, each in shape.members.items()}
            required = {name: members.pop(name) for name in shape.required_members}
            known = st.fixed_dictionaries(required, optional=members)
            lacking = st.fixed_dictionaries({}, optional={**members, **required})
            unknown = st.builds(
                lambda said, name, value: {**said, name: value}, known, NAMES, WRONG
            )
            right: st.SearchStrategy[Any] = _mostly(known, lacking | unknown)
        case ListShape():
            right = st.lists(configurations(shape.member), max_size=2)
        case _:
            right = {
                "string": st.sampled_from(["Enabled", "GLACIER", "a/"]),
                "integer": st.integers(-1, 400),
                "long": st.integers(-1, 400),
                "boolean": st.booleans(),
                "timestamp": st.sampled_from(["2030-01-01", "2030-01-01T00:00:00Z", 0]),
            }[shape.type_name]
    return _mostly(right, WRONG)


def _mostly(right: st.SearchStrategy[Any], wrong: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.integers(0, 39).flatmap(lambda dice: wrong if dice == 39 else right)


def botocore_says(configuration: Any) -> set[str]:
    asked = {"Bucket": "b", "LifecycleConfiguration": configuration}
    report = ParamValidator().validate(asked, request())
    return set(report.generate_report().splitlines())


@settings(max_examples=500)
@given(configurations())
def test_the_clients_refuse_what_botocore_refuses_with_its_words(configuration: Any) -> None:
    found = refused_by_clients(configuration).values()
    try:
        said = botocore_says(configuration)
    except (OverflowError, RuntimeError):  # a date that no calendar has
        assert any(each.surely for each in found)
        return
    assert {each.text for each in found if each.surely} <= said
    assert said <= {each.text for each in found}


def test_the_members_are_those_of_the_service_model_in_its_order() -> None:
    def same(shape: Shape, ours: Structure | ListOf | Scalar) -> None:
        match ours:
            case Structure(members, required):
                assert isinstance(shape, StructureShape)
                assert list(shape.members) == list(members)
                assert tuple(shape.metadata.get("required", ())) == required
                for name, inner in members.items():
                    same(shape.members[name], inner)
            case ListOf(member):
                assert isinstance(shape, ListShape)
                same(shape.member, member)
            case Scalar():
                expected = Scalar.NOT_EMPTY if shape.metadata.get("min") else None
                assert ours is (expected or SCALARS[shape.type_name])

    same(request().members["LifecycleConfiguration"], CONFIGURATION)


@pytest.mark.parametrize("value", ["Friday", "10:30"])
def test_a_text_in_which_only_botocore_reads_a_date_is_not_surely_refused(value: str) -> None:
    configuration = {"Rules": [{"Status": "Enabled", "Expiration": {"Date": value}}]}
    assert not botocore_says(configuration)
    (refusal,) = refused_by_clients(configuration).values()
    assert not refusal.surely


def test_the_header_is_a_text() -> None:
    good: dict[str, Any] = {"Rules": []}
    assert refused_by_clients(good, "no_such_value") == {}
    name = "TransitionDefaultMinimumObjectSize"
    assert refused_by_clients(good, 128) == {
        name: ClientRefusal(
            f"Invalid type for parameter {name}, value: 128, type: <class 'int'>,"
            " valid types: <class 'str'>"
        )
    }


def test_a_long_value_is_cut() -> None:
    ((_, refusal),) = refused_by_clients({"Rules": "x" * 1000}).items()
    assert len(refusal.text) < 250


@pytest.mark.parametrize(
    ("path", "member"),
    [
        ("", "Rules"),
        ("Rules[3]", "ID"),
        ("Rules[0].Filter.And.Tags[1]", "Key"),
        ("Rules[0].Transitions[2]", "StorageClass"),
    ],
)
def test_a_path_leads_to_the_members_below_it(path: str, member: str) -> None:
    structure = structure_at(path)
    assert structure is not None
    assert member in structure.members


@pytest.mark.parametrize("path", ["Rules", "Rules[0].ID", "Rules[0].Nothing", "Nothing"])
def test_no_members_stand_below_other_paths(path: str) -> None:
    assert structure_at(path) is None
