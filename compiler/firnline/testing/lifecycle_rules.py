"""A configuration as it was put → the rules that it means."""

from __future__ import annotations

from firnline.s3.model import RuleSet
from firnline.s3.read_shape import read_rules
from firnline.testing.lifecycle_xml import Configuration, shape_of


class UnreadableRules(ValueError):
    """What was stored is no lifecycle that S3 would have accepted; the text names the bucket."""


def rules_of(bucket: str, configuration: Configuration) -> RuleSet:
    shape = shape_of(configuration)
    assert isinstance(shape, dict), "the root of what is stored is a lifecycle configuration"
    try:
        return read_rules(shape["Rules"], configuration.minimum_size)
    except ValueError as error:
        raise UnreadableRules(
            f"the lifecycle of `{bucket}` cannot be carried out: S3 would not have accepted it "
            f"({error})"
        ) from error
