"""One line of a references file, or of what an `exec:` program prints ↔ what a source yields.

The form is documented in docs/references.md for programs that print it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final, assert_never

from firnline.reach.location import (
    Location,
    LocationKind,
    UnknownLocation,
    location_as_written,
    locations_of,
)
from firnline.reach.references import (
    CheckpointRule,
    OrphanReason,
    Reference,
    Root,
    Strength,
    Unneeded,
)
from firnline.reach.source import Certificate

Line = Reference | Unneeded | Root | CheckpointRule | Certificate
"""Runs are judged before they are written: they never stand in a file."""


_ENCODER: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
"""Made once: there may be a million lines."""


class BadLine(ValueError):
    """What is wrong with a line, as a clause."""


def to_json(found: Line) -> dict[str, Any]:
    match found:
        case Reference():
            return {
                "reference": {
                    **_location(found.location),
                    "strength": str(found.strength),
                    "because": list(found.because),
                    **_given(owner=found.owner, experiment=found.experiment),
                }
            }
        case Unneeded():
            since = None if found.since is None else moment(found.since)
            return {
                "unneeded": {
                    **_location(found.location),
                    "reason": found.reason.value,
                    "because": list(found.because),
                    **_given(since=since, owner=found.owner, experiment=found.experiment),
                }
            }
        case Root():
            return {
                "root": {
                    **_location(found.location),
                    "known_ids": found.known_ids,
                    "what": found.what,
                    **_given(owner=found.owner),
                }
            }
        case CheckpointRule():
            return {
                "checkpoints": {
                    **_location(found.location),
                    "match": list(found.match),
                    "keep_newest": found.keep_newest,
                    "registered_only": found.registered_only,
                    "because": list(found.because),
                    **_given(owner=found.owner, experiment=found.experiment),
                }
            }
        case Certificate():
            return {
                "certificate": {
                    "began": moment(found.began),
                    "ended": moment(found.ended),
                    "pages": found.pages,
                    "count": found.count,
                    **_given(
                        independent_count=found.independent_count,
                        counted_by=found.counted_by,
                        snapshot=found.snapshot,
                    ),
                    "problems": list(found.problems),
                    **({"notes": list(found.notes)} if found.notes else {}),
                }
            }
        case _:
            assert_never(found)


def from_json(line: Mapping[str, Any]) -> Iterator[Line]:
    """One item, or of a reference one for each reading of its `uri`. Raises `BadLine`."""
    kinds = [kind for kind in _READ if kind in line]
    if len(kinds) != 1 or not isinstance(line[kinds[0]], dict):
        raise BadLine(f"it has none of {', '.join(_READ)}, or more than one")
    try:
        yield from _READ[kinds[0]](line[kinds[0]])
    except UnknownLocation as wrong:
        raise BadLine(f"its `uri` {wrong}") from None
    except KeyError as missing:
        raise BadLine(f"its `{kinds[0]}` lacks {missing}") from None
    except (TypeError, ValueError) as wrong:
        raise BadLine(f"its `{kinds[0]}` cannot be read: {wrong}") from None


def text_of(line: Mapping[str, Any]) -> str:
    """One line, without its end."""
    return _ENCODER.encode(line)


def _reference(said: Mapping[str, Any]) -> Iterator[Reference]:
    named = str(said.get("strength", "pin"))
    strength = _STRENGTHS.get(named) or Strength[named.upper()]
    because = _texts(said["because"])
    for location in _locations(said):
        yield Reference(
            location, strength, because, _text(said, "owner"), _text(said, "experiment")
        )


def _unneeded(said: Mapping[str, Any]) -> Iterator[Unneeded]:
    reason, because = OrphanReason(said["reason"]), _texts(said["because"])
    since = _read_moment(said["since"]) if "since" in said else None
    yield Unneeded(
        _as_written(said), reason, because, since, _text(said, "owner"), _text(said, "experiment")
    )


def _root(said: Mapping[str, Any]) -> Iterator[Root]:
    yield Root(_as_written(said), str(said["known_ids"]), str(said["what"]), _text(said, "owner"))


def _checkpoints(said: Mapping[str, Any]) -> Iterator[CheckpointRule]:
    yield CheckpointRule(
        _as_written(said),
        match=_texts(said["match"]),
        keep_newest=int(said["keep_newest"]),
        registered_only=bool(said.get("registered_only", False)),
        because=_texts(said["because"]),
        owner=_text(said, "owner"),
        experiment=_text(said, "experiment"),
    )


def _certificate(said: Mapping[str, Any]) -> Iterator[Certificate]:
    independent = said.get("independent_count")
    yield Certificate(
        began=_read_moment(said["began"]),
        ended=_read_moment(said["ended"]),
        pages=int(said["pages"]),
        count=int(said["count"]),
        independent_count=None if independent is None else int(independent),
        counted_by=_text(said, "counted_by"),
        snapshot=_text(said, "snapshot"),
        problems=_texts(said.get("problems", [])),
        notes=_texts(said.get("notes", [])),
    )


_READ: Final[Mapping[str, Callable[[Mapping[str, Any]], Iterator[Line]]]] = {
    "reference": _reference,
    "unneeded": _unneeded,
    "root": _root,
    "checkpoints": _checkpoints,
    "certificate": _certificate,
}


# A million lines are read: enums look slower.
_KINDS: Final = {each.value: each for each in LocationKind}
_STRENGTHS: Final = {str(each): each for each in Strength}
_DIR: Final = LocationKind.DIR


def _locations(said: Mapping[str, Any]) -> tuple[Location, ...]:
    kind = _kind(said)
    if "uri" in said:
        return locations_of(str(said["uri"]), kind)
    key = str(said["key"])
    return (Location(str(said["bucket"]), kind, key.rstrip("/") if kind is _DIR else key),)


def _as_written(said: Mapping[str, Any]) -> Location:
    """Of what may go: there, a further reading would endanger more."""
    kind = _kind(said)
    if "uri" in said:
        return location_as_written(str(said["uri"]), kind)
    key = str(said["key"])
    return Location(str(said["bucket"]), kind, key.removesuffix("/") if kind is _DIR else key)


def _kind(said: Mapping[str, Any]) -> LocationKind:
    named = said.get("kind", LocationKind.DIR)
    return _KINDS.get(named) or LocationKind(named)


def _location(location: Location) -> dict[str, str]:
    key = location.key
    # As a folder may be given with its slash, one with an empty last segment is written with two.
    key = f"{key}/" if location.kind is _DIR and key.endswith("/") else key
    return {"bucket": location.bucket, "kind": location.kind.value, "key": key}


def _given(**fields: str | int | None) -> dict[str, str | int]:
    return {name: value for name, value in fields.items() if value is not None}


def moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _read_moment(text: Any) -> datetime:
    at = datetime.fromisoformat(str(text))
    if at.tzinfo is None:
        raise ValueError(f"`{text}` has no time zone")
    return at.astimezone(UTC)


def _text(said: Mapping[str, Any], name: str) -> str | None:
    value = said.get(name)
    return None if value is None else str(value)


def _texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise ValueError(f"{value!r} is no list of texts")
    return tuple(map(str, value))
