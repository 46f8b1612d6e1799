"""Experiments, trials and components: what they belong to, who made them, and their lists."""

from __future__ import annotations

from typing import Any

from moto.core.utils import camelcase_to_underscores

from firnline.testing.responses import Response
from firnline.testing.sagemaker.call import Call, Json, Refused, json_response, not_found
from firnline.testing.sagemaker.page import list_page

_MERGED = ("Parameters", "InputArtifacts", "OutputArtifacts")


def create_experiment(call: Call) -> Response:
    return _create(call, call.backend.experiments, "ExperimentName")


def create_trial(call: Call) -> Response:
    if call.body["ExperimentName"] not in call.backend.experiments:
        raise not_found(f"Experiment {call.body['ExperimentName']}")
    return _create(call, call.backend.trials, "TrialName")


def create_component(call: Call) -> Response:
    return _create(call, call.backend.trial_components, "TrialComponentName")


def describe_experiment(call: Call) -> Response:
    made = call.backend.experiments.get(call.body["ExperimentName"])
    if made is None:
        raise not_found(f"Experiment {call.body['ExperimentName']}")
    return json_response(_description(made, "Experiment"))


def describe_trial(call: Call) -> Response:
    return json_response(_description(_trial(call), "Trial"))


def update_experiment(call: Call) -> Response:
    return _update(call, call.backend.experiments, "Experiment")


def update_trial(call: Call) -> Response:
    return _update(call, call.backend.trials, "Trial")


def update_component(call: Call) -> Response:
    """Adds what is named to what is there; moto replaces it all."""
    kept = _component(call)
    merged = dict(call.body)
    for each in _MERGED:
        if each in call.body:
            merged[each] = {**getattr(kept, camelcase_to_underscores(each)), **call.body[each]}
    response = call.to_moto(merged)
    kept.last_modified_by = call.caller
    return response


def delete_experiment(call: Call) -> Response:
    name = call.body["ExperimentName"]
    if any(each.experiment_name == name for each in call.backend.trials.values()):
        raise Refused(f"Experiment {name} has trials: delete them first", "ConflictException")
    return call.to_moto()


def delete_trial(call: Call) -> Response:
    trial = call.backend.trials.get(call.body["TrialName"])
    if trial and trial.trial_components:
        raise Refused(
            f"Trial {trial.trial_name} has trial components: disassociate them first",
            "ConflictException",
        )
    return call.to_moto()


def delete_component(call: Call) -> Response:
    name = call.body["TrialComponentName"]
    if trials := [trial for trial, _ in parents(call.backend, name)]:
        raise Refused(
            f"Trial component {name} belongs to {', '.join(trials)}: disassociate it first",
            "ConflictException",
        )
    return call.to_moto()


def associate(call: Call) -> Response:
    trial, component = _trial(call), _component(call)
    if component.trial_component_name not in trial.trial_components:
        trial.trial_components.append(component.trial_component_name)
    return json_response({"TrialArn": trial.arn, "TrialComponentArn": component.arn})


def disassociate(call: Call) -> Response:
    trial, component = _trial(call), _component(call)
    if component.trial_component_name in trial.trial_components:
        trial.trial_components.remove(component.trial_component_name)
    return json_response({"TrialArn": trial.arn, "TrialComponentArn": component.arn})


def list_experiments(call: Call) -> Response:
    found = (_summary(each, "Experiment") for each in call.backend.experiments.values())
    return json_response(list_page(call.body, "ExperimentSummaries", found, "ExperimentName"))


def list_trials(call: Call) -> Response:
    experiment, component = call.body.get("ExperimentName"), call.body.get("TrialComponentName")
    found = (
        _summary(each, "Trial")
        for each in call.backend.trials.values()
        if experiment in (None, each.experiment_name)
        and (component is None or component in each.trial_components)
    )
    return json_response(list_page(call.body, "TrialSummaries", found, "TrialName"))


def list_components(call: Call) -> Response:
    filters = [each for each in ("ExperimentName", "TrialName", "SourceArn") if each in call.body]
    if len(filters) > 1:
        raise Refused(f"Only one of {' and '.join(filters)} can be given")
    found = (
        _component_summary(each)
        for each in call.backend.trial_components.values()
        if _is_wanted(call, each)
    )
    page = list_page(call.body, "TrialComponentSummaries", found, "TrialComponentName")
    return json_response(page)


def parents(backend: Any, component: str) -> list[tuple[str, str]]:
    """The trials that a component belongs to, each with its experiment."""
    return [
        (each.trial_name, each.experiment_name)
        for each in backend.trials.values()
        if component in each.trial_components
    ]


def _is_wanted(call: Call, component: Any) -> bool:
    name = component.trial_component_name
    match call.body:
        case {"TrialName": trial}:
            return any(trial == each for each, _ in parents(call.backend, name))
        case {"ExperimentName": experiment}:
            return any(experiment == each for _, each in parents(call.backend, name))
        case {"SourceArn": source}:
            return bool(source == getattr(component, "source", {}).get("SourceArn"))
        case _:
            return True


def _create(call: Call, kept: dict[str, Any], key: str) -> Response:
    name = call.body[key]
    if name in kept:
        raise Refused(f"{key} {name} exists already: names are unique in an account")
    response = call.to_moto()
    if response.status == 200:
        made = kept[name]
        made.created_by = made.last_modified_by = call.caller
        made.tags = list(call.body.get("Tags", ()))
        made.display_name = call.body.get("DisplayName", name)
        made.description = call.body.get("Description")
    return response


def _update(call: Call, kept: dict[str, Any], kind: str) -> Response:
    made = kept.get(call.body[f"{kind}Name"])
    if made is None:
        raise not_found(f"{kind} {call.body[f'{kind}Name']}")
    made.display_name = call.body.get("DisplayName", made.display_name)
    made.description = call.body.get("Description", made.description)
    made.last_modified_time, made.last_modified_by = call.now, call.caller
    return json_response({f"{kind}Arn": made.arn})


def _trial(call: Call) -> Any:
    name = call.body["TrialName"]
    if name not in call.backend.trials:
        raise not_found(f"Trial {name}")
    return call.backend.trials[name]


def _component(call: Call) -> Any:
    name = call.body["TrialComponentName"]
    if name not in call.backend.trial_components:
        raise not_found(f"Trial component {name}")
    return call.backend.trial_components[name]


def _summary(made: Any, kind: str) -> Json:
    name = made.experiment_name if kind == "Experiment" else made.trial_name
    return {
        f"{kind}Name": name,
        f"{kind}Arn": made.arn,
        "DisplayName": getattr(made, "display_name", name),
        "CreationTime": made.creation_time,
        "LastModifiedTime": made.last_modified_time,
    }


def _description(made: Any, kind: str) -> Json:
    experiment = {"ExperimentName": made.experiment_name} if kind == "Trial" else {}
    return {
        **_summary(made, kind),
        **experiment,
        "Description": getattr(made, "description", None) if kind == "Experiment" else None,
        "CreatedBy": getattr(made, "created_by", None),
        "LastModifiedBy": getattr(made, "last_modified_by", None),
    }


def _component_summary(made: Any) -> Json:
    return {
        "TrialComponentName": made.trial_component_name,
        "TrialComponentArn": made.arn,
        "DisplayName": made.display_name,
        "TrialComponentSource": getattr(made, "source", None),
        "Status": made.status,
        "StartTime": made.start_time,
        "EndTime": made.end_time,
        "CreationTime": made.creation_time,
        "CreatedBy": made.created_by,
        "LastModifiedTime": made.last_modified_time,
        "LastModifiedBy": made.last_modified_by,
    }
