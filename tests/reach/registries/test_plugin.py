"""A registry that an installed package reads, under an entry point of `firnline.registries`."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.reach.registries.fleets import fleet_folder, gc_refs, problem_of, uris

STORE = """
from datetime import UTC, datetime
from firnline.reach.location import locations_of
from firnline.reach.references import Reference, Strength
from firnline.reach.source import Certificate

class Store:
    def __init__(self, name, settings, world):
        self.name, self.settings = name, settings

    def read(self):
        now = datetime.now(UTC)
        for uri in self.settings["uris"]:
            if uri == "broken":
                raise RuntimeError("token=s3cr3t")
            for location in locations_of(uri):
                yield Reference(location, Strength.PIN, (self.name,))
        yield Certificate(now, now, 1, count=1, independent_count=1)
"""


@pytest.fixture(autouse=True)
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As pip leaves it."""
    site = tmp_path / "site"
    about = site / "acme_store-1.dist-info"
    about.mkdir(parents=True)
    (site / "acme_store.py").write_text(STORE)
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: acme-store\nVersion: 1\n")
    (about / "entry_points.txt").write_text("[firnline.registries]\nacme = acme_store:Store\n")
    monkeypatch.syspath_prepend(str(site))
    monkeypatch.delitem(sys.modules, "acme_store", raising=False)


def read(folder: Path, name: str, uris: str) -> tuple[int, Path]:
    fleet_folder(folder, f"  store: {{plugin: {{name: {name}, settings: {{uris: [{uris}]}}}}}}\n")
    return gc_refs(folder, "--out", str(folder / "refs")), folder / "refs"


def test_a_package_brings_a_source_and_gets_its_settings(tmp_path: Path) -> None:
    code, file = read(tmp_path, "acme", '"s3://acme/a", "s3://acme/b"')
    assert (code, uris(file)) == (0, {"s3://acme/a/", "s3://acme/b/"})


def test_whatever_it_raises_is_not_complete_and_not_repeated(tmp_path: Path) -> None:
    code, file = read(tmp_path, "acme", '"s3://acme/a", broken')
    assert code == 1
    assert "failed with RuntimeError in the plugin `acme`" in problem_of(file, "store")
    assert "s3cr3t" not in file.read_text()


def test_one_that_is_not_installed_is_named_with_those_that_are(tmp_path: Path) -> None:
    code, file = read(tmp_path, "acne", '"s3://acme/a"')
    assert code == 1
    assert "`acne`, which no installed package brings (there are: acme)" in problem_of(
        file, "store"
    )
