"""The renderers of all formats, each imported when it is asked for, for start-up time: a command
needs one or two.
"""

from __future__ import annotations

from collections.abc import Callable

Renderer = Callable[..., str]


def diagnostics_text() -> Renderer:
    from firnline.diagnostics.text import to_text

    return to_text


def diagnostics_concise() -> Renderer:
    from firnline.diagnostics.concise import to_concise

    return to_concise


def diagnostics_json() -> Renderer:
    from firnline.diagnostics.json import to_json

    return to_json


def diagnostics_junit() -> Renderer:
    from firnline.diagnostics.junit import to_junit_xml

    return to_junit_xml


def diagnostics_github() -> Renderer:
    from firnline.diagnostics.github import to_github

    return to_github


def diagnostics_sarif() -> Renderer:
    from firnline.targets.formats.diagnostics_sarif import to_sarif

    return to_sarif


def rules_text() -> Renderer:
    from firnline.targets.formats.rules_text import to_words

    return to_words


def rules_s3_json() -> Renderer:
    from firnline.targets.formats.rules_s3_json import to_s3_json

    return to_s3_json


def rules_terraform() -> Renderer:
    from firnline.targets.formats.rules_terraform import to_terraform

    return to_terraform


def rules_cloudformation() -> Renderer:
    from firnline.targets.formats.rules_cloudformation import to_cloudformation

    return to_cloudformation


def conformance_text() -> Renderer:
    from firnline.targets.formats.conformance_text import to_text

    return to_text


def conformance_json() -> Renderer:
    from firnline.targets.formats.conformance_json import to_json

    return to_json


def changes_text() -> Renderer:
    from firnline.targets.changes_text import to_text

    return to_text


def changes_json() -> Renderer:
    from firnline.targets.formats.changes_json import to_json

    return to_json


def changes_concise() -> Renderer:
    from firnline.targets.formats.changes_concise import to_concise

    return to_concise


def changes_github() -> Renderer:
    from firnline.targets.formats.changes_github import to_github

    return to_github


def changes_sarif() -> Renderer:
    from firnline.targets.formats.changes_sarif import to_sarif

    return to_sarif


def changes_markdown() -> Renderer:
    from firnline.targets.formats.changes_markdown import to_markdown

    return to_markdown


def changes_plain_markdown() -> Renderer:
    from firnline.targets.formats.changes_markdown import to_plain_markdown

    return to_plain_markdown


def changes_html() -> Renderer:
    from firnline.targets.formats.changes_html import to_html

    return to_html


def changes_github_summary() -> Renderer:
    from firnline.targets.formats.changes_markdown import to_github_summary

    return to_github_summary


def changes_github_output() -> Renderer:
    from firnline.targets.formats.changes_github_output import to_github_output

    return to_github_output


def simulated_text() -> Renderer:
    from firnline.targets.simulated_text import to_text

    return to_text


def simulated_json() -> Renderer:
    from firnline.targets.formats.simulated_json import to_json

    return to_json


def simulated_timelines() -> Renderer:
    from firnline.targets.simulated_text import to_timelines

    return to_timelines


def tested_text() -> Renderer:
    from firnline.targets.formats.expected_text import to_text

    return to_text


def tested_json() -> Renderer:
    from firnline.targets.formats.expected_json import to_json

    return to_json


def tested_junit() -> Renderer:
    from firnline.targets.formats.expected_junit import to_junit_xml

    return to_junit_xml


def advice_text() -> Renderer:
    from firnline.targets.formats.advice_text import to_text

    return to_text


def advice_json() -> Renderer:
    from firnline.targets.formats.advice_json import to_json

    return to_json


def forecast_text() -> Renderer:
    from firnline.targets.forecast_text import to_text

    return to_text


def forecast_json() -> Renderer:
    from firnline.targets.formats.forecast_json import to_json

    return to_json


def forecast_csv() -> Renderer:
    from firnline.targets.formats.forecast_csv import to_csv

    return to_csv


def realised_text() -> Renderer:
    from firnline.targets.realised_text import to_text

    return to_text


def realised_json() -> Renderer:
    from firnline.targets.formats.realised_json import to_json

    return to_json


def prices_text() -> Renderer:
    from firnline.targets.prices_text import to_text

    return to_text


def prices_json() -> Renderer:
    from firnline.inventory.prices.price_json import to_json

    return to_json


def coverage_text() -> Renderer:
    from firnline.targets.formats.coverage_text import to_text

    return to_text


def coverage_json() -> Renderer:
    from firnline.targets.formats.coverage_json import to_json

    return to_json


def coverage_csv() -> Renderer:
    from firnline.targets.formats.coverage_csv import to_csv

    return to_csv


def stored_text() -> Renderer:
    from firnline.targets.formats.stored_text import to_text

    return to_text


def stored_json() -> Renderer:
    from firnline.targets.formats.stored_json import to_json

    return to_json


def stored_csv() -> Renderer:
    from firnline.targets.formats.stored_csv import to_csv

    return to_csv


def reads_text() -> Renderer:
    from firnline.targets.formats.reads_text import to_text

    return to_text


def reads_json() -> Renderer:
    from firnline.targets.formats.reads_json import to_json

    return to_json


def reads_csv() -> Renderer:
    from firnline.targets.formats.reads_csv import to_csv

    return to_csv


def summary_text() -> Renderer:
    from firnline.targets.formats.summary_text import to_text

    return to_text


def summary_json() -> Renderer:
    from firnline.targets.formats.summary_json import to_json

    return to_json


def summary_csv() -> Renderer:
    from firnline.targets.formats.summary_csv import to_csv

    return to_csv


def mlflow_check_text() -> Renderer:
    from firnline.targets.formats.mlflow_check_text import to_text

    return to_text


def mlflow_check_json() -> Renderer:
    from firnline.targets.formats.mlflow_check_json import to_json

    return to_json


def audit_text() -> Renderer:
    from firnline.targets.formats.audit_text import to_text

    return to_text


def audit_json() -> Renderer:
    from firnline.targets.formats.audit_json import to_json

    return to_json


def schedule_text() -> Renderer:
    from firnline.targets.formats.schedule_text import to_text

    return to_text


def schedule_csv() -> Renderer:
    from firnline.targets.formats.schedule_csv import to_csv

    return to_csv


def schedule_json() -> Renderer:
    from firnline.targets.formats.schedule_json import to_json

    return to_json


def schedule_html() -> Renderer:
    from firnline.targets.formats.schedule_html import to_html

    return to_html


def iam_text() -> Renderer:
    from firnline.targets.formats.iam_text import to_text

    return to_text


def iam_json() -> Renderer:
    from firnline.targets.formats.iam_json import to_json

    return to_json


def report_text() -> Renderer:
    from firnline.targets.formats.report_text import to_text

    return to_text


def report_json() -> Renderer:
    from firnline.targets.formats.report_json import to_json

    return to_json


def report_csv() -> Renderer:
    from firnline.targets.formats.report_csv import to_csv

    return to_csv


def report_html() -> Renderer:
    from firnline.targets.formats.report_html import to_html

    return to_html
