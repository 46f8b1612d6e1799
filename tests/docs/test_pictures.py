"""The pictures show what the commands print today, and need nothing of the network."""

from __future__ import annotations

import re
from operator import attrgetter

import pytest

from docs import pictures
from docs.pictures import PICTURES, Picture
from sandbox.paths import CHECKOUT
from tests.docs.pages import pages, text_of

_ADDRESS = re.compile(r"\w+://[^\"')\s]+")
_NAMESPACE = "http://www.w3.org/2000/svg"


@pytest.mark.parametrize("picture", PICTURES, ids=attrgetter("name"))
def test_a_picture_is_what_its_command_prints(picture: Picture) -> None:
    committed = (pictures.FOLDER / f"{picture.name}.svg").read_text(encoding="utf-8")
    assert committed == pictures.drawn(picture), "run `make docs` and look at docs/images"


def test_the_folder_holds_no_other_picture() -> None:
    found = {path.name for path in pictures.FOLDER.iterdir()}
    assert found == {f"{picture.name}.svg" for picture in PICTURES}


@pytest.mark.parametrize("picture", PICTURES, ids=attrgetter("name"))
def test_a_picture_is_drawn_without_another_server(picture: Picture) -> None:
    drawn = (pictures.FOLDER / f"{picture.name}.svg").read_text(encoding="utf-8")
    loaded = [each for each in _ADDRESS.findall(drawn) if not each.startswith("s3://")]
    assert loaded == [_NAMESPACE]


@pytest.mark.parametrize("picture", PICTURES, ids=attrgetter("name"))
def test_a_picture_is_on_a_page_with_words_for_who_cannot_see_it(picture: Picture) -> None:
    shown = re.compile(rf"!\[([^\]]+)\]\([^)]*images/{picture.name}\.svg\)")
    assert any(shown.search(text_of(page)) for page in pages()), CHECKOUT
