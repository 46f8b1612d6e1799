"""Is a key or a word of the language mistyped, or does it mean something else?

`hold_after` is one letter away from `cold_after` and means nearly the opposite. An English word
is therefore never taken for a slip, nor is another letter in a part of four letters, where nearly
every change makes a word.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from firnline.language.misspelt import folded, misspelt

_SHORT = 4

# Those that are one slip (in eight letters and more two) from a part of a key or of a value.
_OTHERS = (
    "about alter late later former amount amounts count counts accent county court mount gain "
    "apples proved approval unapproved improved achieve achieved active classic clashes clauses "
    "glasses clean lear deplete debate relate elite empire empires expiry race trace traces grave "
    "grade brace grape hold fold folds holes gold old bold told sold scold could mold cord held "
    "beast east feast lease last lost lest weave heave cleave market markets makers fewest "
    "nearest lowest namesake police premise premises provides praises profiles proposes proxies "
    "deference preference preferences reverence refuge refute defuse reuse legion legions leases "
    "relates relaxes recesses remain regain detain retail retrain attention intention reception "
    "detention rejection detection prevention preview roles rubles ruler smaller smartest tallest "
    "suspected suspense able cable stable tale tablet bags rags tabs tiring talking taking "
    "training racing packing trading backing hacking lacking tracing ranking trailing trucking "
    "stacking racking trashing tricking referenced dereferenced unloads offloads downloads "
    "persons visions sessions diversions conversions waiters udder reel seep keen weep deed deer "
    "need seem move more mode mole love more ever cover lover hover side site bath math pats "
    "rule roll hole role rope wake have gave save cave wage waive warn arm war farm harm wars "
    "ward worm wart done none gene zone lone tone from form prom frog fire fine film mile pile "
    "tile core come rode mode cope node skin ship slip ski step then them whom while suffix affix "
    "infix owned downer airline"
)
_WORDS = frozenset(_OTHERS.split())


def mistyped(written: str, known: Iterable[str]) -> str | None:
    """The known word that was meant for certain."""
    name = misspelt(written, known)
    return name if name and _has_only_slips(written, name) else None


def is_another_word(written: str, name: str) -> bool:
    """Whether a part in which it differs from `name` is a word of its own."""
    return any(part in _WORDS for part, _ in _changed(written, name))


def _has_only_slips(written: str, name: str) -> bool:
    one, other = _parts(written), _parts(name)
    if "".join(one) == "".join(other):
        return True
    if len(one) != len(other) or is_another_word(written, name):
        return False
    return all(_is_slip(part, meant) for part, meant in _changed(written, name))


def _is_slip(part: str, meant: str) -> bool:
    """In a short part only two letters swapped, or one doubled or written once."""
    has_same_letters = set(part) == set(meant)
    is_near = misspelt(part, [meant]) is not None
    return _is_swapped(part, meant) or (is_near and (has_same_letters or len(meant) > _SHORT))


def _is_swapped(part: str, meant: str) -> bool:
    """Whether two neighbouring letters changed places, in however short a part."""
    apart = [at for at, (one, other) in enumerate(zip(part, meant, strict=False)) if one != other]
    return (
        len(part) == len(meant)
        and len(apart) == 2
        and sorted(part) == sorted(meant)
        and (apart[1] == apart[0] + 1)
    )


def _changed(written: str, name: str) -> Iterator[tuple[str, str]]:
    pairs = zip(_parts(written), _parts(name), strict=False)
    return ((part, meant) for part, meant in pairs if part != meant)


def _parts(word: str) -> list[str]:
    return [part for part in folded(word).split("_") if part]
