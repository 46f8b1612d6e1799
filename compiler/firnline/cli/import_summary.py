"""What came of the rules of each bucket, in words, and what to do next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import assert_never

from firnline.cli.import_places import Places
from firnline.cli.import_sources import Sources
from firnline.cli.streams import say, show
from firnline.diagnostics.how_many import how_many
from firnline.diagnostics.visible import visible
from firnline.fleet.imported.fleet_policies import FleetPolicy, Refused
from firnline.fleet.imported.model import Relation
from firnline.fleet.imported.proved_shared import Imported
from firnline.folder import DEFAULT_FOLDER

_LISTED = 5
_EACH = 8
_REMARKS = 12


def say_summary(policies: Sequence[FleetPolicy], sources: Sources) -> None:
    for each in policies:
        for line in _of_policy(each):
            say(line)
    for note in sources.notes:
        say(note)
    unknown = [each.bucket.name for each in sources.wanted if each.bucket.versioning is None]
    _say_listed(
        unknown,
        "nothing says whether versions are kept; say it with --versioning, as a policy of a bucket"
        " that keeps them has to say when old versions end (FL310)",
    )
    _say_listed(sources.without, "without lifecycle rules, so there is nothing to import")
    _say_listed(sources.managed, "with rules of Firnline already")
    for line in sources.failed:
        say(line)


def why_refused(bucket: Refused) -> str:
    name = visible(bucket.imported.policy.bucket.name)
    if not bucket.why.refused:
        return f"{name}: not imported: no policy was found that is proved to mean the same"
    said = "; ".join(
        dict.fromkeys(f"{each.kind.code}, {each.message}" for each in bucket.why.refused)
    )
    return f"{name}: not imported: its policy would not compile: {said}"


def say_next(paths: Sequence[str], where: Places) -> None:
    if where.fleet is None:
        say(
            f"no fleet file in {visible(where.path)}: `firnline init` begins a project, whose fleet"
            " file says which account each label is"
        )
    folder = "" if where.path == DEFAULT_FOLDER else f" {where.path}"
    said = {
        f"firnline check{folder}": "owners to write, and what else to look at",
        f"firnline resolve{folder}": "what is live on the buckets, into the lock",
        f"firnline diff live{folder}": "says that nothing changes",
        "pulumi up": "takes the buckets over",
    }
    width = max(map(len, said))
    lines = [f"  {command:<{width}}  {what}" for command, what in said.items()]
    show("\n".join(["next:" if paths else "next, once it is in a file of its own:", *lines]))


def _of_policy(policy: FleetPolicy) -> Iterator[str]:
    members = policy.members
    if len(members) > 1:
        yield _shared(policy)
    if len(members) <= _EACH:
        for each in members:
            name = visible(each.policy.bucket.name)
            yield f"{name}: {_came_of(each, policy.relations[each.place])}"
    remarks: dict[str, list[str]] = {}
    for each in members:
        for remark in each.policy.comments:
            remarks.setdefault(remark, []).append(each.policy.bucket.name)
    for remark, buckets in list(remarks.items())[:_REMARKS]:
        yield f"  {remark}" if len(buckets) == len(members) else f"  {_some(buckets)}: {remark}"
    if len(remarks) > _REMARKS:
        yield f"  and {len(remarks) - _REMARKS:,} more such remarks"


def _shared(policy: FleetPolicy) -> str:
    different = len(policy.overridden)
    own = "its own" if different == 1 else "their own"
    but = f", {different} of them with settings of {own}" if different else ""
    text = f"{policy.name}: {how_many(len(policy.members), 'bucket')} share it{but}"
    if len(policy.members) <= _EACH:
        return text
    empty = sum(each is not Relation.SAME for each in policy.relations.values())
    but = f", of {empty:,} of them but for objects of 0 bytes" if empty else ""
    return f"{text}; of each of them it means the same{but}"


def _some(buckets: Sequence[str]) -> str:
    first, *others = map(visible, buckets)
    return f"{first} and {len(others):,} more" if others else first


def _came_of(each: Imported, relation: Relation) -> str:
    number, kept = len(each.rules.rules), len(each.policy.kept)
    rules = how_many(number, "rule")
    stay = "stays" if kept == 1 else "stay"
    if kept == number:
        as_it_is, they = ("it is", "it does") if number == 1 else ("they are", "they do")
        return f"{rules}, which {stay} as {as_it_is}: no policy can say what {they}"
    same = f"the policy means the same{_but(relation)}"
    if not kept:
        return f"{rules}: {same}"
    return f"{rules}, of which {kept} {stay}: with {'it' if kept == 1 else 'them'} {same}"


def _but(relation: Relation) -> str:
    match relation:
        case Relation.SAME:
            return ""
        case Relation.BUT_FOR_EMPTY_OBJECTS:
            return " but for objects of 0 bytes"
        case _:
            assert_never(relation)


def _say_listed(buckets: Sequence[str], what: str) -> None:
    if not buckets:
        return
    listed = ", ".join(map(visible, buckets[:_LISTED]))
    more = f" and {len(buckets) - _LISTED:,} more" if len(buckets) > _LISTED else ""
    say(f"{listed}{more}: {what}")
