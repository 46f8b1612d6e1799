"""Reads a DynamoDB table: parallel segments, consistently, to the last page, and counted again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Any, Final

from firnline.fleet.accounts import Access, requesting
from firnline.language.fleet_registries import DynamoDb
from firnline.reach.location import (
    Location,
    UnknownLocation,
    location_as_written,
    locations_in,
)
from firnline.reach.references import OrphanReason, Reference, Strength, Unneeded
from firnline.reach.registries.clock import now
from firnline.reach.registries.pinned import Refused, references_of
from firnline.reach.registries.world import World
from firnline.reach.source import CannotRead, Certificate, Found

SEGMENTS: Final = 4
_REMEDY: Final = "correct the items, or name in `skip_when` what tells those that need nothing"

Page = Mapping[str, Any]
Item = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class DynamoDbTable:
    """At no time more than a page of each segment is in memory."""

    name: str
    settings: DynamoDb
    world: World

    def read(self) -> Iterator[Found]:
        """Raises `CannotRead`, `NoAccess`."""
        began, refused = now(), Refused()
        access = self.world.access(self.settings.account.value, self.settings.region.value)
        scan = _Scan(self.world.clients.client("dynamodb", access), access, self.settings)
        keys = scan.keys()
        count = pages = 0
        for page in scan.pages(scan.listing()):
            pages += 1
            for item in page["Items"]:
                count += 1
                yield from self._of(item, keys, refused)
        counted = sum(page["Count"] for page in scan.pages(scan.counting(keys)))
        yield Certificate(
            began,
            now(),
            pages=pages,
            count=count,
            independent_count=counted,
            counted_by="a second scan with `Select: COUNT`",
            problems=(*refused.problems(_REMEDY), *_changed(count, counted, self.settings)),
        )

    def _of(
        self, item: Item, keys: tuple[str, ...], refused: Refused
    ) -> Iterator[Reference | Unneeded]:
        record = f"{self.name} {_named(item, keys)}"
        owner = _text(item, self.settings.owner.value) if self.settings.owner else None
        paths = tuple(_texts(item.get(self.settings.path.value))) or (None,)
        named = [each for path in paths for each in references_of(path, record, refused, owner)]
        if self._is_skipped(item):
            for each in filter(None, paths if named else ()):
                where = location_as_written(each)
                yield Unneeded(where, OrphanReason.VERSION_DELETED, (record,), None, owner)
            return
        yield from named
        # What else the item says may be needed as well: `path` does not limit what is kept.
        known = {each.location for each in named}
        for location in self._elsewhere(item, record, refused):
            if location not in known:
                known.add(location)
                yield Reference(location, Strength.PIN, (record,), owner)

    def _elsewhere(self, item: Item, record: str, refused: Refused) -> Iterator[Location]:
        # Every spelling of a location has `s3` in it, and few texts have.
        for text in (text for text in _texts(item) if "s3" in text.lower()):
            try:
                yield from locations_in(text)
            except UnknownLocation as why:
                refused.add(record, str(why))

    def _is_skipped(self, item: Item) -> bool:
        return any(
            _text(item, attribute.value) in {value.value for value in values}
            for attribute, values in self.settings.skip_when
        )


@dataclass(frozen=True, slots=True)
class _Scan:
    client: Any
    access: Access
    settings: DynamoDb

    def keys(self) -> tuple[str, ...]:
        """The attributes by which an item is known; with an index, those of the index after them.
        Raises `CannotRead`.
        """
        table = self._call("dynamodb:DescribeTable", self.client.describe_table)["Table"]
        schemas = [table["KeySchema"]]
        if index := self.settings.index:
            found = [
                each
                for each in table.get("GlobalSecondaryIndexes", ())
                if each["IndexName"] == index.value
            ]
            if not found:
                raise CannotRead(
                    f"has no index `{index.value}` on its table: correct `index` in the fleet file"
                )
            if found[0]["Projection"]["ProjectionType"] == "KEYS_ONLY" and not _has(
                [*table["KeySchema"], *found[0]["KeySchema"]], self.settings.path.value
            ):
                raise CannotRead(
                    f"has an index `{index.value}` without `{self.settings.path.value}`: project"
                    " that attribute into it"
                )
            schemas.append(found[0]["KeySchema"])
        return tuple(dict.fromkeys(key["AttributeName"] for each in schemas for key in each))

    def listing(self) -> dict[str, Any]:
        if self.settings.index:  # whose reads are never consistent: the count is, of the table
            return {"IndexName": self.settings.index.value}
        return {"ConsistentRead": True}

    def counting(self, keys: tuple[str, ...]) -> dict[str, Any]:
        """Consistently in the table, also of an index: what has its keys is in it, or soon."""
        count: dict[str, Any] = {"Select": "COUNT", "ConsistentRead": True}
        if not self.settings.index:
            return count
        names = {f"#k{number}": key for number, key in enumerate(keys)}
        return {
            **count,
            "FilterExpression": " AND ".join(f"attribute_exists({name})" for name in names),
            "ExpressionAttributeNames": names,
        }

    def pages(self, request: Mapping[str, Any]) -> Iterator[Page]:
        """In any order; the next page of a segment is read while one of it is used."""
        with ThreadPoolExecutor(SEGMENTS) as pool:
            pending: dict[Future[Page], int] = {
                pool.submit(self._page, request, segment, None): segment
                for segment in range(SEGMENTS)
            }
            last: dict[int, Any] = {}
            while pending:
                segment, page = _first_done(pending)
                if key := _goes_on_behind(page, last.get(segment)):
                    last[segment] = key
                    pending[pool.submit(self._page, request, segment, key)] = segment
                yield page

    def _page(self, request: Mapping[str, Any], segment: int, after: Any) -> Page:
        where = {"ExclusiveStartKey": after} if after else {}
        page: Page = self._call(
            "dynamodb:Scan",
            self.client.scan,
            **request,
            **where,
            Segment=segment,
            TotalSegments=SEGMENTS,
        )
        counts = request.get("Select") == "COUNT"
        if "Count" not in page or (not counts and len(page.get("Items", ())) != page["Count"]):
            raise CannotRead(
                "answered with a page that is not whole (`Count` and `Items` do not agree): read it"
                " again"
            )
        return page

    def _call(self, permission: str, call: Callable[..., Any], **request: Any) -> Any:
        with requesting(self.access.account_id, permission, self.access.role_arn):
            return call(TableName=self.settings.table.value, **request)


def _first_done(pending: dict[Future[Page], int]) -> tuple[int, Page]:
    """A segment and its next page, which is taken out."""
    done = next(iter(wait(pending, return_when=FIRST_COMPLETED).done))
    return pending.pop(done), done.result()


def _goes_on_behind(page: Page, last: Any) -> Any:
    """The token of the next page, if there is one. Raises `CannotRead` where it is the last one."""
    key = page.get("LastEvaluatedKey")
    if key and key == last:
        raise CannotRead("answered twice that it goes on behind the same item: read it again")
    return key


def _has(schema: list[dict[str, str]], attribute: str) -> bool:
    return any(each["AttributeName"] == attribute for each in schema)


def _changed(count: int, counted: int, settings: DynamoDb) -> tuple[str, ...]:
    if count == counted:
        return ()
    what = f"the index `{settings.index.value}`" if settings.index else "the table"
    return (
        f"has {count:,} items in {what} as read, and {counted:,} as counted: it changed meanwhile,"
        " read it again",
    )


def _named(item: Item, keys: tuple[str, ...]) -> str:
    return "/".join(str(_text(item, key)) for key in keys if key in item)


def _text(item: Item, attribute: str) -> str | None:
    """Of a text, a number or a truth value; None for what is missing or has parts."""
    ((kind, value),) = item.get(attribute, {"NULL": True}).items()
    match kind:
        case "S" | "N":
            return str(value)
        case "BOOL":
            return str(value).lower()
        case _:
            return None


def _texts(value: Any) -> Iterator[str]:
    """Every text in it, in whatever lists and maps."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list | tuple | set):
        for each in value:
            yield from _texts(each)
