"""`report`, `forecast`, `schedule` and `advise` agree with each other, and with what the
sandbox then does in that month.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from html import unescape
from typing import Any

import pytest

from firnline.rules.retention_of import retention_of
from firnline.s3.terms import Bytes
from sandbox.world.accounts import LOGS
from tests.sandbox.month import ADVISED, PRICED, Json, Month, month_of_the_sandbox
from tests.sandbox.test_forecast_comes_true import told

pytestmark = pytest.mark.slow

Volume = dict[str, int]
ENDS = ("deleted", "hidden")


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Month]:
    with month_of_the_sandbox(tmp_path_factory.mktemp("month")) as found:
        yield found


def test_what_the_verdict_says_of_next_month_is_what_then_happens(month: Month) -> None:
    verdict = month.said.report["verdict"]
    assert 28 <= month.days <= 31
    done = sums(month, lambda _: "all")["all"]
    assert verdict["deleted"] == done["deleted"]
    assert verdict["hidden"] == done["hidden"]
    assert done["deleted"]["objects"] > 1000 < done["deleted"]["bytes"]
    assert done["hidden"]["objects"] > 0


@pytest.mark.parametrize("section", ["buckets", "prefixes", "retentions"])
def test_the_parts_of_the_report_are_those_of_that_month(month: Month, section: str) -> None:
    lines = month.said.report["prefixes" if section == "retentions" else section]
    known = {(line["bucket"], line.get("prefix", "")) for line in lines}

    def place(event: Json) -> Hashable:
        """Of the report's parts the narrowest that has the key."""
        if section == "buckets":
            return event["bucket"], ""
        of = [p for bucket, p in known if bucket == event["bucket"] and event["key"].startswith(p)]
        return event["bucket"], max(of, key=len)

    if section == "retentions":
        said = summed((retentions(line), line["next_month"]) for line in lines)
        done = sums(month, lambda event: retention_of(event["rules"][0]))
    else:
        said = {(line["bucket"], line.get("prefix", "")): line["next_month"] for line in lines}
        done = sums(month, place)
    for where in said.keys() | done.keys():
        for what in ENDS:
            assert said[where][what] == done[where][what], (where, what)
    assert sum(each["deleted"]["objects"] > 0 for each in done.values()) > 3


def test_what_is_stored_after_it_is_what_is_listed_then(month: Month) -> None:
    first = month.said.report["months"][0]
    for said, listed in (
        (first["stored_before"], month.before),
        (first["stored_after"], month.after),
    ):
        stored = [v for found in listed.values() for v in found.values() if not v.marker]
        assert said == {"objects": len(stored), "bytes": sum(v.size for v in stored)}
    forecast = month.said.forecast["months"][0]["after"]
    sizes: Counter[str] = Counter()
    for name in PRICED:
        for each in month.after[name].values():
            sizes[each.storage_class] += 0 if each.marker else each.size
    assert forecast["bytes"] == {name: size for name, size in sizes.items() if size}


def test_the_dollars_of_the_report_are_those_of_the_forecast(month: Month) -> None:
    report, forecast = month.said.report, month.said.forecast
    assert report["exact"] is forecast["exact"] is True
    assert len(report["months"]) == len(forecast["months"]) == 12
    unpriced = {each["bucket"] for each in report["unpriced"]}
    assert unpriced == set(report["whole"]["usd_without"]) == month.before.keys() - PRICED
    for mine, theirs in zip(report["months"], forecast["months"], strict=True):
        assert mine["before_usd"] == theirs["before"]["usd"]["total"]
        assert mine["after_usd"] == theirs["after"]["usd"]["total"]
        assert mine["saved_usd"] == theirs["saved_usd"]
    assert report["verdict"]["saved_usd"] == forecast["saved_usd"]
    assert report["verdict"]["saved_usd_next_month"] == forecast["months"][0]["saved_usd"] > 0
    known = {bucket["bucket"]: bucket["saved_usd"] for bucket in report["buckets"]}
    assert {name for name, saved in known.items() if saved is None} == unpriced
    in_parts = sum(known[name] for name in PRICED)
    assert in_parts == pytest.approx(forecast["saved_usd"], abs=0.01)


