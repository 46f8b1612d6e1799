"""Random policies over few prefixes, so that they overlap often."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

PREFIXES = ["", "a/", "a/b/", "a/b/c", "a/bc", "b/"]
KEYS = ["x", "a/x", "a/b/x", "a/b/c", "a/b/cx", "a/bc/x", "b/x", "a/bx"]
CLASSES = ["STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "GLACIER_IR", "GLACIER"]


@st.composite
def timelines(draw: st.DrawFn) -> dict[str, str]:
    """Mostly moves in ascending order and an end behind them, so that most policies compile."""
    tiers = [tier for tier in ("warm", "cold", "archive") if draw(st.booleans())][:2]
    days = sorted(draw(st.lists(st.integers(0, 50), min_size=2, max_size=2)))
    settings = {f"{tier}_after": f"{day}d" for tier, day in zip(tiers, days, strict=False)}
    end = draw(st.integers(1, 9)) + (days[len(tiers) - 1] if tiers else 0)
    settings["delete_after"] = draw(st.sampled_from(["never", f"{end}d", "30d"]))
    return settings


@st.composite
def retentions(draw: st.DrawFn) -> dict[str, Any]:
    settings: dict[str, Any] = draw(timelines())
    settings["prefix"] = draw(
        st.lists(st.sampled_from(PREFIXES), min_size=1, max_size=2, unique=True)
    )
    if draw(st.booleans()):
        settings["old_versions"] = draw(old_timelines())
    if draw(st.integers(0, 3)) == 0:
        settings["tags"] = {"t": draw(st.sampled_from(["x", "y", ["x", "y"]]))}
    if draw(st.integers(0, 3)) == 0:
        settings["size"] = draw(
            st.sampled_from([{"over": "1KiB"}, {"over": "1MiB"}, {"under": "1GiB"}])
        )
    if draw(st.integers(0, 3)) == 0:
        settings["smallest_move"] = draw(st.sampled_from(["1B", "64KiB", "2MiB"]))
    if not ({"tags", "size"} & settings.keys()) and draw(st.booleans()):
        settings["uploads"] = {"abort_after": f"{draw(st.integers(1, 9))}d"}
    return settings


@st.composite
def old_timelines(draw: st.DrawFn) -> dict[str, Any]:
    settings: dict[str, Any] = draw(timelines())
    if settings["delete_after"] != "never" and draw(st.integers(0, 2)) == 0:
        later = f"{int(settings['delete_after'][:-1]) + draw(st.integers(1, 9))}d"
        settings["keep_newest"] = draw(
            st.sampled_from(["2", {"count": "3", "delete_after": later}])
        )
    return settings


@st.composite
def policies(draw: st.DrawFn) -> dict[str, Any]:
    """A policy as plain data; JSON is YAML, so `json.dumps` writes it as a file."""
    document: dict[str, Any] = {
        "firnline": "policy/v1",
        "policy": "random",
        "owner": "lab",
        "why": "a property",
        "applies_to": [{"account": "lab", "buckets": "lab-data"}],
        "versioning": draw(st.sampled_from(["enabled", "suspended", "off"])),
        "storage_classes": {"warm": draw(st.sampled_from(CLASSES))},
        "retain": {
            f"r{number}": each
            for number, each in enumerate(draw(st.lists(retentions(), min_size=1, max_size=3)))
        },
    }
    if draw(st.booleans()):
        document["old_versions"] = draw(old_timelines())
    if draw(st.booleans()):
        document["uploads"] = {"abort_after": f"{draw(st.integers(1, 9))}d"}
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
    if draw(st.integers(0, 5)) == 0:
        settings["cold_after"] = draw(st.sampled_from(["2d", "14d"]))
        settings["delete_after"] = "never"
    if draw(st.integers(0, 5)) == 0:
        settings["smallest_move"] = draw(st.sampled_from(["1B", "2MiB"]))
    if draw(st.booleans()):
        settings["old_versions"] = {"delete_after": draw(st.sampled_from(["5d", "59d"]))}
    return settings


@st.composite
def crossing_policies(draw: st.DrawFn) -> dict[str, Any]:
    """Retentions that share objects without one lying within the other, under a wide clock."""
    retentions = draw(st.lists(crossing_retentions(), min_size=2, max_size=3))
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
