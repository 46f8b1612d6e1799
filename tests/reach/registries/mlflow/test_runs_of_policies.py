"""What `firnline gc refs` says of MLflow's runs, by the policies beside the fleet file."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from firnline.reach.references import CheckpointRule, Reference, Unneeded
from tests.reach.registries.fleets import fleet_folder, found_in, gc_refs
from tests.reach.registries.mlflow.stores import client_of, empty_store

POLICY = """\
firnline: policy/v1
policy: ml
owner: lab
why: artifacts of the churn team
applies_to: [{account: lab, buckets: acme-ml}]
versioning: enabled
references: {from: prod-mlflow, grace: 14d}
runs:
  churn:
    from: prod-mlflow
    experiments: churn-*
    keep_best: {count: 1, metric: auc, goal: maximize}
    checkpoints: {match: checkpoints/*, keep_newest: 2, of: finished}
uploads: {abort_after: 7d}
"""
RUNS = {"best": 0.9, "tied": 0.9, "worse": 0.5, "broken": float("nan")}


def _ms(days: float) -> int:
    return int((datetime.now(UTC) - timedelta(days=days)).timestamp() * 1000)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("runs")
    store = empty_store(folder)
    with client_of(store) as client:
        experiment = client.create_experiment("churn-v2", artifact_location="s3://acme-ml/churn")
        for name, auc in RUNS.items():
            run = client.create_run(experiment, start_time=_ms(101), run_name=name)
            client.log_metric(run.info.run_id, "auc", auc, timestamp=_ms(100))
            client.set_terminated(run.info.run_id, "FINISHED", end_time=_ms(100))
    fleet_folder(folder, f"  prod-mlflow: {{mlflow: {{tracking_uri: sqlite:///{store}}}}}\n")
    return folder


@pytest.fixture
def policy(folder: Path) -> Path:
    file = folder / "policies" / "ml.yaml"
    file.write_text(POLICY)
    return file


@pytest.mark.usefixtures("policy")
def test_the_best_are_live_with_their_checkpoints_and_the_others_are_not_needed(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = folder / "refs.jsonl"
    assert gc_refs(folder, "--out", str(file)) == 0
    found = [each for _, each in found_in(file)]
    live = {each.because[0].split()[1] for each in found if isinstance(each, Reference)}
    gone = {each.because[0].split()[1]: each for each in found if isinstance(each, Unneeded)}
    rules = {each.because[0].split()[1] for each in found if isinstance(each, CheckpointRule)}
    assert live == rules == {"best", "tied"}
    assert gone.keys() == {"worse", "broken"}
    assert {each.reason.value for each in gone.values()} == {"run_not_kept"}
    shown = capsys.readouterr().out
    assert "note: churn-v2: 2 runs (best, tied) tie for the last place by `auc`" in shown
    assert "1 run (broken) has NaN as `auc`" in shown


def test_without_an_entry_all_that_finished_are_live(folder: Path, policy: Path) -> None:
    policy.unlink()
    file = folder / "all.jsonl"
    assert gc_refs(folder, "--out", str(file)) == 0
    found = [each for _, each in found_in(file)]
    assert sum(isinstance(each, Reference) for each in found) == len(RUNS)
    assert not any(isinstance(each, Unneeded | CheckpointRule) for each in found)


def test_no_run_is_judged_by_a_policy_that_cannot_be_read(
    folder: Path, policy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    policy.write_text(POLICY.replace("count: 1", "count: one"))
    file = folder / "none.jsonl"
    assert gc_refs(folder, "--out", str(file)) == 1
    assert not file.exists()
    assert "so which runs they keep is not known" in capsys.readouterr().err
