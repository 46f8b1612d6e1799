"""Which prices hold in a region? The cached or shipped ones, and the project's own on top."""

from __future__ import annotations

import os
from dataclasses import dataclass

from firnline.inventory.prices.price_file import read_price_file
from firnline.inventory.prices.price_list import NoPrice, Prices, in_words
from firnline.inventory.prices.shipped import US_EAST_1
from firnline.inventory.prices.table import NotAPriceFile
from firnline.language.price_settings import NO_PRICE_SETTINGS, PriceSettings
from firnline.language.project import BadSettings
from firnline.settings import policies_folder, settings_in, text_of

_FOLDER = "prices"


def prices_of(region: str) -> Prices:
    """Raises `NoPrice`, `BadSettings`."""
    prices = known_prices(region)
    if prices is None:
        raise NoPrice(f"no prices of {region} are known", region)
    return prices


def known_prices(region: str) -> Prices | None:
    """None where none are. Raises `BadSettings`."""
    project = _project()
    own = [each for each in _own(project) if each.region == region]
    prices = _cached(project, region) or (US_EAST_1 if region == US_EAST_1.region else None)
    for each in own:
        prices = each if prices is None else prices.with_those_of(each)
    return prices and prices.times(project.settings.factor(region))


def cached_at(region: str) -> str:
    """The file beside the project's settings, or else beside its policies, to be committed."""
    return _path_of_cached(_project(), region)


@dataclass(frozen=True, slots=True)
class _Project:
    """`folder` is that of the settings; without any, the one that the policies are in."""

    folder: str
    settings: PriceSettings


def _project() -> _Project:
    found = policies_folder()
    if found.settings is None:
        return _Project(os.path.dirname(os.path.normpath(found.path)), NO_PRICE_SETTINGS)
    folder = os.path.dirname(found.settings)
    settings = settings_in(folder or os.curdir)
    return _Project(folder, settings.project.prices if settings else NO_PRICE_SETTINGS)


def _cached(project: _Project, region: str) -> Prices | None:
    path = _path_of_cached(project, region)
    if (text := text_of(path)) is None:
        return None
    prices = _read(path, text)
    if prices.region != region:
        raise BadSettings(f"{path}: its prices are of {prices.region}, not of {region}")
    return prices


def _own(project: _Project) -> list[Prices]:
    """Raises `BadSettings`, also where two files state the same figure."""
    found: list[Prices] = []
    stated: dict[tuple[str, str], str] = {}
    for name in project.settings.files:
        path = os.path.normpath(os.path.join(project.folder, name))
        if (text := text_of(path)) is None:
            raise BadSettings(f"{path}: there is no such file, but the settings name it")
        prices = _read(path, text)
        for figure in _figures(prices):
            if other := stated.get((prices.region, figure)):
                raise BadSettings(f"{path}: the price of {figure} is stated by {other}, too")
            stated[prices.region, figure] = path
        found.append(prices)
    return found


def _figures(prices: Prices) -> list[str]:
    return [
        *(in_words(each.storage_class, each.tier) for each in prices.storage_prices),
        *(f"transitions into {each.storage_class}" for each in prices.transition_prices),
        *(f"reads from {each.storage_class}, {each.figure}" for each in prices.read_prices),
        *(["monitoring"] if prices.monitoring_price else []),
    ]


def _read(path: str, text: str) -> Prices:
    try:
        return read_price_file(text, toml=path.endswith(".toml"))
    except NotAPriceFile as problem:
        raise BadSettings(f"{path}: {problem}") from None


def _path_of_cached(project: _Project, region: str) -> str:
    return os.path.join(project.folder, _FOLDER, f"{region}.json")
