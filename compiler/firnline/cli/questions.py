"""Which bucket, account and team: from options, or from questions to a person."""

from __future__ import annotations

import argparse
import posixpath
import re
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from firnline.cli.answers import STARTER, Answers, World
from firnline.cli.code_owner import short_name
from firnline.cli.place import place_of
from firnline.language.code_owners import is_owner

SANDBOX_BUCKET = "acme-ml-artifacts-dev-use1"
_SANDBOX_ACCOUNT = ("ml-staging", "210987654321")
T = TypeVar("T")
OWNER, LABEL, REGION = "platform", "main", "us-east-1"
_LONGEST_NAMESPACE = 40  # an ID has 255 characters for it, the policy, the retention and a prefix

_NO_FOLDER = "no folder below this one, such as retention/policies"

Ask = Callable[[str], str]
"""Asks a question and returns the answer, a line without its end. Raises `EOFError` at the end."""


def settle(said: argparse.Namespace, folder: Path, requirement: str, ask: Ask | None) -> Answers:
    """Missing options are asked for, in three questions at most; without `ask`, or for an empty
    answer, the sandbox's bucket and account are used. Raises `ValueError` where only a bucket or
    only an account is given and there is no one to ask.
    """
    bucket, account = said.bucket, said.account
    if ask and not bucket and not account:
        text = f"Bucket [Enter: {SANDBOX_BUCKET}, one to practise on in the sandbox]: "
        bucket = _answer(ask, text, to_bucket)
    if ask and account and not bucket:
        bucket = _answer(ask, "Bucket: ", to_bucket)
    if ask and bucket and not account:
        account = _answer(ask, f"Id of the account that owns {bucket}, 12 digits: ", to_account)
    if bool(bucket) != bool(account):
        given, missing = ("--bucket", "--account") if bucket else ("--account", "--bucket")
        raise ValueError(f"{given} without {missing}: name both, or neither for the sandbox's")
    owner = said.owner
    if ask and not owner:
        text = "Owner, the team to ask before a change, such as @acme/ml"
        owner = _answer(ask, f"{text} [Enter: {OWNER}]: ", to_owner)
    code_owner = said.code_owner or (owner if owner and is_owner(owner) else None)
    label, id = account or _SANDBOX_ACCOUNT
    return Answers(
        bucket=bucket or SANDBOX_BUCKET,
        account_id=id,
        label=label,
        regions=tuple(dict.fromkeys(said.region)) or (REGION,),
        role=said.role or (None if account else f"arn:aws:iam::{id}:role/retention"),
        owner=_short(owner) or _short(code_owner) or OWNER,
        code_owner=code_owner,
        namespace=namespace_of(folder),
        stack=label if account else "sandbox",
        world=World.AWS if account else World.SANDBOX,
        requirement=requirement,
        template=said.template or STARTER,
        place=place_of(folder, said.into),
    )


def namespace_of(folder: Path) -> str:
    """The folder's name, made valid for a namespace and a Pulumi project."""
    name = re.sub(r"[^a-z0-9._-]+", "-", folder.name.lower())
    return name.strip("-._")[:_LONGEST_NAMESPACE].rstrip("-._") or "retention"


def to_bucket(text: str) -> str:
    return _checked(text, r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", "no bucket name")


def to_account(text: str) -> tuple[str, str]:
    """`[LABEL=]ID` → label and id."""
    label, equals, id = text.rpartition("=")
    if equals:
        _checked(label, r"[a-z0-9][a-z0-9._-]*", "no label (lower case, such as ml-prod)")
    return label or LABEL, _checked(id.replace("-", ""), "[0-9]{12}", "no account id of 12 digits")


def to_region(text: str) -> str:
    return _checked(text, r"[a-z]{2}(-[a-z]+)+-[0-9]+", "no region, such as us-east-1")


def to_role(text: str) -> str:
    pattern = r"arn:aws[a-z-]*:iam::[0-9]{12}:role/[A-Za-z0-9_+=,.@/-]+"
    return _checked(text, pattern, "no ARN of a role, such as arn:aws:iam::012345670123:role/x")


def to_folder(text: str) -> str:
    """A folder below the project's."""
    folder = posixpath.normpath(_checked(text, r"[A-Za-z0-9_.][A-Za-z0-9._/-]*", _NO_FOLDER))
    if folder == "." or folder.startswith(".."):
        raise argparse.ArgumentTypeError(f"{text!r} is {_NO_FOLDER}")
    return folder


def to_owner(text: str) -> str:
    return _checked(text.strip(), r".{1,100}", "no owner: write a team or a person")


def to_code_owner(text: str) -> str:
    if not is_owner(text.strip()):
        raise argparse.ArgumentTypeError(
            f"{text!r} is no owner in CODEOWNERS: write @org/team, @user or an e-mail address"
        )
    return text.strip()


def _short(owner: str | None) -> str | None:
    return short_name(owner) if owner and is_owner(owner) else owner


def _answer(ask: Ask, question: str, to_answer: Callable[[str], T]) -> T | None:
    """None for an empty answer where the question says what Enter means."""
    wrong = ""
    while True:
        answer = ask(wrong + question).strip()
        if not answer and "[Enter: " in question:
            return None
        try:
            return to_answer(answer)
        except argparse.ArgumentTypeError as error:
            wrong = f"{error}\n"


def _checked(text: str, pattern: str, otherwise: str) -> str:
    if not re.fullmatch(pattern, text) or not text.isprintable():
        raise argparse.ArgumentTypeError(f"{text!r} is {otherwise}")
    return text
