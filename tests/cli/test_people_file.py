"""`--owners`: who is there and who left; what is wrong in the file is named by its line."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from firnline.cli.failed import CommandFailed
from firnline.cli.people_file import people_of
from firnline.reach.mark.successors import Person

TODAY = date(2026, 11, 29)
PEOPLE = {
    "ann": Person("vision"),
    "ann@acme.example": Person("vision"),
    "bob": Person("vision", has_left=True),
    "cleo": Person(),
    "dan": Person("nlp"),
}
CSV = """\
Name,EMail,Office,Team,Left
Ann,ann@acme.example,3,vision,
bob,,,vision,2026-09-01
cleo,,,,no
dan,,,nlp,2026-12-24
"""
YAML = """\
- {name: Ann, email: ann@acme.example, team: vision}
- name: bob
  team: vision
  left: 2026-09-01
- cleo
- {login: dan, team: nlp, left: 2026-12-24}
"""
JSON = json.dumps(
    [
        {"name": "ann", "mail": "ann@acme.example", "team": "vision"},
        {"name": "bob", "team": "vision", "left": "yes"},
        "cleo",
        {"name": "dan", "team": "nlp", "left": ""},
    ]
)


def people(folder: Path, name: str, text: str) -> dict[str, Person]:
    (folder / name).write_text(text, encoding="utf-8")
    return dict(people_of(str(folder / name), TODAY))


@pytest.mark.parametrize(
    ("name", "text"), [("p.csv", CSV), ("p.yaml", YAML), ("p.YML", YAML), ("p.json", JSON)]
)
def test_the_same_people_in_each_form(name: str, text: str, tmp_path: Path) -> None:
    assert people(tmp_path, name, text) == PEOPLE


def test_who_is_listed_twice_is_there_if_one_of_them_is(tmp_path: Path) -> None:
    for order in ("- {name: ann, left: yes}\n- ann\n", "- ann\n- {name: ann, left: yes}\n"):
        assert people(tmp_path, "p.yaml", order) == {"ann": Person()}


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("p.csv", "a,b\n1,2\n", ":1: no column is called `name` or `owner`"),
        ("p.csv", "name,team\nann,a,b\n", ":2: has more fields than the head has names"),
        ("p.csv", "name,team\nann,a\n,b\n", ":3: names nobody"),
        ("p.csv", 'name,team\nann,a\n"bob,b\n', ":3: is no CSV: unexpected end of data"),
        ("p.csv", "name,left\nann,\nbob,gone\n", ":3: `left` is 'gone': write the day, such as"),
        ("p.csv", "name\n", " lists nobody: name a CSV with a head"),
        ("p.csv", "", " is empty: name a CSV with a head"),
        ("p.yaml", "- ann\n- {name: bob, tema: a}\n", ":2: no key of a person is called 'tema'"),
        ("p.yaml", "- ann\n- team: vision\n", ":2: names nobody"),
        ("p.yaml", "- ann\n- name: bob\n  left: [a]\n", ":3: `left` is a list or a map"),
        ("p.yaml", "- ann\n- name: bob\n  left: soon\n", ":2: `left` is 'soon': write the day"),
        ("p.yaml", "- ann\n- [bob]\n", ":2: is a list in a list"),
        ("p.yaml", "ann: vision\n", ":1: is no list of people"),
        ("p.yaml", "- ann\n- {name: bob\n- cleo\n", ":2: "),
        ("p.yaml", "- ann\n- {name: bob, name: cleo}\n", ":2: "),
        ("p.yaml", "- ann\n- &a bob\n", ":2: "),
        ("p.yaml", "[]", " lists nobody"),
        ("p.json", '[\n"ann",\n{"name": 1, "nam": 2}]', ":3: no key of a person is called 'nam'"),
    ],
)
def test_what_is_wrong_is_named_by_its_line(
    name: str, text: str, problem: str, tmp_path: Path
) -> None:
    with pytest.raises(CommandFailed) as failed:
        people(tmp_path, name, text)
    assert f"{tmp_path}/{name}{problem}" in str(failed.value)


def test_a_file_in_another_encoding_is_named(tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_bytes("name\nJosé\n".encode("latin-1"))
    with pytest.raises(CommandFailed, match="is no text in UTF-8: name a CSV"):
        people_of(str(tmp_path / "p.csv"), TODAY)
