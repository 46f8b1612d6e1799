"""Random policies over few prefixes, so that they overlap often."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

PREFIXES = ["", "a/", "a/b/", "a/b/c", "a/bc", "b/"]
KEYS = ["x", "a/x", "a/b/x", "a/b/c", "a/b/cx", "a/bc/x", "b/x", "a/bx"]
CLASSES = ["STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "GLACIER_IR", "GLACIER"]
GAP_AFTER = {"warm": 30, "cold": 90}
"""Days that S3 wants between a move to the tier's usual class and the next."""

# Made once: to make a strategy anew for each value takes longer than to draw the value.
BOOLEANS = st.booleans()
UP_TO_3 = st.integers(0, 3)
UP_TO_5 = st.integers(0, 5)
UP_TO_2 = st.integers(0, 2)
UP_TO_9 = st.integers(0, 9)
FROM_1_TO_9 = st.integers(1, 9)
TWO_DAYS = st.lists(st.integers(0, 50), min_size=2, max_size=2)
ONE_OR_TWO_PREFIXES = st.lists(st.sampled_from(PREFIXES), min_size=1, max_size=2, unique=True)
TAGS = st.sampled_from(["x", "y", ["x", "y"]])
OF_SIZE = st.sampled_from([{"over": "1KiB"}, {"over": "1MiB"}, {"under": "1GiB"}])
SMALLEST = st.sampled_from(["1B", "64KiB", "2MiB"])
VERSIONING = st.sampled_from(["enabled", "suspended", "off"])
# Often one from which S3 has transitions to the classes of the other tiers.
WARM = st.sampled_from([*CLASSES, *["STANDARD_IA"] * 3, *["INTELLIGENT_TIERING"] * 2])


@st.composite
def timelines(draw: st.DrawFn) -> dict[str, str]:
    """Mostly moves as far apart as S3 accepts and an end behind them, so that many policies
    compile.
    """
    tiers = [tier for tier in ("warm", "cold", "archive") if draw(BOOLEANS)][:2]
    days = sorted(draw(TWO_DAYS))
    is_careless = draw(UP_TO_9) == 0
    if len(tiers) == 2 and not is_careless:
        days[1] += GAP_AFTER[tiers[0]]
    settings = {f"{tier}_after": f"{day}d" for tier, day in zip(tiers, days, strict=False)}
    last = days[len(tiers) - 1] if tiers else 0
    end = draw(FROM_1_TO_9) + last
    month = 30 if is_careless or last < 30 else end + 30
    settings["delete_after"] = draw(st.sampled_from(["never", f"{end}d", f"{month}d"]))
    return settings


TIMELINES = timelines()


@st.composite
def retentions(draw: st.DrawFn) -> dict[str, Any]:
    settings: dict[str, Any] = draw(TIMELINES)
    settings["prefix"] = draw(ONE_OR_TWO_PREFIXES)
    if draw(BOOLEANS):
        settings["old_versions"] = draw(OLD_TIMELINES)
    if draw(UP_TO_3) == 0:
        settings["tags"] = {"t": draw(TAGS)}
    if draw(UP_TO_3) == 0:
        settings["size"] = draw(OF_SIZE)
    if draw(UP_TO_3) == 0:
        settings["smallest_move"] = draw(SMALLEST)
    if not ({"tags", "size"} & settings.keys()) and draw(BOOLEANS):
        settings["uploads"] = {"abort_after": f"{draw(FROM_1_TO_9)}d"}
    return settings


@st.composite
def old_timelines(draw: st.DrawFn) -> dict[str, Any]:
    settings: dict[str, Any] = draw(TIMELINES)
    if settings["delete_after"] != "never" and draw(UP_TO_2) == 0:
        later = f"{int(settings['delete_after'][:-1]) + draw(FROM_1_TO_9)}d"
        settings["keep_newest"] = draw(
            st.sampled_from(["2", {"count": "3", "delete_after": later}])
        )
    return settings


OLD_TIMELINES = old_timelines()
RETENTIONS = st.lists(retentions(), min_size=1, max_size=3)


@st.composite
def policies(draw: st.DrawFn) -> dict[str, Any]:
    """A policy as plain data; JSON is YAML, so `json.dumps` writes it as a file."""
    document: dict[str, Any] = {
        "firnline": "policy/v1",
        "policy": "random",
        "owner": "lab",
        "why": "a property",
        "applies_to": [{"account": "lab", "buckets": "lab-data"}],
        "versioning": draw(VERSIONING),
        "storage_classes": {"warm": draw(WARM)},
        "retain": {f"r{number}": each for number, each in enumerate(draw(RETENTIONS))},
    }
    if draw(BOOLEANS):
        document["old_versions"] = draw(OLD_TIMELINES)
    if draw(BOOLEANS):
        document["uploads"] = {"abort_after": f"{draw(FROM_1_TO_9)}d"}
    return document


@st.composite
def crossing_retentions(draw: st.DrawFn) -> dict[str, Any]:
    """Mostly with the same end, so that crossing is no contradiction; noncurrent versions are
    often left to a wider clock."""
    settings: dict[str, Any] = {
        "prefix": [draw(st.sampled_from(["", "a/", "a/b/"]))],
        "delete_after": draw(st.sampled_from(["9d"] * 5 + ["never"])),
    }
    filters = [{"tags": {"t": "x"}}, {"tags": {"u": "x"}}, {"size": {"over": "1MiB"}}, {}]
    settings |= draw(st.sampled_from(filters))
    if draw(UP_TO_5) == 0:
        settings["cold_after"] = draw(st.sampled_from(["2d", "14d"]))
        settings["delete_after"] = "never"
    if draw(UP_TO_5) == 0:
        settings["smallest_move"] = draw(st.sampled_from(["1B", "2MiB"]))
    if draw(BOOLEANS):
        settings["old_versions"] = {"delete_after": draw(st.sampled_from(["5d", "59d"]))}
    return settings


CROSSING_RETENTIONS = st.lists(crossing_retentions(), min_size=2, max_size=3)


@st.composite
def crossing_policies(draw: st.DrawFn) -> dict[str, Any]:
    """Retentions that share objects without one lying within the other, under a wide clock."""
    retentions = draw(CROSSING_RETENTIONS)
    return {
        "firnline": "policy/v1",
        "policy": "random",
        "owner": "lab",
        "why": "a property",
        "applies_to": [{"account": "lab", "buckets": "lab-data"}],
        "versioning": "enabled",
        "retain": {f"r{number}": each for number, each in enumerate(retentions)},
        "old_versions": {"delete_after": "59d"},
    }
