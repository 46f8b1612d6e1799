"""Markdown of a comment → a page that shows it as GitHub would: its parser, and a likeness of its
style.
"""

import re
from pathlib import Path
from typing import Final

import cmarkgfm
from cmarkgfm.cmark import Options

STYLE: Final = Path(__file__).with_name("comment.css")
# GitHub Docs, "Basic writing and formatting syntax", Alerts.
_ALERT: Final = re.compile(
    r"<blockquote>\s*<p>\[!(NOTE|TIP|IMPORTANT|WARNING|CAUTION)\]\s*(.*?)</blockquote>", re.DOTALL
)
_PAGE: Final = """\
<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>The comment on the pull request</title>
<style>
{style}</style>
<div class="comment">
<p class="head"><b>github-actions</b> <span class="bot">bot</span> commented</p>
<div class="markdown">
{body}</div>
</div>
</html>
"""


def comment_page(markdown: str) -> str:
    """GitHub takes HTML out that is not allowed, which Firnline does not write."""
    body = cmarkgfm.github_flavored_markdown_to_html(markdown, Options.CMARK_OPT_UNSAFE)
    return _PAGE.format(style=STYLE.read_text(encoding="utf-8"), body=_ALERT.sub(_alert, body))


def _alert(found: re.Match[str]) -> str:
    kind = found[1]
    title = f'<p class="title">{kind.title()}</p>'
    return f'<div class="alert {kind.lower()}">{title}\n<p>{found[2]}</div>'
