"""Whatever was posted before and in whatever order runs end, people see one review: the newest."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from firnline.forge.marker import NO_CHANGE, Marker, Run, verdict_of
from firnline.forge.plan import Act, Comment, Plan, plan_comment, plan_tidying

VERDICTS = st.sampled_from([NO_CHANGE, verdict_of("deletes"), verdict_of("keeps")])
HEADS = st.sampled_from(["a" * 40, "b" * 40])
RUNS = st.none() | st.builds(Run, st.integers(1, 3), st.integers(1, 2))
MARKERS = st.builds(Marker, st.sampled_from(["data", "other"]), VERDICTS, HEADS, st.just(()), RUNS)
TEXTS = st.sampled_from(["one", "two"])
REVIEWS = st.tuples(MARKERS, TEXTS)


def stored(number: int, marker: Marker, text: str, *, hidden: bool = False) -> Comment:
    created = f"2026-11-01T00:00:{number % 60:02}Z"
    return Comment(str(number), f"https://x/#{number}", f"{marker.line()}\n{text}", created, hidden)


COMMENTS = st.lists(st.tuples(REVIEWS, st.booleans()), max_size=5).map(
    lambda found: [stored(n, *review, hidden=hidden) for n, (review, hidden) in enumerate(found)]
)


def carried_out(plan: Plan, found: list[Comment], marker: Marker, text: str) -> list[Comment]:
    after = list(found)
    match plan.act:
        case Act.POST:
            after.append(stored(len(found), marker, text))
        case Act.UPDATE | Act.SHRINK:
            assert plan.current is not None
            changed = replace(plan.current, body=f"{marker.line()}\n{text}")
            after = [changed if each == plan.current else each for each in after]
        case Act.NOTHING | Act.OVERTAKEN:
            pass
    hide = {each.id for each in plan.hide}
    if plan.act is Act.POST:
        hide |= {each.id for each in plan_tidying(marker, after)}
    return [replace(each, hidden=each.hidden or each.id in hide) for each in after]


def seen(found: list[Comment], key: str) -> list[Comment]:
    return [each for each in found if not each.hidden and f" key={key} " in each.body]


@given(COMMENTS, REVIEWS)
def test_one_review_is_seen_and_it_is_the_newest(
    found: list[Comment], review: tuple[Marker, str]
) -> None:
    marker, text = review
    before = seen(found, marker.key)
    plan = plan_comment(marker, f"{marker.line()}\n{text}", found)
    after = seen(carried_out(plan, found, marker, text), marker.key)
    if not before and marker.verdict == NO_CHANGE:
        assert after == []
        return
    (one,) = after
    assert one.marker is not None
    if plan.act is Act.OVERTAKEN:
        assert (one.marker.run or Run(0, 0)) > (marker.run or Run(0, 0))
        assert one.marker.head == marker.head
    else:
        assert (one.marker.verdict, one.text) == (marker.verdict, text)


@given(COMMENTS, REVIEWS)
def test_a_verdict_is_never_edited_into_another_but_to_say_that_nothing_changes(
    found: list[Comment], review: tuple[Marker, str]
) -> None:
    marker, text = review
    plan = plan_comment(marker, f"{marker.line()}\n{text}", found)
    if plan.act is Act.UPDATE:
        assert plan.current is not None
        assert plan.current.marker is not None
        assert plan.current.marker.verdict == marker.verdict
    assert plan.act is not Act.SHRINK or marker.verdict == NO_CHANGE


@given(COMMENTS, REVIEWS)
def test_reviews_of_other_keys_are_left_alone(
    found: list[Comment], review: tuple[Marker, str]
) -> None:
    marker, text = review
    other = {"data": "other", "other": "data"}[marker.key]
    plan = plan_comment(marker, f"{marker.line()}\n{text}", found)
    assert seen(carried_out(plan, found, marker, text), other) == seen(found, other)


@given(COMMENTS, REVIEWS)
def test_the_same_run_again_finds_nothing_to_do(
    found: list[Comment], review: tuple[Marker, str]
) -> None:
    marker, text = review
    body = f"{marker.line()}\n{text}"
    after = carried_out(plan_comment(marker, body, found), found, marker, text)
    again = plan_comment(marker, body, after)
    assert again.act in (Act.NOTHING, Act.OVERTAKEN)
    assert again.hide == ()
