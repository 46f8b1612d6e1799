"""Does an output show a hostile text, and do nothing that it says?"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from firnline.cli.formats import FORMATS, Answer, FormatName
from firnline.diagnostics.kinds import Diagnostic, Waived
from firnline.diagnostics.repository import Repository
from firnline.diagnostics.visible import ODD
from tests.junit_rules import require_junit
from tests.sarif_rules import require_ingestible
from tests.targets.review.github_markdown import rendered
from tests.workflow_commands import commands_in

HERE = Repository("/repo", "/repo", "policies/fleet.lock.yaml")
MOST = 2_000_000
"""Characters of a report that people read, however long the values are that it is about."""


def reports(found: Sequence[Diagnostic], waived: Sequence[Waived] = ()) -> dict[FormatName, str]:
    """By the name of each format of `check`."""
    return {
        each.name: each.render(found, colour=False, columns=100, repository=HERE, waived=waived)
        for each in FORMATS[Answer.DIAGNOSTICS]
    }


def require_inert(name: FormatName, output: str) -> None:
    assert not ODD.search(output), _around(output, ODD.search(output))
    match name:
        case FormatName.GITHUB:
            commands = commands_in(output)
            assert len(commands) == output.count("\n")
            assert {each.name for each in commands} <= {"error", "warning", "notice"}
            assert {key for each in commands for key in each.properties} <= {
                "title",
                "file",
                "line",
                "col",
            }
            return
        case FormatName.JUNIT:
            require_junit(output)
        case FormatName.SARIF:
            require_ingestible(json.loads(output))
            assert output.isascii()
        case FormatName.JSON:
            json.loads(output)
            assert output.isascii()
        case FormatName.MARKDOWN:
            require_inert_markdown(output)
        case _:
            pass
    assert commands_in(output) == []


def require_inert_markdown(output: str) -> None:
    """No link, no picture, no HTML, no line of ours and no mention that we did not write."""
    page = rendered(output)
    names = {re.sub(r"[ >].*", "", each, flags=re.DOTALL) for each in page.tags}
    assert not names & {"<a", "<img", "<script", "<h1", "<h2", "<hr", "<del", "<input", "<ol"}
    assert sum(each.startswith("<!--") for each in page.tags) == 1
    assert sum(each.startswith("<h3") for each in page.tags) == 1
    assert sum(each.startswith("<blockquote") for each in page.tags) <= 1
    assert sum(each == "</details>" for each in page.tags) == sum(
        each.startswith("<details") for each in page.tags
    )
    assert page.looked_up == []


def _around(output: str, match: Any) -> str:
    return "" if match is None else repr(output[max(0, match.start() - 60) : match.end() + 20])