def test_whom_to_ask_are_the_owners_in_the_schedule_of_what_is_deleted(month: Month) -> None:
    by_owner: dict[str, Counter[str]] = defaultdict(Counter)
    for event in deleted(month):
        (owner,) = row_of(month.said.schedule, event)["owners"]
        by_owner[owner] += Counter(objects=1, bytes=event["bytes"])
    said = {
        owner: ask["deleted"]
        for ask in month.said.report["verdict"]["contacts"]
        for owner in ask["owners"]
    }
    assert {owner: dict(volume) for owner, volume in by_owner.items()} == said
    assert len(said) == 3


def test_objects_end_within_the_days_of_the_schedule_unless_they_were_older_at_first(
    month: Month,
) -> None:
    """Which they may be where the rules came later."""
    first = min(datetime.fromisoformat(each["at"]) for each in month.events)
    within: Counter[str] = Counter()
    for event in month.events:
        made = month.made[event["bucket"]].get((event["key"], event["id"]))
        if event["action"] in ("delete_marker", "expire") and made is not None:
            kept = row_of(month.said.schedule, event)["days"]["readable"]
            age = datetime.fromisoformat(event["at"]) - made
            assert age >= timedelta(days=kept["min"]), event
            if first - made < timedelta(days=kept["min"]):
                assert age <= timedelta(days=kept["max"]), event
                within[event["action"]] += 1
    assert within["delete_marker"] > 10 < within["expire"]


def test_what_is_hidden_stays_as_long_as_the_schedule_says_of_old_versions(month: Month) -> None:
    hidden: dict[tuple[str, ...], datetime] = {}
    ages: Counter[timedelta] = Counter()
    for event in sorted(month.events, key=lambda event: str(event["at"])):
        version, at = (
            (event["bucket"], event["key"], event["id"]),
            datetime.fromisoformat(event["at"]),
        )
        if event["action"] == "delete_marker":
            hidden[version] = at
        if event["action"] == "delete_version" and version in hidden:
            kept = row_of(month.said.schedule, event)["days"]["old_versions"]
            age = at - hidden[version]
            assert age >= timedelta(days=kept["min"]), event
            assert kept["max"] is None or age <= timedelta(days=kept["max"]), event
            ages[age] += 1
    assert ages.total() > 100


def test_nothing_is_readable_after_the_maximum_of_the_schedule(month: Month) -> None:
    end = datetime.fromisoformat(month.said.report["as_of"]) + timedelta(days=month.days)
    endless = 0
    for bucket, listed in month.after.items():
        for (key, id), version in listed.items():
            if not version.latest or version.marker:
                continue
            kept = row_of(
                month.said.schedule, {"bucket": bucket, "key": key, "bytes": version.size}
            )
            most = kept["days"]["readable"]["max"]
            endless += most is None
            assert most is None or end - month.made[bucket][key, id] < timedelta(days=most), key
    assert endless > 0


def test_retentions_of_the_report_are_rows_of_the_schedule(month: Month) -> None:
    rows = {
        (
            bucket.rpartition("/")[2],
            row["objects"]["policy"],
            row["objects"]["retention"],
            row["prefix"],
        ): row
        for group in month.said.schedule["groups"]
        for bucket in group["buckets"]
        for row in group["rows"]
        if row["objects"]
    }
    for line in month.said.report["retentions"]:
        row = rows[line["bucket"], line["policy"], line["name"], line["prefix"]]
        assert row["objects"]["owner"] == line["owner"]
        assert row["days"]["readable"]["min"] == line["objects"]["deleted_after_days"]
        for of, story in (
            ("objects", line["objects"]),
            ("old-versions", line["noncurrent_versions"]),
        ):
            tiers = [(t["after_days"], t["storage_class"]) for t in row["tiers"] if t["of"] == of]
            moves = story["moves"] if story else []
            assert tiers == [(move["days"], move["storage_class"]) for move in moves]
        if line["bucket"] != LOGS.name and line["noncurrent_versions"]:
            old = line["noncurrent_versions"]["deleted_after_days"]
            assert row["days"]["old_versions"]["min"] == old
    assert len(month.said.report["retentions"]) > 10


