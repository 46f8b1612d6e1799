"""`firnline comment`: the review of a pull request, as one comment that is kept up to date."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from dataclasses import replace
from enum import StrEnum
from typing import assert_never

from firnline.cli.failed import CommandFailed
from firnline.cli.forge_place import Place, place_of
from firnline.cli.forge_refused import refused
from firnline.cli.streams import say, write
from firnline.diagnostics.visible import visible
from firnline.forge.comment_file import MOST, NotPostable, body_of, read_comment
from firnline.forge.github import GitHub, PullRequest
from firnline.forge.marker import Marker, key_of
from firnline.forge.plan import Act, Plan, plan_comment, plan_tidying
from firnline.forge.request import NoAnswer
from firnline.forge.which import MovedOn, NotThatOne, pull_request_of

SUMMARY = "post or update the review on a pull request (network)"
_TRIES = 3


class Forge(StrEnum):
    """The choices of `--forge`."""

    GITHUB = "github"


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "file", metavar="FILE", help="what `firnline diff --out markdown:FILE` wrote"
    )
    parser.add_argument(
        "--forge",
        choices=[each.value for each in Forge],
        default=Forge.GITHUB.value,
        help="where the pull request is (default: github)",
    )
    parser.add_argument(
        "--repository",
        metavar="OWNER/NAME",
        help="of the pull request (default: GITHUB_REPOSITORY)",
    )
    parser.add_argument(
        "--pull-request",
        metavar="N",
        type=int,
        help="its number (default: as the event says, or the run that a workflow_run follows)",
    )
    parser.add_argument(
        "--key",
        help="which review it is, where a pull request has several (default: as FILE says)",
    )
    parser.add_argument(
        "--dry-run", action="store_true", help="say what would be done, and do nothing"
    )


def run(arguments: argparse.Namespace) -> int:
    try:
        forge = Forge(arguments.forge)
        match forge:
            case Forge.GITHUB:
                _on_github(arguments)
            case _:
                assert_never(forge)
    except (NotPostable, NotThatOne) as problem:
        say(f"firnline: {visible(arguments.file)} is not posted: {problem}")
        return 2
    except CommandFailed as failure:
        say(f"firnline: {failure}")
        return failure.code
    except MovedOn as problem:
        say(f"not posted: {problem}")
    return 0


def _on_github(arguments: argparse.Namespace) -> None:
    file = read_comment(_content(arguments.file))
    place = place_of(os.environ, arguments.repository)
    github = GitHub(place.api, place.graphql, place.repository, place.token)
    try:
        pull = pull_request_of(github, place.reviewed, arguments.pull_request, file.marker.head)
        marker = _posted_as(file.marker, arguments.key, pull, place)
        body = body_of(file, marker, of_a_fork=not pull.is_from(place.repository))
        _keep_one(github, pull, marker, body, dry_run=arguments.dry_run)
    except NoAnswer as why:
        raise CommandFailed(refused(why, place), 3) from None


def _content(path: str) -> str:
    with open(path, "rb") as file:
        # An artifact may be of any size. A character takes four bytes at most.
        content = file.read(4 * MOST + 1)
    if len(content) > 4 * MOST:
        raise NotPostable(f"it has more than {4 * MOST:,} bytes")
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise NotPostable(f"it is not UTF-8: byte {error.start:,}") from None


def _posted_as(marker: Marker, key: str | None, pull: PullRequest, place: Place) -> Marker:
    """With what is known of the run in the place of what the file says of it."""
    return replace(
        marker,
        key=key_of(key) if key else marker.key,
        head=pull.head,
        # A fork that wrote the file wrote its list as well.
        mentions=marker.mentions if pull.is_from(place.repository) else (),
        run=place.reviewed.run if place.reviewed else None,
    )


def _keep_one(
    github: GitHub, pull: PullRequest, marker: Marker, body: str, *, dry_run: bool
) -> None:
    for attempt in range(1, _TRIES + 1):
        plan = plan_comment(marker, body, github.comments(pull.number))
        for line in _said(plan, pull, dry_run=dry_run):
            say(line)
        if dry_run:
            return
        try:
            url = _carry_out(github, plan, pull, body)
            break
        except NoAnswer as why:
            # It may be posted all the same: what is there now decides.
            if attempt == _TRIES or not why.maybe_done:
                raise
    outdated = plan.hide
    if plan.act is Act.POST:
        # Another run may have posted at the same moment.
        outdated += plan_tidying(marker, github.comments(pull.number))
    for comment in dict.fromkeys(outdated):
        github.hide(comment)
    if url:
        write(f"{visible(url)}\n", None)


def _carry_out(github: GitHub, plan: Plan, pull: PullRequest, body: str) -> str | None:
    """The address of the comment, if there is one."""
    match plan.act:
        case Act.POST:
            return github.post(pull.number, body)
        case Act.UPDATE | Act.SHRINK:
            assert plan.current is not None
            github.update(plan.current, body)
        case Act.NOTHING | Act.OVERTAKEN:
            pass
        case _:
            assert_never(plan.act)
    return plan.current.url if plan.current else None


def _said(plan: Plan, pull: PullRequest, *, dry_run: bool) -> Iterator[str]:
    is_now = "would be" if dry_run else "is"
    there = visible(plan.current.url) if plan.current else ""
    match plan.act:
        case Act.POST:
            yield f"the review {is_now} posted on #{pull.number}"
        case Act.UPDATE:
            yield f"{there} {is_now} updated"
        case Act.SHRINK:
            yield f"{there} {is_now} updated: nothing changes any more"
        case Act.OVERTAKEN:
            yield f"{there} stays: a later run of the same commit has posted it"
        case Act.NOTHING:
            yield f"{there} stays as it is" if there else "nothing changes: no comment is posted"
        case _:
            assert_never(plan.act)
    for comment in plan.hide:
        yield f"{visible(comment.url)} {is_now} hidden as outdated"
