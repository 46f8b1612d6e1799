"""The sample of the whole design: what `compile --proof` and `explain` say of it, read by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from firnline.cli import main
from tests.golden_files import Golden

SAMPLE = Path("tests/golden/design-sample")
ON_A_DAY = ("--policies", str(SAMPLE), "--at", "2026-11-21T12:00:00Z")
ASKED = (
    ("checkpoints/run-1/epoch-3.pt", "--size", "90MiB", "--created", "2026-06-01"),
    ("experiments/killed/2026-q3/run-7/model.pt", "--created", "2026-08-01"),
    ("models/production/fraud/14/model.pt", "--created", "2025-01-01"),
    ("audit/2026-11-01.log", "--size", "900B", "--created", "2026-11-01"),
    ("notebooks/idea.ipynb", "--created", "2024-05-05"),
)


@pytest.fixture(autouse=True)
def _in_the_checkout(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(Path(__file__).parents[1])
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("NO_COLOR", "1")


def test_explain_says_who_owns_what_and_when_it_goes(
    capsys: pytest.CaptureFixture[str], golden: Golden
) -> None:
    said = []
    for key, *options in ASKED:
        address = f"s3://acme-ml-artifacts-use1/{key}"
        assert main(["explain", address, *options, *ON_A_DAY]) == 0
        said.append(
            f"$ firnline explain {' '.join([address, *options])}\n{capsys.readouterr().out}"
        )
    golden.text(SAMPLE / "explain.txt", "\n".join(said))


def test_the_proof_says_what_it_looked_at_and_what_it_assumes(
    capsys: pytest.CaptureFixture[str], golden: Golden
) -> None:
    assert main(["compile", str(SAMPLE), "--proof", "--out", "s3-json"]) == 0
    told = capsys.readouterr().err
    golden.text(SAMPLE / "proof.txt", told[told.index("proved for") :])
