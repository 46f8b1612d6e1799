"""As `renderers`, for the commands that read a fleet."""

from __future__ import annotations

from firnline.cli.renderers import Renderer


def live_rules_text() -> Renderer:
    from firnline.cli.live_rules_text import to_text

    return to_text


def live_rules_json() -> Renderer:
    from firnline.cli.live_rules_json import to_json

    return to_json


def writers_text() -> Renderer:
    from firnline.cli.writers_text import to_text

    return to_text


def writers_json() -> Renderer:
    from firnline.cli.writers_json import to_json

    return to_json


def verified_text() -> Renderer:
    from firnline.cli.verify_text import to_text

    return to_text


def verified_json() -> Renderer:
    from firnline.cli.verify_json import to_json

    return to_json


def verified_sarif() -> Renderer:
    from firnline.cli.verify_sarif import to_sarif

    return to_sarif


def verified_html() -> Renderer:
    from firnline.cli.verify_html import to_html

    return to_html


def rollout_text() -> Renderer:
    from firnline.cli.rollout_text import summary_text

    return summary_text


def rollout_json() -> Renderer:
    from firnline.cli.rollout_json import summary_json

    return summary_json


def rollout_plan_text() -> Renderer:
    from firnline.cli.rollout_text import plan_text

    return plan_text


def rollout_plan_json() -> Renderer:
    from firnline.cli.rollout_json import plan_json

    return plan_json


def rollout_lines() -> Renderer:
    from firnline.cli.rollout_events import to_line

    return to_line
