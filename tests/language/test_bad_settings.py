"""What is said of settings that are wrong, by every command that reads them; and their schema."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from firnline.cli import main
from firnline.language.gate_settings import CODES
from firnline.language.project import BadSettings, Project, with_settings
from firnline.language.settings_schema import settings_schema
from firnline.settings import PYPROJECT_TABLE
from tests.policies import whole

Captured = pytest.CaptureFixture[str]
RIGHT = [
    "",
    'policies = "retention/a.b"',
    'policies = "..."',
    'policies = "./a/"',
    'floor = "0d"',
    'floor = "2y"',
    'docs_url = "https://docs.example.com/x"',
    "[review]",
    '[review]\nbase = "origin/main"\napprovals = "self"',
    '[review]\nbase = "release-1.2"',
    '[review]\nbase = "a@b"',
    "[gates]",
    '[gates]\nmax_first_run_delete = "2.5 %"',
    '[gates]\nmax_first_run_delete = "100.0%"',
    '[gates]\nmax_first_run_delete = "007%"',
    *(f'[gates.levels]\n{code} = "warning"' for code in CODES),
    '[gates.levels]\nFL401 = {level = "off", why = "scratch"}\nFL410 = {level = "error"}',
    '[prices]\nfiles = ["a.toml", "b.json"]\nprice_factor = 0.93',
    "[prices]\nprice_factor = {eu-central-1 = 1, us-east-1 = 2.0}",
]
WRONG = {
    'flor = "7d"': "1:1: unknown setting `flor`; did you mean `floor`?",
    "x = 1": "1:1: unknown setting `x`; remove it; known here: docs_url, floor, gates,",
    "floor = 7": '1:9: `floor` must be a duration; write days, weeks or years, such as "7d"',
    'floor = "never"': "1:9: `floor` must be a duration",
    'floor = "07d"': "1:9: `floor` must be a duration",
    'policies = ".."': "1:12: `policies` must be a folder below this one",
    'policies = "/a"': "1:12: `policies` must be",
    'policies = "a/../b"': "1:12: `policies` must be",
    'policies = "."': "1:12: `policies` must be",
    'policies = ""': "1:12: `policies` must be",
    "docs_url = 'ftp://x'": "1:12: `docs_url` must be an address",
    "review = 1": "1:10: `review` must be a table; begin it with [review]",
    "[[review]]": "1:3: `review` must be a table",
    "[review]\nbas = 'x'": "2:1: unknown setting `review.bas`; did you mean `base`?",
    "[review]\nbase = 'HEAD'": "2:8: `review.base` must be the branch",
    "[review]\nbase = 'a..b'": "2:8: `review.base` must be the branch",
    "[review]\nbase = '-x'": "2:8: `review.base` must be the branch",
    "[review]\nbase = 'a.lock/b'": "2:8: `review.base` must be the branch",
    "[review]\nbase = 'a b'": "2:8: `review.base` must be the branch",
    "[review]\napprovals = true": '2:13: `review.approvals` is "self" or left out',
    "\n\n[gates]\nmax_first_run_delet = '1%'": "4:1: unknown setting `gates.max_first_run_delet`",
    "[gates]\nmax_first_run_delete = 10 # %": "2:24: `gates.max_first_run_delete` must be a part",
    "[gates]\nmax_first_run_delete = '100.1%'": "2:24: `gates.max_first_run_delete` must be",
    "[gates.levels]\nFL301 = 'off'": "2:1: `gates.levels.FL301` is the code of no gate; remove it",
    "[gates.levels]\nFL401 = 'off'": "2:9: `gates.levels.FL401` is off without a reason; write",
    "[gates]\nlevels = {FL401 = 'x'}": "2:19: `gates.levels.FL401` must be one of gate,",
    "[gates]\nlevels.FL401 = {level = 'off', why = ' '}": "2:16: `gates.levels.FL401` is off",
    "[gates.levels.FL401]\nlevel = 'error'\nx = 1": "1:15: `gates.levels.FL401` must be one of",
    "[prices]\nfile = []": "2:1: unknown setting `prices.file`; did you mean `files`?",
    "[prices]\nfiles = ['a.csv']": "2:9: `prices.files` must be a list",
    "[prices]\nprice_factor = 0": "2:16: `prices.price_factor` must be a number above 0",
    "[prices]\nprice_factor = {x = 1}": "2:17: `prices.price_factor.x` is for no region",
    "[prices.price_factor]\neu-west-1 = 3": "2:13: `prices.price_factor` must be a number",
}


@pytest.mark.parametrize("text", RIGHT)
def test_what_the_schema_of_editors_takes_is_read(text: str) -> None:
    with_settings(Project(), text, "firnline.toml")
    jsonschema.Draft7Validator(settings_schema()).validate(tomllib.loads(text))


@pytest.mark.parametrize("text", WRONG)
def test_a_mistake_is_named_with_its_line_and_what_to_write(text: str) -> None:
    with pytest.raises(BadSettings) as raised:
        with_settings(Project(), text, "firnline.toml")
    assert str(raised.value).startswith(f"firnline.toml:{WRONG[text]}")
    assert not jsonschema.Draft7Validator(settings_schema()).is_valid(tomllib.loads(text))


def test_all_mistakes_are_named_in_order() -> None:
    text = "flor = 1\nfloor = 2\n[gates]\nx = 3\nmax_first_run_delete = 4\n[review]\nbase = 5\n"
    with pytest.raises(BadSettings) as raised:
        with_settings(Project(), text, "firnline.toml")
    lines = [line.split(":")[1] for line in str(raised.value).splitlines()]
    assert lines == ["1", "2", "4", "5", "7"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[tool.firnline]\nflor = "7d"', "2:1: unknown setting `flor`"),
        ("[tool]\nfirnline = 7", "2:12: what holds the settings must be a table"),
        ("[tool.firnline.gates]\nx = 7", "2:1: unknown setting `gates.x`"),
    ],
)
def test_in_pyproject_too(text: str, says: str) -> None:
    with pytest.raises(BadSettings) as raised:
        with_settings(Project(), text, "pyproject.toml", below=PYPROJECT_TABLE)
    assert str(raised.value).startswith(f"pyproject.toml:{says}")


@pytest.mark.parametrize("value", ["9" * 5_000, "[" * 5_000 + "]" * 5_000, "{x=" * 3_000])
def test_what_cannot_be_read_at_all_is_no_internal_error(value: str) -> None:
    with pytest.raises(BadSettings, match=r"^firnline\.toml:1:"):
        with_settings(Project(), f"floor = {value}", "firnline.toml")


NAMES = st.sampled_from(
    [
        *("floor", "policies", "gates", "levels", "FL401", "review", "base", "approvals", "prices"),
        *("files", "price_factor", "us-east-1", "max_first_run_delete", "x", '""', '"a\\nb"'),
    ]
)
VALUES = st.recursive(
    st.sampled_from(["1", "0.5", "inf", "nan", "true", "1979-05-27", '"7d"', '"off"', '"""\n]"""']),
    lambda each: st.one_of(
        st.lists(each, max_size=2).map(lambda said: f"[\n{','.join(said)}]"),
        st.dictionaries(NAMES, each, max_size=2).map(
            lambda said: "{" + ", ".join(f"{key} = {value}" for key, value in said.items()) + "}"
        ),
    ),
    max_leaves=4,
)


@given(st.lists(st.tuples(NAMES, VALUES), unique_by=lambda each: each[0], max_size=4), NAMES)
def test_whatever_stands_there_it_is_read_or_named_with_its_place(
    said: list[tuple[str, str]], header: str
) -> None:
    lines = [f"{name} = {value}" for name, value in said]
    for text in ("\n".join(lines), "\n".join([f"[{header}]", *lines]), f"[[{header}]]"):
        try:
            with_settings(Project(), text, "firnline.toml")
        except BadSettings as wrong:
            named = str(wrong).splitlines()
            assert all(re.match(r"firnline\.toml:\d+:\d+: ", each) for each in named), named


def test_odd_characters_of_a_key_are_shown() -> None:
    with pytest.raises(BadSettings) as raised:
        with_settings(Project(), '"a\\u202eb" = 1', "firnline.toml")
    assert "\u202e" not in str(raised.value)


COMMANDS = (
    ["check"],
    ["compile"],
    ["diff"],
    ["fmt", "--check"],
    ["test"],
    ["approve", "--by", "me"],
    ["init", "--yes"],
    ["resolve"],
    ["prices", "show"],
    ["explain", "s3://lab-data/x"],
    ["schema", "policy", "--project"],
)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies/p.yaml").write_text(whole(""))
    (tmp_path / "firnline.toml").write_text('[gates]\nmax_first_run_delet = "1%"\n')
    return tmp_path


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_command_that_reads_them_names_the_line(
    words: list[str], project: Path, capsys: Captured
) -> None:
    assert main(words) == 2
    said = capsys.readouterr().err
    assert " --> firnline.toml:2:1\n" in said
    assert "did you mean `max_first_run_delete`?" in said
    assert project.exists()


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize("paths", [[], ["policies"]])
def test_check_reports_them_in_the_formats_that_were_asked_for(
    paths: list[str], capsys: Captured
) -> None:
    assert main(["check", *paths, "--out", "github", "--out", "json:found.json"]) == 2
    place = "file=firnline.toml,line=2,col=1::"
    assert place in capsys.readouterr().out
    (found,) = json.loads(Path("found.json").read_text())["diagnostics"]
    assert found["code"] == "FL008"


@pytest.mark.usefixtures("project")
def test_codes_are_explained_and_schemas_printed_all_the_same(capsys: Captured) -> None:
    assert main(["explain", "FL008"]) == 0
    assert "max_first_run_delet" in capsys.readouterr().out
    assert main(["schema", "settings"]) == 0
    assert json.loads(capsys.readouterr().out) == settings_schema()
