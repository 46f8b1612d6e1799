"""One refusal holds back every write that is judged at the same time, or later."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

import pytest

from firnline.diagnostics.kinds import Diagnostic
from firnline.fleet.accounts import NoAccess
from firnline.fleet.live import Live
from firnline.targets.pulumi_aws.all_or_none import WriteBlocked
from firnline.targets.pulumi_aws.shared_look import SharedLook
from tests.targets.pulumi_aws.test_shared_look import FOREIGN, S3, SEVEN, code, look_of, run, to

DENIED = NoAccess("111122223333", "s3:GetLifecycleConfiguration", "AccessDenied: not today")
Verdict = Diagnostic | BaseException | None


def judged(s3: S3, *together: Sequence[str]) -> dict[str, Verdict]:
    """The writes of each group begin at the same time, those of the next one afterwards."""

    async def program() -> dict[str, Verdict]:
        shared, _ = look_of(s3)
        verdicts: dict[str, Verdict] = {}
        for buckets in together:
            verdicts |= zip(buckets, await asyncio.gather(*_refusals(shared, buckets)), strict=True)
        return verdicts

    return run(program)


def _refusals(shared: SharedLook, buckets: Sequence[str]) -> list[asyncio.Task[Verdict]]:
    async def verdict(bucket: str) -> Verdict:
        try:
            return await shared.refusal(to(bucket), preview=False)
        except (WriteBlocked, NoAccess) as error:
            return error

    return [asyncio.create_task(verdict(bucket)) for bucket in buckets]


def is_diagnostic(verdict: Verdict, expected: str) -> bool:
    return isinstance(verdict, Diagnostic) and code(verdict) == expected


@pytest.mark.parametrize("order", ["ab", "ba"])
def test_nothing_is_written_where_one_of_them_is_refused(order: str) -> None:
    found = judged(S3({"a": [SEVEN], "b": [FOREIGN]}), order)
    assert is_diagnostic(found["b"], "FL409")
    assert isinstance(found["b"], Diagnostic)
    assert found["b"].notes[-1] == "nothing was written"
    assert isinstance(found["a"], WriteBlocked)
    assert found["a"].because_of == "b"


def test_all_are_written_where_none_is_refused() -> None:
    assert judged(S3({"a": [SEVEN], "b": [SEVEN]}), "ab") == {"a": None, "b": None}


def test_a_bucket_that_cannot_be_read_holds_the_others_back() -> None:
    found = judged(S3({"a": [SEVEN], "b": [DENIED]}), "ab")
    assert found["b"] is DENIED
    assert isinstance(found["a"], WriteBlocked)


def test_what_was_written_before_is_named_and_what_comes_after_is_held_back() -> None:
    found = judged(S3({"a": [SEVEN], "b": [FOREIGN], "c": [SEVEN]}), "a", "b", "c")
    assert found["a"] is None
    assert isinstance(found["b"], Diagnostic)
    assert found["b"].notes[-1] == "written in this run before: `a`"
    assert isinstance(found["c"], WriteBlocked)


def test_a_bucket_refused_by_the_read_right_before_its_write_is_not_called_written() -> None:
    found = judged(S3({"a": [SEVEN, SEVEN, SEVEN, FOREIGN]}), "a")
    assert isinstance(found["a"], Diagnostic)
    assert found["a"].notes[-1] == "nothing was written"


class Waiting(Exception):
    """What is asked last has something against the write."""


def test_what_is_asked_last_holds_the_others_back_too_and_comes_after_the_guard() -> None:
    asked: list[str] = []

    async def program() -> list[BaseException | Diagnostic | None]:
        shared, _ = look_of(S3({"a": [SEVEN], "b": [SEVEN], "c": [FOREIGN]}))

        def last(bucket: str) -> Callable[[Live], Awaitable[None]]:
            async def ask(_: Live) -> None:
                asked.append(bucket)
                if bucket == "b":
                    raise Waiting

            return ask

        writes = (shared.refusal(to(each), preview=False, last=last(each)) for each in "abc")
        return await asyncio.gather(*writes, return_exceptions=True)

    first, second, third = run(program)
    assert isinstance(first, WriteBlocked)
    assert isinstance(second, Waiting)
    assert isinstance(third, Diagnostic)
    assert asked == ["a", "b"]


def test_a_bucket_that_is_not_there_yet_is_not_asked_about() -> None:
    async def fails(_: Live) -> None:
        raise Waiting

    async def program() -> Diagnostic | None:
        shared, _ = look_of(S3({"a": [Live(None, bucket_exists=False)]}))
        new = replace(to("a"), written=None)
        return await shared.refusal(new, preview=True, last=fails)

    assert run(program) is None
