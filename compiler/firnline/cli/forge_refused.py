"""A refusal of the forge → what went wrong, and what to do about it."""

from __future__ import annotations

from urllib.parse import urlsplit

from firnline.cli.forge_place import Place
from firnline.diagnostics.visible import visible
from firnline.forge.request import NoAnswer


def refused(why: NoAnswer, place: Place) -> str:
    """Without the token, whatever the forge answers."""
    return _text(why, place).replace(place.token, "***")


def _text(why: NoAnswer, place: Place) -> str:
    host, said = urlsplit(place.api).netloc, visible(why.message)
    match why.status:
        case None:
            return f"no answer from {host}: {said}"
        case 401:
            return f"{host} does not take the token ({said}): GITHUB_TOKEN is wrong or has ended"
        case 403 if "locked" in why.message.lower():
            return f"{host} refuses: {said}. The conversation is locked, also for comments of ours"
        case 403 | 429 if "rate limit" in why.message.lower():
            return f"{host} takes no more requests for now: {said}. Run it again later"
        case 403:
            return (
                f"{host} refuses: {said}. The job needs `permissions: {{pull-requests: write}}`;"
                " for a pull request from a fork the token may read only, whatever the workflow"
                " says: let a second workflow post, one that runs on `workflow_run`"
            )
        case 404:
            return (
                f"{host} has no such pull request of {place.repository}, or shows it to another"
                f" token only: {said}"
            )
        case 422:
            return f"{host} does not take the comment: {said}"
        case 301 | 302 | 307 | 308:
            return (
                f"{host} says that {place.repository} has moved: --repository takes its name of"
                " today"
            )
        case _:
            return f"{host} answers {why.status} {said}; it was asked several times"
