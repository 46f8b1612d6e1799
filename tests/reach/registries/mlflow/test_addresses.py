"""What an address that MLflow stores may mean."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from firnline.reach.location import UnknownLocation, locations_of
from firnline.reach.registries.mlflow.addresses import Addresses
from tests.reach.registries.mlflow.stores import texts_of

ID = "0123456789abcdef0123456789abcdef"
FOLDERS = (
    f"/{ID}",
    f"/{ID}/artifacts",
    f"/models/m-{ID}/artifacts",
    f"/traces/tr-{ID}/artifacts",
)


def addresses(destination: str = "") -> Addresses:
    return Addresses(destination, (), (), {})


@given(
    st.text("ab1/._=-%2Fé#?+ ", max_size=12),
    st.sampled_from(FOLDERS),
    st.sampled_from(["s3://acme-ml/", "s3a://acme-ml/", "s3://acme-ml"]),
)
@example(".", FOLDERS[0], "s3://acme-ml/")
def test_a_folder_of_an_experiment_has_the_readings_of_the_whole_address(
    root: str, folder: str, bucket: str
) -> None:
    """They are put together from those of the experiment, in which a hundred thousand are equal."""
    text = f"{bucket}{root}{folder}"
    try:
        expected = locations_of(text.strip())
    except UnknownLocation:
        with pytest.raises(UnknownLocation):
            addresses().of(text)
    else:
        known = addresses()
        assert [set(known.of(text)), set(known.of(text))] == [set(expected)] * 2


@pytest.mark.parametrize(
    "text",
    [
        "mlflow-artifacts:/1/x/artifacts",
        "mlflow-artifacts:///1/x/artifacts",
        "mlflow-artifacts://mlflow.acme.example/1/x/artifacts",
        "mlflow-artifacts://mlflow.acme.example:5000/1/x/artifacts",
        "https://mlflow.acme.example/api/2.0/mlflow-artifacts/artifacts/1/x/artifacts",
    ],
)
def test_a_proxied_address_is_below_the_destination(text: str) -> None:
    found = addresses("s3://acme-artifacts/dest/").of(text)
    assert texts_of(found) == ["s3://acme-artifacts/dest/1/x/artifacts/"]
    with pytest.raises(UnknownLocation, match="artifacts_destination"):
        addresses().of(text)


@pytest.mark.parametrize(
    "text",
    ["gs://b/x", "dbfs:/x", "/srv/mlruns/1", "file:///srv/x", "./mlruns", "wasbs://c@a/x", "C:\\x"],
)
def test_an_address_in_another_store_has_no_location(text: str) -> None:
    assert addresses().of(text) == ()


@pytest.mark.parametrize("text", ["s4://b/x", "models/churn", "weird:x", ""])
def test_an_address_of_an_unknown_form_is_not_passed_over(text: str) -> None:
    with pytest.raises(UnknownLocation):
        addresses().of(text)


def test_json_is_read_for_its_texts_and_not_as_one() -> None:
    found = addresses().harvest('{"uri": "s3:\\/\\/acme-data\\/a b\\/caf\\u00e9.csv"}')
    assert "s3://acme-data/a b/café.csv/" in texts_of(found)