def test_advice_starts_from_the_cost_in_the_report_and_ends_where_the_forecast_of_it_does(
    month: Month,
) -> None:
    advice, forecast = month.said.advice, month.said.forecast_of_advice
    (bucket,) = (b for b in month.said.report["buckets"] if b["bucket"] == ADVISED)
    assert advice["today_usd_a_month"] == pytest.approx(bucket["usd_a_month"])
    last = forecast["months"][-1]
    assert advice["last_month_usd"]["before"] == last["before"]["usd"]["total"]
    assert advice["last_month_usd"]["after"] == last["after"]["usd"]["total"]
    assert advice["saved_usd"] == forecast["saved_usd"] > 0
    assert advice["break_even_month"] == forecast["break_even_month"]


def test_the_schedule_of_what_is_advised_deletes_no_current_object(month: Month) -> None:
    (group,) = month.said.schedule_of_advice["groups"]
    for row in group["rows"]:
        assert row["days"]["readable"] == {
            "min": None,
            "max": None,
            "no_max_because": "no-rule",
            "max_by_rules": None,
            "from_date": None,
        }
    tiers = [tier for row in group["rows"] for tier in row["tiers"]]
    assert {tier["access"] for tier in tiers} == {"milliseconds"}
    in_advice = {line["key"] for line in month.said.advice["lines"]}
    assert {"warm_after", "old_versions.delete_after"} <= in_advice


def test_a_person_finds_the_answers_in_the_verdict_of_the_page(month: Month) -> None:
    """The answers are those of the emulator, and of the forecast; none is read from the report."""
    heading, verdict = verdict_of(month.said.page)
    done = sums(month, lambda _: "all")["all"]
    months, in_a_year = month.said.forecast["months"], month.said.forecast["saved_usd"]
    now, at_last = (usd(m["usd"]["total"]) for m in (months[0]["before"], months[11]["after"]))
    saved = "the next month the policies save " + usd(months[0]["saved_usd"])
    answers = {
        "what is deleted next month": told_as(done["deleted"], "object versions"),
        "when": f"from {months[0]['from']} to {day_after(months[0]['from'], days=month.days - 1)}",
        "what can still be restored": told_as(done["hidden"], "more objects"),
        "what it saves next month": saved,
        "what it saves in a year": f"12 months the policies save {usd(in_a_year)}",
        "what it costs today": f"costs {now} a month today",
        "what it costs in a year": f"it costs {at_last} with the policies",
    }
    by_owner: dict[str, Counter[str]] = defaultdict(Counter)
    for event in deleted(month):
        (owner,) = row_of(month.said.schedule, event)["owners"]
        by_owner[owner].update(objects=1, bytes=event["bytes"])
    for owner, gone in by_owner.items():
        answers[f"whom to ask: {owner}"] = f"Ask {owner} about {told_as(gone, 'objects')} deleted"
    assert {question for question, answer in answers.items() if answer not in verdict} == set()
    assert told_as(done["deleted"], "object versions") in heading, "the heading says it alone"
    assert len(by_owner) == 3


@pytest.mark.parametrize("word", ["cell", "story", "witness", "atom", "clock", "promise", "lock"])
def test_the_verdict_needs_no_glossary(month: Month, word: str) -> None:
    assert word not in " ".join(verdict_of(month.said.page)).lower().split()


def test_the_verdict_is_the_first_that_a_person_reads(month: Month) -> None:
    before, _, rest = month.said.page.partition('class="verdict')
    assert rest
    assert not re.search(
        "<(section|table|svg|figure|h2)", before.partition("</head>")[2].rpartition("<")[0]
    )


