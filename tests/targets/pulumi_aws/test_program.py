"""The state of the stack is read while the engine may be writing it."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pulumi
import pytest

from firnline.targets.pulumi_aws import program

STATE = {
    "urn:pulumi:sandbox::firnline::pulumi:pulumi:Stack::firnline-sandbox": {"world": "sandbox"}
}


def engine_that_fails(times: int) -> Callable[..., Any]:
    answers = iter([Exception("failed to load checkpoint: EOF")] * times)

    def invoke(_function: str, _arguments: object) -> Any:
        if error := next(answers, None):
            raise error
        return SimpleNamespace(value={"outputs": STATE})

    return invoke


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(program, "_PAUSE_SECONDS", 0)


def test_a_state_that_is_just_being_written_is_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulumi.runtime, "invoke", engine_that_fails(3))
    assert program._state() == STATE


def test_a_state_that_cannot_be_read_ends_the_program(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulumi.runtime, "invoke", engine_that_fails(1_000))
    with pytest.raises(pulumi.RunError, match=r"cannot be read, so nothing is deployed.*EOF"):
        program._state()


def test_a_mistake_of_ours_is_no_state_that_is_being_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def invoke(_function: str, _arguments: object) -> Any:
        raise TypeError("not an argument")

    monkeypatch.setattr(pulumi.runtime, "invoke", invoke)
    with pytest.raises(TypeError, match="not an argument"):
        program._state()


def test_a_bucket_that_this_stack_lacks_is_looked_for_in_the_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    token = "firnline:s3:Retention$aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"
    states: dict[str, dict[str, Any]] = {
        name: {f"urn:pulumi:{name}::lab::{token}::{bucket}": {"outputs": {}}}
        for name, bucket in (("here", "mine"), ("old", "moved"))
    }
    read = []

    def invoke(_function: str, arguments: dict[str, str]) -> Any:
        name = arguments["stackName"].rpartition("/")[2]
        read.append(name)
        if name not in states:
            raise Exception(f'unknown stack "{name}"')  # as the engine does
        return SimpleNamespace(value={"outputs": states[name]})

    monkeypatch.setattr(pulumi.runtime, "invoke", invoke)
    run = program.Program(states["here"])
    run.look_into(["old"], ["mine"])
    assert (dict(run.elsewhere), read) == ({}, []), "this stack has all of them"
    run.look_into(["not-made-yet", "old"], ["mine", "moved", "new"])
    assert (dict(run.elsewhere), read) == ({"moved": "old"}, ["not-made-yet", "old"])
