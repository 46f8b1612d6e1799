"""Well-shaped nodes → `Policy`, `Fleet`, `Lock`.

Parts that the shape check left out are absent here: where a required key is missing, a placeholder
takes its place, so that the rest of the file is still checked. Nothing is compiled then.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TypeVar

from firnline.diagnostics.kinds import Diagnostic
from firnline.diagnostics.position import Span
from firnline.language.checked_values import day_said, size_said
from firnline.language.model import (
    Buckets,
    Clocks,
    ForeignRules,
    Hold,
    KeepNewest,
    Markers,
    MinimumSizeDefault,
    Policy,
    Promise,
    References,
    Retention,
    Size,
    Tier,
    TierTransition,
    Timeline,
    Unreferenced,
    Waiver,
    matches,
)
from firnline.language.nodes import List, Map, Node, Text
from firnline.language.overrides import Settled, overrides_in
from firnline.language.read_runs import run_retentions_in
from firnline.language.said import Said
from firnline.language.shape_values import bad_duration
from firnline.language.tier_classes import DEFAULT_CLASSES
from firnline.language.units import (
    NEVER,
    After,
    NotADuration,
    parse_after,
    parse_duration,
    parse_kept,
)
from firnline.language.unread import require_all_read
from firnline.language.values import (
    choice,
    entries_of,
    maps_of,
    one_or_many,
    said_under,
    tags_in,
    whole_number,
)
from firnline.s3.terms import Days, StorageClass, Versioning

T = TypeVar("T")

Classes = Mapping[Tier, StorageClass]
_DEFAULT_CLASSES: Classes = {Tier(name): each for name, each in DEFAULT_CLASSES.items()}


class Reader:
    """Reads one file; `found` collects values that have the right shape and are still wrong.
    `damaged` are the maps from which the shape check removed something. Raises `UnreadKey`.
    """

    def __init__(self, damaged: Collection[Span] = ()) -> None:
        self.found: list[Diagnostic] = []
        self._damaged = damaged

    def policy(self, root: Map) -> Policy:
        """As it applies without overrides; `Policy.for_bucket` gives the others."""
        named = list(overrides_in(root))
        if not named:
            return self._policy(root)
        plain = Settled(root, "", "", self._damaged)
        overridden = _Overridden(
            root,
            self._damaged,
            accounts=tuple(said for key, said in named if key == "per_account"),
            buckets=tuple(said for key, said in named if key == "per_bucket"),
        )
        return replace(self._policy(plain.root), overridden=overridden)

    def _policy(self, root: Map) -> Policy:
        classes = _classes(root, _DEFAULT_CLASSES)
        root.leave("firnline")
        policy = Policy(
            name=said_under(root, "policy", "unnamed"),
            owner=said_under(root, "owner", ""),
            why=said_under(root, "why", ""),
            review_by=day_said(root.get("review_by"), self.found),
            applies_to=tuple(_buckets(entry) for entry in maps_of(root.get("applies_to"))),
            versioning=choice(root.get("versioning"), Versioning),
            retentions=tuple(
                self._retention(name, settings, classes)
                for name, settings in entries_of(root.get("retain"))
            ),
            whole_bucket=self._clocks(root, classes, objects=False),
            waivers=tuple(self._waivers(root)),
            references=self._references(root.get("references")),
            run_retentions=tuple(run_retentions_in(root.get("runs"), self._read)),
            promises=tuple(
                self._promise(name, settings) for name, settings in entries_of(root.get("promises"))
            ),
            holds=tuple(
                self._hold(name, settings) for name, settings in entries_of(root.get("holds"))
            ),
            foreign_rules=choice(root.get("foreign_rules"), ForeignRules),
            adopts=one_or_many(root.get("adopts")),
            minimum_size_default=choice(root.get("minimum_size_default"), MinimumSizeDefault),
        )
        require_all_read(root, self._damaged)
        return policy

    def _references(self, node: Node | None) -> References | None:
        if not isinstance(node, Map):
            return None
        return References(
            span=node.span,
            registries=one_or_many(node.get("from")),
            grace=self._read(node, "grace", parse_duration),
            min_age=self._read(node, "min_age", parse_duration),
            quiet=self._read(node, "quiet", parse_duration),
            max_age=self._read(node, "max_age", parse_duration),
        )

    def _promise(self, name: Text, settings: Map) -> Promise:
        old_versions = settings.get("old_versions")
        return Promise(
            span=settings.span,
            name=Said(name.value, name.span),
            prefixes=one_or_many(settings.get("prefix")),
            tags=tags_in(settings.get("tags")),
            keep_at_least=self._read(settings, "keep_at_least", parse_kept),
            old_versions_at_least=self._read(old_versions, "keep_at_least", parse_kept),
            gone_within=self._read(settings, "gone_within", parse_duration),
        )

    def _hold(self, name: Text, settings: Map) -> Hold:
        return Hold(
            span=settings.span,
            name=Said(name.value, name.span),
            prefixes=one_or_many(settings.get("prefix")),
            ask_again=day_said(settings.get("ask_again"), self.found),
            why=said_under(settings, "why", "").value,
            approved_by=said_under(settings, "approved_by", "").value,
        )

    def _waivers(self, root: Map) -> Iterator[Waiver]:
        key = root.key("waivers")
        for entry in maps_of(root.get("waivers")):
            code, expires = entry.get("code"), day_said(entry.get("expires"), self.found)
            why = said_under(entry, "why", "")
            retention = said_under(entry, "retention", "") if entry.get("retention") else None
            if isinstance(code, Text) and expires is not None and key is not None:
                said = Said(code.value, code.span)
                yield Waiver(said, retention, expires, why.value, entry.span, key.span)

    def _retention(self, name: Text, settings: Map, classes: Classes) -> Retention:
        clocks = self._clocks(settings, _classes(settings, classes), objects=True)
        delete_when = self._delete_when(settings)
        if delete_when and clocks.objects:
            never: Said[After] = Said(NEVER, delete_when.span)
            clocks = replace(clocks, objects=replace(clocks.objects, delete=never))
        return Retention(
            span=settings.span,
            name=Said(name.value, name.span),
            prefixes=one_or_many(settings.get("prefix")),
            listed=isinstance(settings.get("prefix"), List),
            clocks=clocks,
            why=said_under(settings, "why", "") if settings.get("why") else None,
            tags=tags_in(settings.get("tags")),
            size=self._size(settings.get("size")),
            smallest_move=size_said(settings.get("smallest_move"), self.found),
            delete_when=delete_when,
        )

    def _delete_when(self, settings: Map) -> Unreferenced | None:
        condition = settings.get("delete_when")
        if not isinstance(condition, Text):
            return None
        return Unreferenced(condition.span, self._after(settings, "delete_after"))

    def _size(self, settings: Node | None) -> Size | None:
        if not isinstance(settings, Map):
            return None
        over, under = (size_said(settings.get(key), self.found) for key in ("over", "under"))
        return Size(settings.span, over, under)

    def _clocks(self, settings: Map, classes: Classes, *, objects: bool) -> Clocks:
        old_versions, uploads = settings.get("old_versions"), settings.get("uploads")
        return Clocks(
            objects=self._timeline(settings, classes) if objects else None,
            old_versions=(
                self._timeline(old_versions, classes) if isinstance(old_versions, Map) else None
            ),
            delete_markers=choice(settings.get("delete_markers"), Markers),
            uploads=self._after(uploads, "abort_after") if isinstance(uploads, Map) else None,
        )

    def _timeline(self, settings: Map, classes: Classes) -> Timeline:
        mistakes = len(self.found)
        ages = {tier: self._after(settings, tier.key) for tier in Tier}
        delete = self._after(settings, "delete_after")
        return Timeline(
            span=settings.span,
            moves=tuple(
                TierTransition(tier, classes[tier], said.value, said.span)
                for tier, said in ages.items()
                if said and isinstance(said.value, Days)
            ),
            delete=delete,
            keep_newest=(newest := self._keep_newest(settings.get("keep_newest"))),
            whole=settings.span not in self._damaged
            and len(self.found) == mistakes
            and not (newest is None and settings.get("keep_newest")),
        )

    def _keep_newest(self, node: Node | None) -> KeepNewest | None:
        """A count alone keeps for ever."""
        if isinstance(node, Text):
            return KeepNewest(node.span, whole_number(node), NEVER)
        if isinstance(node, Map):
            count, delete = node.get("count"), self._after(node, "delete_after")
            if isinstance(count, Text) and delete is not None:
                return KeepNewest(count.span, whole_number(count), delete.value)
        return None

    def _after(self, settings: Map, key: str) -> Said[After] | None:
        return self._read(settings, key, parse_after)

    def _read(self, settings: Node | None, key: str, parse: Callable[[str], T]) -> Said[T] | None:
        """A duration of one kind or another."""
        text = settings.get(key) if isinstance(settings, Map) else None
        if not isinstance(text, Text):
            return None
        try:
            return Said(parse(text.value), text.span)
        except NotADuration:
            self.found.append(bad_duration(text, key))
            return None


class _Overridden:
    def __init__(
        self,
        root: Map,
        damaged: Collection[Span],
        accounts: tuple[Said[str], ...],
        buckets: tuple[Said[str], ...],
    ) -> None:
        self.accounts = accounts
        self.buckets = buckets
        self._root = root
        self._damaged = damaged
        self._known: dict[tuple[Span, ...], Policy] = {}
        self._by_matching: dict[tuple[frozenset[str], frozenset[str]], Policy] = {}

    def settle(self, account: str, bucket: str) -> Policy:
        # A policy is long and its patterns are few: buckets that match the same ones settle once.
        matching = _matching(account, self.accounts), _matching(bucket, self.buckets)
        if matching not in self._by_matching:
            self._by_matching[matching] = self._settled(account, bucket)
        return self._by_matching[matching]

    def _settled(self, account: str, bucket: str) -> Policy:
        settled = Settled(self._root, account, bucket, self._damaged)
        used = tuple(settled.used)
        if used not in self._known:
            reader = Reader(settled.damaged)
            policy = reader._policy(settled.root)
            self._known[used] = replace(policy, remarks=(*settled.found, *reader.found))
        return self._known[used]


def _matching(name: str, patterns: Iterable[Said[str]]) -> frozenset[str]:
    return frozenset(said.value for said in patterns if matches(name, said.value))


def _classes(settings: Map, inherited: Classes) -> Classes:
    said = settings.get("storage_classes")
    if not isinstance(said, Map):
        return inherited
    classes = ((tier, said.get(tier.value)) for tier in Tier)
    own = {tier: StorageClass(text.value) for tier, text in classes if isinstance(text, Text)}
    return {**inherited, **own}


def _buckets(entry: Map) -> Buckets:
    names = one_or_many(entry.get("buckets"))
    return Buckets(
        accounts=one_or_many(entry.get("account")),
        regions=one_or_many(entry.get("regions")),
        tags=tags_in(entry.get("tags")),
        included=tuple(name for name in names if not name.value.startswith("!")),
        excluded=tuple(
            Said(name.value[1:], name.span) for name in names if name.value.startswith("!")
        ),
    )
