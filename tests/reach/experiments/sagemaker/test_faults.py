"""Where SageMaker does not tell all, the reader says so, or finds it another way."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from firnline.reach.experiments.model import Run, RunStatus
from firnline.reach.experiments.sagemaker import RunsRead, read_runs
from tests.reach.experiments.sagemaker.worlds import Account, Requests


def read(account: Account, **answers: Any) -> tuple[dict[str, Run], RunsRead]:
    *runs, result = read_runs(Requests(account.sagemaker, answers))
    assert isinstance(result, RunsRead)
    found = {each.name: each for each in runs if isinstance(each, Run)}
    assert len(found) == len(runs)
    return found, result


def three(account: Account) -> None:
    account.experiment("fraud", "trial")
    for each in ("a", "b", "c"):
        account.component(each, "trial")


def without(name: str, key: str) -> Any:
    """Leaves a component out of a list or search, with its hit."""

    def change(answer: dict[str, Any], _: Any) -> dict[str, Any]:
        kept = [
            each
            for each in answer[key]
            if each.get("TrialComponent", each)["TrialComponentName"] != name
        ]
        hits = answer.get("TotalHits", {}).get("Value", 0) - 1
        return {**answer, key: kept, "TotalHits": {"Value": hits, "Relation": "EqualTo"}}

    return change


def test_a_component_that_search_does_not_know_yet_is_described(account: Account) -> None:
    three(account)

    runs, result = read(account, Search=without("b", "Results"))

    assert runs["b"].experiments == ("fraud",)
    assert runs["b"].groups == ("trial",)
    assert (result.count, result.independent_count) == (3, 3)
    assert result.counted_by == "a second list in the opposite order (trial components)"
    assert result.problems == ()


def test_a_state_that_search_has_too_old_is_described(account: Account) -> None:
    three(account)

    def stale(answer: dict[str, Any], _: Any) -> dict[str, Any]:
        for each in answer["Results"]:
            found = each["TrialComponent"]
            if found["TrialComponentName"] == "b":
                found["Status"] = {"PrimaryStatus": "Failed"}
                found["LastModifiedTime"] -= timedelta(minutes=5)
        return answer

    runs, result = read(account, Search=stale)

    assert runs["b"].status is RunStatus.FINISHED
    assert result.count == result.independent_count == 3


def test_an_experiment_that_search_does_not_know_of_yet_counts(account: Account) -> None:
    three(account)

    def orphaned(answer: dict[str, Any], _: Any) -> dict[str, Any]:
        for each in answer["Results"]:
            each["TrialComponent"]["Parents"] = []
        return answer

    runs, _ = read(account, Search=orphaned)

    assert {each.experiments for each in runs.values()} == {("fraud",)}


def test_a_component_that_one_list_lacks_makes_it_incomplete(account: Account) -> None:
    three(account)

    def in_one_order(answer: dict[str, Any], parameters: dict[str, Any]) -> dict[str, Any]:
        if parameters.get("SortOrder") == "Descending":
            return dict(without("b", "TrialComponentSummaries")(answer, parameters))
        return answer

    runs, result = read(account, ListTrialComponents=in_one_order)

    assert set(runs) == {"a", "b", "c"}
    (problem,) = result.problems
    assert problem.startswith("lists 3 trial components, and 2 in the opposite order, not the same")


def test_lists_that_lack_what_search_counts_are_incomplete(account: Account) -> None:
    three(account)

    _, result = read(account, ListTrialComponents=without("b", "TrialComponentSummaries"))

    assert result.count == 2
    (problem,) = result.problems
    assert "Search counts 3" in problem


def test_what_is_created_and_deleted_meanwhile_does_not_disturb(account: Account) -> None:
    three(account)
    account.component("loose")

    def change_the_world(answer: dict[str, Any], _: Any) -> dict[str, Any]:
        account.component("new", "trial")
        account.sagemaker.delete_trial_component(TrialComponentName="loose")
        return answer

    runs, result = read(account, ListExperiments=change_the_world)

    assert set(runs) == {"a", "b", "c", "new"}
    assert runs["new"].experiments == ("fraud",)
    assert (result.count, result.independent_count, result.problems) == (4, 4, ())


def test_a_status_that_is_not_known_is_a_problem(account: Account) -> None:
    three(account)

    def paused(answer: dict[str, Any], _: Any) -> dict[str, Any]:
        for each in answer["Results"]:
            each["TrialComponent"]["Status"] = {"PrimaryStatus": "Paused"}
        return answer

    runs, result = read(account, Search=paused)

    assert not runs
    assert len(result.problems) == 3
    assert "its status `Paused` is not known to this version: update Firnline" in result.problems[0]


def test_an_artifact_behind_an_access_point_is_a_problem(account: Account) -> None:
    account.component("tc", OutputArtifacts={"m": {"Value": "s3://team-abc-s3alias/model"}})

    runs, result = read(account)

    assert not runs
    (problem,) = result.problems
    assert "trial component tc" in problem


class Truncating:
    """Tells one step at a time; of `silent` metrics none."""

    def __init__(self, client: Any, silent: str = "") -> None:
        self._client, self._silent = client, silent

    def batch_get_metrics(self, *, MetricQueries: list[dict[str, Any]]) -> Any:
        answer = self._client.batch_get_metrics(MetricQueries=MetricQueries)
        for query, each in zip(MetricQueries, answer["MetricQueryResults"], strict=True):
            if query["MetricName"] == self._silent:
                each.update(Status="Truncated", XAxisValues=[], MetricValues=[])
            elif len(each["XAxisValues"]) > 1:
                each["Status"] = "Truncated"
                del each["XAxisValues"][1:], each["MetricValues"][1:]
        return answer


def test_truncated_metrics_are_read_to_their_end(account: Account) -> None:
    account.component("tc")
    account.log("tc", "auc", [0.5, 0.6, 0.7])

    run, result = read_runs(Requests(account.sagemaker), Truncating(account.metrics))

    assert isinstance(run, Run)
    assert [each.value for each in run.metrics[0].points] == [0.5, 0.6, 0.7]
    assert isinstance(result, RunsRead)
    assert result.problems == ()


def test_metrics_that_never_end_are_a_problem_and_keep_their_last_value(account: Account) -> None:
    account.component("tc")
    account.log("tc", "auc", [0.5, 0.6])

    run, result = read_runs(Requests(account.sagemaker), Truncating(account.metrics, "auc"))

    assert isinstance(run, Run)
    assert (run.metrics[0].last, run.metrics[0].points) == (0.6, ())
    assert isinstance(result, RunsRead)
    (problem,) = result.problems
    assert "does not tell all steps of the metric auc" in problem
