"""What each bucket held before the clock was advanced and holds now: a bar for each, by class."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

# As firnline.targets.legend draws them: commands of the sandbox run without the package.
SIGNS = {
    "STANDARD": "█",
    "STANDARD_IA": "▓",
    "ONEZONE_IA": "▒",
    "INTELLIGENT_TIERING": "≈",
    "GLACIER_IR": "░",
    "GLACIER": "=",
    "DEEP_ARCHIVE": "-",
}
OLD, OTHER = "┄", "?"
_OLD_VERSIONS = "noncurrent versions and uploads"
_LONGEST = 26
_COLUMNS = 80

Json = dict[str, Any]


class _Part(NamedTuple):
    sign: str
    name: str
    bytes: int


def bars(before: Sequence[Json], now: Sequence[Json]) -> Iterator[str]:
    """Two lines for each bucket, all to one scale, and what the signs mean."""
    pairs = [(_parts(one), _parts(other)) for one, other in zip(before, now, strict=True)]
    most = max((_size(parts) for pair in pairs for parts in pair), default=0)
    wide = max((len(bucket["bucket"]) for bucket in now), default=0)
    for bucket, (held, holds) in zip(now, pairs, strict=True):
        yield _line(bucket["bucket"], wide, "before", held, most)
        yield _line("", wide, "now", holds, most)
    yield ""
    signs = _legend(part for pair in pairs for parts in pair for part in parts)
    yield from in_lines(signs, "   ")


def in_lines(parts: Iterable[str], between: str, indent: str = "") -> Iterator[str]:
    """Lines of at most 80 columns, where one part is no longer; all but the first are indented."""
    line = ""
    for part in parts:
        longer = f"{line}{between}{part}" if line else part
        if line and len(longer) > _COLUMNS:
            yield f"{line}{between}".rstrip()
            longer = f"{indent}{part}"
        line = longer
    yield line


def size_in_words(count: int) -> str:
    """`1.5 TiB`: the nearest unit of 1,024, one decimal."""
    size, unit = float(count), "B"
    for larger in ("KiB", "MiB", "GiB", "TiB", "PiB"):
        if size < 1024:
            break
        size, unit = size / 1024, larger
    return f"{count} B" if unit == "B" else f"{size:,.1f} {unit}"


def _parts(bucket: Json) -> list[_Part]:
    """The most expensive class first."""
    found = [
        _Part(SIGNS.get(name, OTHER), name, tally["bytes"])
        for name, tally in bucket["classes"].items()
    ]
    found.sort(key=lambda part: (*SIGNS.values(), OTHER).index(part.sign))
    beside = bucket["noncurrent"]["bytes"] + bucket["uploads"]["bytes"]
    return [part for part in [*found, _Part(OLD, _OLD_VERSIONS, beside)] if part.bytes]


def _size(parts: Iterable[_Part]) -> int:
    return sum(part.bytes for part in parts)


def _line(name: str, wide: int, when: str, parts: Sequence[_Part], most: int) -> str:
    """Each part ends where all bytes up to its end do, so that roundings do not add up."""
    bar, through = "", 0
    for part in parts:
        through += part.bytes
        bar += part.sign * (round(through * _LONGEST / most) - len(bar))
    drawn = f"{bar} {size_in_words(through) if through else 'empty'}".strip()
    return f"{name:<{wide}}  {when:<6}  {drawn}"


def _legend(parts: Iterable[_Part]) -> Iterator[str]:
    names = {(part.sign, part.name) for part in parts}
    order = (*SIGNS.values(), OTHER, OLD)
    for sign, name in sorted(names, key=lambda each: (order.index(each[0]), each[1])):
        yield f"{sign} {name}"
