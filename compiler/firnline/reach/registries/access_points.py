"""The access points of an account and region, each with its bucket; requested when first needed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from firnline.fleet.accounts import Access, NoAccess, requesting
from firnline.reach.source import CannotRead


class AccessPointsOf(Mapping[str, tuple[str, ...]]):
    """By ARN and by alias. `client` makes one of S3 Control, `NoAccess` included. Whatever is read
    of it raises `CannotRead` where they cannot be listed.
    """

    def __init__(self, client: Callable[[], Any], access: Access) -> None:
        self._client, self._access = client, access
        self._listed: dict[str, tuple[str, ...]] | None = None

    def __getitem__(self, name: str) -> tuple[str, ...]:
        return self._all()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())

    def _all(self) -> dict[str, tuple[str, ...]]:
        if self._listed is None:
            self._listed = dict(self._pages())
        return self._listed

    def _pages(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        parameters = {"AccountId": self._access.account_id}
        while True:
            page = self._page(parameters)
            for each in page.get("AccessPointList", ()):
                for name in filter(None, (each.get("AccessPointArn"), each.get("Alias"))):
                    yield name, (each["Bucket"],)
            token = page.get("NextToken")
            if not token or token == parameters.get("NextToken"):
                return
            parameters["NextToken"] = token

    def _page(self, parameters: Mapping[str, str]) -> dict[str, Any]:
        permission = "s3:ListAccessPoints"
        try:
            with requesting(self._access.account_id, permission, self._access.role_arn):
                found: dict[str, Any] = self._client().list_access_points(**parameters)
                return found
        except NoAccess as why:
            raise CannotRead(
                f"names a location behind an access point, whose bucket cannot be found"
                f" ({why.reason}): grant {permission}"
            ) from why
