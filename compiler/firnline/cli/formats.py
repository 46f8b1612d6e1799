"""In which formats can a command answer? One table for all commands."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from enum import Enum
from typing import Any

from firnline.cli import fleet_renderers, renderers
from firnline.cli.output_format import DrawnFor, Format, FormatName
from firnline.cli.renderers import Renderer
from firnline.diagnostics.kinds import Diagnostic
from firnline.diagnostics.log_lines import Notation

__all__ = ["FORMATS", "Answer", "DrawnFor", "Format", "FormatName"]


class Answer(Enum):
    """The results of commands. The value is its name in `firnline schema`."""

    DIAGNOSTICS = "report"
    RULES = "rules"
    CHANGES = "diff"
    SIMULATED = "simulate"
    CONFORMANCE = "conformance"
    LIVE_RULES = "live-rules"
    TESTED = "test"
    FORECAST = "forecast"
    ADVICE = "advise"
    REALISED = "realised"
    STORED = "stored"
    READS = "reads"
    COVERAGE = "coverage"
    WRITERS = "writers"
    VERIFIED = "verify"
    ROLLOUT = "rollout"
    ROLLOUT_PLAN = "rollout-plan"
    ROLLOUT_EVENTS = "rollout-events"
    SUMMARY = "summary"
    PRICES = "prices"
    AUDIT = "audit"
    MLFLOW_CHECK = "mlflow-check"
    SCHEDULE = "schedule"
    REPORT = "retention-report"
    IAM = "iam"


def _sent_otherwise(compilation: Any) -> Iterator[Diagnostic]:
    from firnline.rules.checks.sent_otherwise import check_as_sent

    for each in compilation.buckets:
        yield from check_as_sent(each.rules, each.bucket.name, each.kept)


def _json(help: str, load: Callable[[], Renderer], schema: str) -> Format:
    """`schema` is its file in `targets/`."""
    file = ("firnline.targets", f"{schema}.schema.json")
    return Format(FormatName.JSON, help, load, schema=file, notation=Notation.JSON)


def _text(help: str, load: Callable[[], Renderer]) -> Format:
    return Format(FormatName.TEXT, help, load, DrawnFor.WIDTH)


def _csv(help: str, load: Callable[[], Renderer]) -> Format:
    return Format(FormatName.CSV, help, load, notation=None)


def _html(help: str, load: Callable[[], Renderer]) -> Format:
    return Format(FormatName.HTML, help, load, notation=Notation.XML)


FORMATS: Mapping[Answer, tuple[Format, ...]] = {
    Answer.DIAGNOSTICS: (
        Format(
            FormatName.TEXT,
            "drawn for people",
            renderers.diagnostics_text,
            DrawnFor.WIDTH_COLOUR_AND_LENGTH,
        ),
        Format(FormatName.CONCISE, "one line each", renderers.diagnostics_concise),
        Format(
            FormatName.JSON,
            "for programs, versioned (`firnline schema report`)",
            renderers.diagnostics_json,
            schema=("firnline.diagnostics", "report.schema.json"),
            notation=Notation.JSON,
        ),
        Format(
            FormatName.JUNIT,
            "JUnit XML, for CI",
            renderers.diagnostics_junit,
            DrawnFor.FAILING,
            notation=Notation.XML,
        ),
        Format(
            FormatName.GITHUB,
            "annotations of a pull request, for GitHub Actions",
            renderers.diagnostics_github,
            DrawnFor.REPOSITORY,
            notation=None,
        ),
        Format(
            FormatName.SARIF,
            "SARIF 2.1.0, for code scanning",
            renderers.diagnostics_sarif,
            DrawnFor.REPOSITORY_AND_WAIVED,
            notation=Notation.JSON,
        ),
    ),
    Answer.RULES: (
        _text("what happens to the objects, in words", renderers.rules_text),
        Format(
            FormatName.S3_JSON,
            "S3's own JSON, by account/region/bucket",
            renderers.rules_s3_json,
            notation=Notation.JSON,
        ),
        Format(
            FormatName.TERRAFORM,
            "a .tf.json file for hashicorp/aws 6",
            renderers.rules_terraform,
            refuses=_sent_otherwise,
            is_applied=True,
            notation=Notation.JSON,
        ),
        Format(
            FormatName.CLOUDFORMATION,
            "the LifecycleConfiguration property, by account/region/bucket",
            renderers.rules_cloudformation,
            is_applied=True,
            notation=Notation.JSON,
        ),
    ),
    Answer.CONFORMANCE: (
        Format(FormatName.TEXT, "one line per case that differs", renderers.conformance_text),
        Format(
            FormatName.JSON,
            "every case, versioned (`firnline schema conformance`)",
            renderers.conformance_json,
            schema=("firnline.s3.conformance", "results.schema.json"),
            notation=Notation.JSON,
        ),
    ),
    Answer.CHANGES: (
        Format(
            FormatName.TEXT,
            "drawn for people",
            renderers.changes_text,
            DrawnFor.WIDTH_COLOUR_AND_LENGTH,
        ),
        Format(FormatName.CONCISE, "one line each", renderers.changes_concise),
        _json(
            "for programs, versioned (`firnline schema diff`)", renderers.changes_json, "changes"
        ),
        Format(
            FormatName.GITHUB,
            "annotations of a pull request, for GitHub Actions",
            renderers.changes_github,
            notation=None,
        ),
        Format(
            FormatName.SARIF,
            "SARIF 2.1.0, for code scanning",
            renderers.changes_sarif,
            notation=Notation.JSON,
        ),
        Format(
            FormatName.MARKDOWN,
            "a comment on a pull request, for `firnline comment`",
            renderers.changes_markdown,
        ),
        Format(
            FormatName.MARKDOWN_PLAIN,
            "the same without alerts and HTML, for other forges than GitHub",
            renderers.changes_plain_markdown,
        ),
        _html("one page that needs nothing else, for a browser", renderers.changes_html),
        Format(
            FormatName.GITHUB_SUMMARY,
            "the comment without mentions, for GITHUB_STEP_SUMMARY",
            renderers.changes_github_summary,
        ),
        Format(
            FormatName.GITHUB_OUTPUT,
            "key figures, for GITHUB_OUTPUT",
            renderers.changes_github_output,
        ),
    ),
    Answer.SIMULATED: (
        _text("tables, and the timeline of each kind of object", renderers.simulated_text),
        _json(
            "every object, versioned (`firnline schema simulate`)",
            renderers.simulated_json,
            "simulated",
        ),
        Format(
            FormatName.TIMELINE, "only the timelines", renderers.simulated_timelines, DrawnFor.WIDTH
        ),
    ),
    Answer.LIVE_RULES: (
        Format(
            FormatName.TEXT, "in words", fleet_renderers.live_rules_text, DrawnFor.WIDTH_AND_COLOUR
        ),
        Format(
            FormatName.JSON,
            "the configurations as S3 has them, by account/region/bucket; null where none is",
            fleet_renderers.live_rules_json,
            notation=Notation.JSON,
        ),
    ),
    Answer.TESTED: (
        Format(
            FormatName.TEXT, "drawn for people", renderers.tested_text, DrawnFor.WIDTH_AND_COLOUR
        ),
        _json(
            "every expectation, versioned (`firnline schema test`)", renderers.tested_json, "tested"
        ),
        Format(
            FormatName.JUNIT, "JUnit XML, for CI", renderers.tested_junit, notation=Notation.XML
        ),
    ),
    Answer.FORECAST: (
        _text("tables for people", renderers.forecast_text),
        _json(
            "every month, versioned (`firnline schema forecast`)",
            renderers.forecast_json,
            "forecast",
        ),
        _csv("a row for each number", renderers.forecast_csv),
    ),
    Answer.ADVICE: (
        Format(FormatName.TEXT, "a policy in YAML, with comments", renderers.advice_text),
        _json(
            "every line with its dollars, versioned (`firnline schema advise`)",
            renderers.advice_json,
            "advice",
        ),
    ),
    Answer.REALISED: (
        _text("tables for people", renderers.realised_text),
        _json(
            "every inventory, versioned (`firnline schema realised`)",
            renderers.realised_json,
            "realised",
        ),
    ),
    Answer.PRICES: (
        _text("a table with dates and sources", renderers.prices_text),
        Format(
            FormatName.JSON,
            "as a price file, versioned (`firnline schema prices`)",
            renderers.prices_json,
            schema=("firnline.inventory.prices", "prices.schema.json"),
            notation=Notation.JSON,
        ),
    ),
    Answer.STORED: (
        _text("tables for people", renderers.stored_text),
        _json("all of it, versioned (`firnline schema stored`)", renderers.stored_json, "stored"),
        _csv("for a spreadsheet", renderers.stored_csv),
    ),
    Answer.READS: (
        _text("tables for people", renderers.reads_text),
        _json("all of it, versioned (`firnline schema reads`)", renderers.reads_json, "reads"),
        _csv("for a spreadsheet", renderers.reads_csv),
    ),
    Answer.COVERAGE: (
        _text("for people", renderers.coverage_text),
        _json(
            "all of it, versioned (`firnline schema coverage`)",
            renderers.coverage_json,
            "coverage",
        ),
        _csv("for a spreadsheet", renderers.coverage_csv),
    ),
    Answer.WRITERS: (
        Format(
            FormatName.TEXT, "for people", fleet_renderers.writers_text, DrawnFor.WIDTH_AND_COLOUR
        ),
        _json(
            "every write, versioned (`firnline schema writers`)",
            fleet_renderers.writers_json,
            "writers",
        ),
    ),
    Answer.VERIFIED: (
        Format(
            FormatName.TEXT, "for people", fleet_renderers.verified_text, DrawnFor.WIDTH_AND_COLOUR
        ),
        _json(
            "every bucket, versioned (`firnline schema verify`)",
            fleet_renderers.verified_json,
            "verified",
        ),
        Format(
            FormatName.SARIF,
            "SARIF 2.1.0, for code scanning",
            fleet_renderers.verified_sarif,
            notation=Notation.JSON,
        ),
        _html(
            "one page of the fleet that needs nothing else, for a browser",
            fleet_renderers.verified_html,
        ),
    ),
    Answer.ROLLOUT: (
        _text("for people", fleet_renderers.rollout_text),
        _json(
            "every account when it has ended, versioned (`firnline schema rollout`); with --plan"
            " before, as `firnline schema rollout-plan`",
            fleet_renderers.rollout_json,
            "rollout",
        ),
    ),
    Answer.ROLLOUT_PLAN: (
        _text("for people", fleet_renderers.rollout_plan_text),
        _json(
            "every account and bucket, versioned (`firnline schema rollout-plan`)",
            fleet_renderers.rollout_plan_json,
            "rollout_plan",
        ),
    ),
    Answer.ROLLOUT_EVENTS: (
        Format(
            FormatName.JSON_LINES,
            "a line for each event as it happens, versioned (`firnline schema rollout-events`)",
            fleet_renderers.rollout_lines,
            schema=("firnline.targets", "rollout_events.schema.json"),
            notation=Notation.JSON,
        ),
    ),
    Answer.SUMMARY: (
        _text("tables for people", renderers.summary_text),
        _json("versioned (`firnline schema summary`)", renderers.summary_json, "summary"),
        _csv("for a spreadsheet", renderers.summary_csv),
    ),
    Answer.AUDIT: (
        _text("tables for people", renderers.audit_text),
        _json(
            "all sums, and the first orphans, versioned (`firnline schema audit`)",
            renderers.audit_json,
            "audit",
        ),
        _csv("all of what nobody needs", renderers.audit_json),
        Format(
            FormatName.PARQUET,
            "the same, into the file that is named",
            renderers.audit_json,
            notation=None,
        ),
    ),
    Answer.SCHEDULE: (
        _text("for people", renderers.schedule_text),
        _csv("for a spreadsheet", renderers.schedule_csv),
        _json(
            "with its digest, versioned (`firnline schema schedule`)",
            renderers.schedule_json,
            "schedule",
        ),
        _html("one page that needs nothing else, for a browser", renderers.schedule_html),
    ),
    Answer.IAM: (
        _text("each policy, and which command needs what", renderers.iam_text),
        _json("all of them, versioned (`firnline schema iam`)", renderers.iam_json, "iam"),
    ),
    Answer.MLFLOW_CHECK: (
        Format(FormatName.TEXT, "for people", renderers.mlflow_check_text),
        _json(
            "every loss, versioned (`firnline schema mlflow-check`)",
            renderers.mlflow_check_json,
            "mlflow_check",
        ),
    ),
    Answer.REPORT: (
        _text("for people", renderers.report_text),
        _json(
            "all of it, versioned (`firnline schema retention-report`)",
            renderers.report_json,
            "retention_report",
        ),
        _csv("a row for each prefix", renderers.report_csv),
        _html("one page that needs nothing else, for a browser", renderers.report_html),
    ),
}
"""The first of each is what a command prints by default."""
