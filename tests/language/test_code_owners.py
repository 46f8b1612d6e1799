"""Who owns a file: the examples of GitHub's and GitLab's documentation."""

from __future__ import annotations

import pytest

from firnline.language.code_owners import owners_of

# GitHub Docs, "About code owners", the example of a CODEOWNERS file.
GITHUB = """\
# This is a comment.
*       @global-owner1 @global-owner2
*.js    @js-owner #This is an inline comment.
*.go docs@example.com
*.txt @octo-org/octocats
/build/logs/ @doctocat
docs/*  docs@example.com
apps/ @octocat
/docs/ @doctocat
/scripts/ @doctocat @octocat
**/logs @octocat
/apps/ @octocat
/apps/github
"""
# GitLab Docs, "Code Owners", sections.
GITLAB = """\
* @default-owner

[Documentation] @docs-team
docs/
README.md @docs-lead

^[Database][2]
model/db/ @database
"""


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("README", ("@global-owner1", "@global-owner2")),
        ("src/app.js", ("@js-owner",)),
        ("a/b/c.go", ("docs@example.com",)),
        ("notes.txt", ("@octo-org/octocats",)),
        ("build/logs/x/y.bin", ("@octocat",)),
        ("build/logs.bin", ("@global-owner1", "@global-owner2")),
        ("src/build/logsheet/x", ("@global-owner1", "@global-owner2")),
        ("deeply/nested/logs/x", ("@octocat",)),
        ("docs/getting-started.md", ("@doctocat",)),
        ("scripts/a.sh", ("@doctocat", "@octocat")),
        ("other/apps/x.py", ("@octocat",)),
        ("apps/x.py", ("@octocat",)),
        ("apps/github/x.py", ()),
        ("apps/github", ()),
    ],
)
def test_the_example_of_github(path: str, expected: tuple[str, ...]) -> None:
    assert owners_of(GITHUB, path) == expected


def test_what_is_in_a_folder_and_no_deeper() -> None:
    assert owners_of("docs/*  docs@example.com", "docs/a.md") == ("docs@example.com",)
    assert owners_of("docs/*  docs@example.com", "docs/build-app/troubleshooting.md") == ()


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("x.py", ("@default-owner",)),
        ("docs/a.md", ("@default-owner", "@docs-team")),
        ("README.md", ("@default-owner", "@docs-lead")),
        ("model/db/a.sql", ("@default-owner",)),  # the review of an optional section is none
    ],
)
def test_the_sections_of_gitlab(path: str, expected: tuple[str, ...]) -> None:
    assert owners_of(GITLAB, path) == expected


def test_a_space_in_a_path_and_dots_are_literal() -> None:
    assert owners_of("my\\ folder/ @a", "my folder/x") == ("@a",)
    assert owners_of("a.yaml @a", "abyaml") == ()
    assert owners_of("policies/approvals.yaml @a", "policies/approvals.yaml") == ("@a",)
    assert owners_of("policies/approvals.yaml @a", "other/policies/approvals.yaml") == ()
    assert owners_of("policies/**/approvals.yaml @a", "policies/x/y/approvals.yaml") == ("@a",)
    assert owners_of("", "x") == ()


@pytest.mark.parametrize(
    "text",
    [
        "/a.yaml data-owners\n",
        "* @acme/all\n/a.yaml data-owners\n",
        "/a.yaml @acme/data, @acme/ml\n",
        "/a.yaml @\n",
        "[Data] nobody\n/a.yaml\n",
        "# not for\u2028/a.yaml @acme/data\n",
        "^[Data] @acme/data\n/a.yaml\n",
    ],
)
def test_what_names_neither_people_nor_teams_has_no_owner(text: str) -> None:
    assert owners_of(text, "a.yaml") == ()


@pytest.mark.parametrize(
    "owner", ["@ada", "@acme/ml", "@a/b/c", "@@maintainer", "ada@acme.example"]
)
def test_people_teams_and_addresses_own(owner: str) -> None:
    assert owners_of(f"/a.yaml {owner}\r\n", "a.yaml") == (owner,)
