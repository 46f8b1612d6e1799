"""Did a write erase a rule that was not there when the guard looked?

PutBucketLifecycleConfiguration takes no condition, so a rule that somebody puts between the last
read and our write is gone. S3 may still answer with it for a moment: that answer is the proof, and
the last chance to save the rule.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field

from firnline.diagnostics.kinds import Diagnostic, Kind, Severity
from firnline.diagnostics.position import unplaced
from firnline.fleet.live import Live
from firnline.rules.s3_shape import Json, rule_from_s3
from firnline.targets.pulumi_aws.as_sent import as_sent
from firnline.targets.pulumi_aws.guard import Write

_RULE = "{ID: %s, Status: Enabled, Filter: {Prefix: %s}, Expiration: {Days: %s}}"
_OURS, _THEIRS = _RULE % ("firnline/lab/tmp", "tmp/", 7), _RULE % ("by-hand", "x/", 3)

RULES_ERASED = Kind(
    code="FL722",
    name="rules-erased",
    severity=Severity.ERROR,
    title="a write erased rules that were not there when the guard looked",
    why=(
        "S3 replaces a configuration whole, and a write takes no condition: what somebody puts in"
        " the moment between the last read and the write is gone. An older answer, which S3 may"
        " still give after the write, shows it."
    ),
    help="put the rules back, or write what they do into a policy",
    # What the guard accepted, what was written, and what S3 answered after the write.
    wrong=f"accepted: [{_OURS}]\nwritten: [{_OURS}]\nanswered: [{_OURS}, {_THEIRS}]\n",
    right=f"accepted: [{_OURS}]\nwritten: [{_OURS}]\nanswered: [{_OURS}]\n",
)


@dataclass(slots=True)
class Erased:
    """Collects, from the answers after a write, the rules that nobody here has seen before."""

    write: Write
    accepted: Live
    _unseen: list[Json] = field(default_factory=list)

    def note(self, live: Live) -> None:
        seen = {
            *as_sent(self.write.rules).rules,
            *(as_sent(self.write.written).rules if self.write.written else ()),
            *(self.accepted.rules.rules if self.accepted.rules else ()),
            *self.write.known_foreign,
        }
        for rule in live.shape["Rules"] if live.shape else ():
            if rule_from_s3(rule) not in seen and rule not in self._unseen:
                self._unseen.append(rule)

    def found(self) -> Diagnostic | None:
        """Call it when S3 has settled on what was written: whatever else it answered is gone."""
        if not self._unseen:
            return None
        names = ", ".join(f"`{rule.get('ID', '')}`" for rule in self._unseen)
        return RULES_ERASED.at(
            unplaced(f"s3://{self.write.bucket} (account {self.write.account_id})"),
            f"somebody changed the rules of `{self.write.bucket}` just before they were written",
            notes=[f"erased: {names}, as S3 had it:\n{_as_json(self._unseen)}"],
            help="to put it back, add it to the rules that `aws s3api"
            f" get-bucket-lifecycle-configuration --bucket {self.write.bucket}` prints, and put"
            " them together; the next `pulumi up` then stops at it (FL409), until a policy does"
            " what it does",
        )


def _as_json(rules: list[Json]) -> str:
    """To be copied from a terminal: text is wrapped at spaces, so no string may have any."""
    text = json.dumps({"Rules": rules}, indent=2)
    return _STRING.sub(lambda string: string.group().replace(" ", "\\u0020"), text)


_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