def deleted(month: Month) -> Iterator[Json]:
    for event in month.events:
        if event["action"] != "abort_upload" and told(event) == "deleted":
            yield event


def sums(month: Month, by: Callable[[Json], Hashable]) -> Mapping[Hashable, dict[str, Volume]]:
    """What was deleted for good, and what was hidden and is still there."""
    found: dict[Hashable, dict[str, dict[tuple[str, str, str], int]]]
    found = defaultdict(lambda: {what: {} for what in ENDS})
    for event in month.events:
        if event["action"] == "abort_upload":
            continue  # an inventory lists none
        part = found[by(event)]
        version = event["bucket"], event["key"], event["id"]
        match told(event):
            case "deleted":
                part["deleted"][version] = event["bytes"]
                part["hidden"].pop(version, None)
            case "delete_markers":
                part["hidden"][version] = event["bytes"]
            case _:
                pass
    none = {what: volume({}) for what in ENDS}
    return defaultdict(
        lambda: none,
        {key: {what: volume(part[what]) for what in ENDS} for key, part in found.items()},
    )


def verdict_of(page: str) -> tuple[str, str]:
    """Its heading, and all of it, as text."""
    section = page.partition('class="verdict')[2].partition("</section>")[0].partition(">")[2]
    heading = section.partition("<h2")[2].partition(">")[2].partition("</h2>")[0]
    return text_of(heading), text_of(section)


def text_of(html: str) -> str:
    return " ".join(unescape(re.sub("<[^>]*>", " ", html)).split())


def told_as(volume: Mapping[str, int], what: str) -> str:
    return f"{volume['objects']:,} {what} ({Bytes(volume['bytes']).rounded})"


def usd(amount: float) -> str:
    return f"${amount:,.2f}"


def day_after(day: str, days: int) -> str:
    return (date.fromisoformat(day) + timedelta(days=days)).isoformat()


def volume(sizes: Mapping[Any, int]) -> Volume:
    return {"objects": len(sizes), "bytes": sum(sizes.values())}


def summed(parts: Iterable[tuple[Hashable, Json]]) -> Mapping[Hashable, dict[str, Volume]]:
    found: dict[Hashable, dict[str, Counter[str]]]
    found = defaultdict(lambda: {what: Counter(objects=0, bytes=0) for what in ENDS})
    for key, next_month in parts:
        for what in ENDS:
            found[key][what].update(next_month[what])
    return defaultdict(
        lambda: {what: volume({}) for what in ENDS},
        {key: {what: dict(part[what]) for what in ENDS} for key, part in found.items()},
    )


def retentions(line: Json) -> str | None:
    """As `retention_of` names them."""
    names = [
        None if each is None else "/".join(filter(None, (each["policy"], each["name"])))
        for each in line["retentions"]
    ]
    return names[0] if len(names) == 1 else None


def row_of(schedule: Json, event: Json) -> Json:
    found = [
        row
        for group in schedule["groups"]
        if any(key.endswith(f"/{event['bucket']}") for key in group["buckets"])
        for row in group["rows"]
        if any(covers(place, event) for place in row["scope"]["places"])
    ]
    assert len(found) == 1, (event["key"], found)
    row: Json = found[0]
    return row


def covers(place: Json, event: Json) -> bool:
    """Objects of the sandbox have no tags."""
    key = event["key"]
    return (
        key.startswith(tuple(place["prefixes"]))
        and any(fits(box, event) for box in place["boxes"])
        and not any(
            key.startswith(each["prefix"]) and not each["tags"] for each in place["but_not"]
        )
        and not any(
            key.startswith(each["prefix"])
            and not key.startswith(tuple(each["outside"]))
            and any(fits(box, event) for box in each["boxes"])
            for each in place["but_not_boxes"]
        )
    )


def fits(box: Json, event: Json) -> bool:
    return not box["tags"] and any(
        size["at_least"] <= event["bytes"] <= (size["at_most"] or event["bytes"])
        for size in box["sizes"]
    )
