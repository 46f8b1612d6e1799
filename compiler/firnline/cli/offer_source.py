"""Where are AWS's price lists read from? From AWS, from a copy of its tree, or from single files.

The only place that fetches prices.
"""

from __future__ import annotations

import http.client
import os
import urllib.error
import urllib.request
from collections.abc import Sequence
from typing import Final

from firnline import __version__
from firnline.cli.failed import CommandFailed
from firnline.cli.streams import say
from firnline.inventory.prices.offer_json import LARGEST, NotAnOffer, OfferFile, read_offer
from firnline.inventory.prices.usage_types import Offer

# AWS Billing User Guide, "Getting price list files"; it needs no credentials.
AWS: Final = "https://pricing.us-east-1.amazonaws.com/offers/v1.0/aws"
_SECONDS: Final = 30
_NO_ACCESS: Final = 3


def read_offers(places: Sequence[str], region: str) -> list[OfferFile]:
    """Raises `CommandFailed`. A place that ends in `.json` is one list; another is the top of a
    tree as AWS has it, with every list that is needed.
    """
    return [_read(place) for each in places or [AWS] for place in _lists(each, region)]


def _lists(place: str, region: str) -> list[str]:
    if place.endswith(".json"):
        return [place]
    return [f"{place.rstrip('/')}/{offer}/current/{region}/index.json" for offer in Offer]


def _read(place: str) -> OfferFile:
    say(f"reading {place}")
    content = _fetched(place) if _is_address(place) else _from_disk(place)
    try:
        return read_offer(content)
    except NotAnOffer as problem:
        raise CommandFailed(f"{place} is no price list of S3: {problem}") from None


def _is_address(place: str) -> bool:
    return place.startswith(("https://", "http://"))


def _fetched(address: str) -> bytes:
    headers = {"User-Agent": f"firnline/{__version__}", "Accept": "application/json"}
    try:
        request = urllib.request.Request(address, headers=headers)
        with urllib.request.urlopen(request, timeout=_SECONDS) as answer:
            content: bytes = answer.read(LARGEST + 1)
            stated = answer.headers.get("Content-Length", "")
    except urllib.error.HTTPError as error:
        raise CommandFailed(
            f"{address}: the server answers {error.code} {error.reason}", _NO_ACCESS
        ) from None
    except (http.client.InvalidURL, ValueError) as error:
        raise CommandFailed(f"{address} is no address: {error}") from None
    except (OSError, http.client.HTTPException) as error:
        raise CommandFailed(
            f"{address} cannot be read: {_why(error)}; offline, name a file by --from", _NO_ACCESS
        ) from None
    if stated.isdecimal() and len(content) < min(int(stated), LARGEST):
        raise CommandFailed(
            f"{address}: the connection ended after {len(content):,} of {int(stated):,} bytes",
            _NO_ACCESS,
        )
    return content


def _why(error: Exception) -> str:
    """In words, without the number of a system error."""
    reason = error.reason if isinstance(error, urllib.error.URLError) else error
    return getattr(reason, "strerror", None) or str(reason) or type(reason).__name__


def _from_disk(path: str) -> bytes:
    try:
        with open(os.path.expanduser(path), "rb") as file:
            return file.read(LARGEST + 1)
    except OSError as error:
        raise CommandFailed(f"{path}: {error.strerror}") from None
