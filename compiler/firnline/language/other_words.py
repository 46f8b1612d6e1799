"""Words without a key here that would say the same: what to write, or to do, instead."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from firnline.language.synonyms import plain

_DATES = (
    "policies have no dates: `delete_after` is an age in days of each object; for an end on a day,"
    " write `review_by: {day}` at the top level, and shorten `delete_after` when `firnline check`"
    " reports that the day has come"
)
_KEPT = (
    "`delete_after: {value}` deletes at that age; that nothing goes sooner, whichever rule would"
    " delete it, is a promise: `promises: {{NAME: {{prefix: …, keep_at_least: {value}}}}}`"
)
_HOLD = (
    "`holds` at the top level suspends every expiration under a prefix, until a person removes it:"
    " `holds: {{NAME: {{prefix: …, ask_again: 2027-03-31, why: …, approved_by: …}}}}`"
)
_MOVE = (
    "S3 calls this a transition; the key says into which storage class: `warm_after: {value}`"
    " (STANDARD_IA), `cold_after: {value}` (GLACIER_IR) or `archive_after: {value}` (DEEP_ARCHIVE)"
)
_NO_FILTER = (
    "S3 filters by prefix, tags and size alone: tag these objects when they are written, and write"
    " the tag in `tags`"
)
_EXCEPT = (
    "S3 filters cannot exclude: tag the short-lived objects when they are written, and write the"
    " tag in `tags`"
)
_RULES = (
    "write each lifecycle rule as an entry of `retain`; S3's own JSON or XML can be checked as it"
    " is, with `firnline check FILE`"
)
_ACTION = (
    "the action is the key and its age the value: `delete_after: 30d` for a deletion, and"
    " `warm_after`, `cold_after` or `archive_after` for another storage class"
)
_CONDITION = (
    "write the age as the value of `delete_after`, `warm_after`, `cold_after` or `archive_after`,"
    " and prefixes in `prefix`"
)

_WHERE = (
    "write it in the list `applies_to`, of which each entry names an account and buckets of it:"
    " `{{account: lab, buckets: acme-logs}}`"
)
_NO_DATED_ACTIONS = (
    "policies have no dates: the age of an action is counted in days for each object, such as 30d"
)
_NEWEST = (
    "S3 counts versions of one key, not objects: in `old_versions`, write"
    " `delete_after: 30d, keep_newest: {{count: {count}, delete_after: 90d}}`"
)
_TIERING = (
    "S3 calls this a transition to INTELLIGENT_TIERING; the key says when, and the class stands"
    " beside it: `warm_after: {value}` and `storage_classes: {{warm: INTELLIGENT_TIERING}}`"
)


def _all(names: str, text: str) -> dict[str, str]:
    return dict.fromkeys(names.split(), text)


ADVICE: Final[Mapping[str, str]] = {
    **_all(
        "date deleteon deletedate deleteat expireon expiresat expiresdate expirationdate expireat"
        " until deleteafterdate createdbefore customtimebefore noncurrenttimebefore",
        _DATES,
    ),
    **_all(
        "keep keepfor keepdays keepafter keepuntil retainfor retaindays retentiondays minage"
        " retention retentionperiod holdafter holdfor",
        _KEPT,
    ),
    **_all(
        "keepnewest versions keepversions maxversions numversions versionstokeep"
        " versioncount keeplast",
        _NEWEST,
    ),
    **_all("intelligenttiering intelligent", _TIERING),
    **_all("keepatleast gonewithin", "it is a promise: write it in an entry of `promises`"),
    **_all("abortafter", "write `uploads: {{abort_after: {value}}}`"),
    **_all("hold legalhold freeze", _HOLD),
    **_all(
        "moveafter move transitionafter transitiondays transitionindays tierafter tiers"
        " setstorageclass",
        _MOVE,
    ),
    **_all("suffix matchessuffix matchesstorageclass pattern glob regex", _NO_FILTER),
    **_all("exclude except not ignore excludeprefix", _EXCEPT),
    **_all("rules rule lifecyclerule lifecyclerules lifecycle lifecycleconfiguration", _RULES),
    **_all("action actions baseblob snapshot", _ACTION),
    **_all("condition conditions islive", _CONDITION),
    **_all("bucket buckets bucketname bucketnames account accounts region regions", _WHERE),
    **_all("id ruleid", "remove it: rule IDs are made of the names of policy and retention"),
    **_all("status enabled", "remove it: a retention is in force for as long as it is written"),
    **_all("disabled", "remove the retention, or comment it out: each one here is in force"),
}

# Other names of a key, whose value says the same.
RENAMED: Final[Mapping[str, str]] = {
    **_all("description comment comments notes note reason", "why"),
    **_all("team contact owners", "owner"),
    **_all("retentions", "retain"),
    **_all("bucketname bucketnames", "buckets"),
    **_all("awsregion location", "regions"),
    **_all("awsaccount accountname accountlabel", "account"),
    **_all("reviewon reviewafter revisit", "review_by"),
    **_all("guarantees guarantee", "promises"),
    **_all("tierclasses classes", "storage_classes"),
    "warm": "warm_after",
    "cold": "cold_after",
    "archive": "archive_after",
}


def says_when_it_ends(key: str) -> bool:
    """Whether `delete_after` is what the advice for the key leads to."""
    return ADVICE.get(plain(key)) in (_DATES, _KEPT, _ACTION, _CONDITION)


def advice_on_date(value: str, *, of_end: bool) -> str:
    """The instruction for an action of S3's that is due on a day; the expiration is the end."""
    return _filled(_DATES if of_end else _NO_DATED_ACTIONS, value)


def advice(key: str, value: str | None) -> str | None:
    """The instruction for such a key, with its value in it where that is a plain one."""
    text = ADVICE.get(plain(key))
    return None if text is None else _filled(text, value)


def _filled(text: str, value: str | None) -> str:
    said = value.strip() if value else ""
    is_age = re.fullmatch(r"[1-9][0-9]*[dwy]", said) is not None
    is_day = re.fullmatch(r"\d{4}-\d\d-\d\d", said[:10]) is not None
    return text.format(
        value=said if is_age else f"{said}d" if said.isdecimal() else "30d",
        day=said[:10] if is_day else "2027-03-31",
        count=said if said.isdecimal() else "3",
    )
