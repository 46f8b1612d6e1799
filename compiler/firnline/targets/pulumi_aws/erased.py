"""Did a write erase a rule that did not exist when the guard looked?

PutBucketLifecycleConfiguration takes no condition, so a rule that somebody adds between the last
read and our write is lost. S3 may still answer with it for a moment: that answer is the proof, and
the last chance to save the rule.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.diagnostics.position import BucketPlace
from firnline.diagnostics.remedy import Advise
from firnline.fleet.live import Live
from firnline.fleet.ownership import is_ours
from firnline.s3.read_shape import read_rule
from firnline.s3.shape import Json
from firnline.s3.terraform_provider import as_sent
from firnline.targets.pulumi_aws.write import Write

_RULE = "{ID: %s, Status: Enabled, Filter: {Prefix: %s}, Expiration: {Days: %s}}"
_OURS, _THEIRS = _RULE % ("firnline/lab/tmp", "tmp/", 7), _RULE % ("by-hand", "x/", 3)

RULES_ERASED = Kind(
    code="FL722",
    name="rules-erased",
    severity=Severity.ERROR,
    title="a write erased rules that were not there when the guard looked",
    why=(
        "S3 replaces a configuration whole, and a write takes no condition: rules that somebody"
        " adds between the last read and the write are lost. An older answer, which S3 may still"
        " give after the write, shows them."
    ),
    help="put the rules back, or write what they do into a policy",
    # What the guard accepted, what was written, and what S3 answered after the write.
    wrong=f"accepted: [{_OURS}]\nwritten: [{_OURS}]\nanswered: [{_OURS}, {_THEIRS}]\n",
    right=f"accepted: [{_OURS}]\nwritten: [{_OURS}]\nanswered: [{_OURS}]\n",
)


@dataclass(slots=True)
class Erased:
    """Collects, from the answers after a write, the rules that were not seen before it."""

    write: Write
    accepted: Live
    _unseen: list[Json] = field(default_factory=list)

    def note(self, live: Live) -> str | None:
        """What to report at once if an answer contains new rules: a failure elsewhere may end the
        program before the answers have settled.
        """
        known = {
            *as_sent(self.write.rules).rules,
            *(as_sent(self.write.written).rules if self.write.written else ()),
            *(self.accepted.rules.rules if self.accepted.rules else ()),
            *self.write.known_foreign,
            *self.write.going,
        }
        new = [
            rule
            for rule in (live.shape["Rules"] if live.shape else ())
            if read_rule(rule) not in known and rule not in self._unseen
        ]
        self._unseen += new
        if not new:
            return None
        bucket = self.write.bucket
        return (
            f"after the write to `{bucket}` (account {self.write.account_id}), S3 answered with"
            f" rules that were not there when the guard looked: {_names(new)}. Unless `aws s3api"
            f" get-bucket-lifecycle-configuration --bucket {bucket}` still shows them, the write"
            f" erased them. As S3 had them:\n{_as_json(new)}"
        )

    def found(self) -> Diagnostic | None:
        """Call it when S3 has settled on the written rules: all other rules in its answers are
        lost.
        """
        if not self._unseen:
            return None
        bucket = self.write.bucket
        put_back = (
            "to put it back, add it to the rules that `aws s3api"
            f" get-bucket-lifecycle-configuration --bucket {bucket}` prints, and put them"
            " together; the next `pulumi up` then stops at it (FL409), until a policy does what it"
            " does"
        )
        only_ours = all(is_ours(rule.get("ID", ""), self.write.namespace) for rule in self._unseen)
        return RULES_ERASED.at(
            BucketPlace(bucket, self.write.account_id),
            f"somebody changed the rules of `{bucket}` just before they were written"
            if not only_ours
            else f"`{bucket}` had Firnline's rules that are in neither this write nor the last one",
            notes=[f"erased: {_names(self._unseen)}, as S3 had it:\n{_as_json(self._unseen)}"],
            remedy=Advise(
                put_back
                if not only_ours
                else "where an earlier deployment wrote them, S3 answered with the state before the"
                " last one: run `pulumi up` again, and put nothing back"
            ),
        )


def _names(rules: list[Json]) -> str:
    return ", ".join(f"`{rule.get('ID', '')}`" for rule in rules)


def _as_json(rules: list[Json]) -> str:
    """To be copied from a terminal: text is wrapped at spaces, so no string may have any."""
    text = json.dumps({"Rules": rules}, indent=2)
    return _STRING.sub(lambda string: string.group().replace(" ", "\\u0020"), text)


_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
