"""A bucket that was released and cleared is nobody's."""

from __future__ import annotations

from firnline.fleet.scan import Wanted
from firnline.rules.lower import placeholder
from firnline.s3.shape import to_s3


def test_the_disabled_rule_that_clearing_leaves_behind_does_not_make_a_bucket_ours() -> None:
    wanted = Wanted("acme", covers=lambda *_: False)
    live = to_s3(placeholder("acme"))
    assert not wanted.recognises(live)
    assert wanted.recognises(
        {"Rules": [*live["Rules"], {"ID": "firnline/acme/p/r", "Status": "Enabled"}]}
    )
