"""Was anything lost? Remembers every foreign rule and every refusal; checks after each command."""

from __future__ import annotations

from dataclasses import dataclass, field

from firnline.fleet.live import read_live_json
from firnline.s3.shape import Json
from sandbox.world.accounts import BUCKETS
from tests.end_to_end.stack import Aws, Live, Project, Ran


def is_ours(id: str) -> bool:
    return id.startswith("firnline/acme-ml/")


@dataclass
class Witness:
    """Stands beside one project. `put` and `remove` are what a person does by hand in AWS."""

    project: Project
    _foreign: dict[str, tuple[str, Json]] = field(default_factory=dict)  # by the rule's ID
    _failed: list[str] = field(default_factory=list)
    _requests_before: int = 0
    _live: Live = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._requests_before = len(self.aws.operations())
        self._live = self.aws.live()

    @property
    def aws(self) -> Aws:
        return self.project.aws

    @property
    def foreign(self) -> dict[str, str]:
        """The bucket of each foreign rule that nobody has removed by hand, by the rule's ID."""
        return {id: bucket for id, (bucket, _) in self._foreign.items()}

    def put(self, bucket: str, *, prefix: str = "exports/") -> str:
        """A rule of somebody else beside what is live; returns its ID, unlike any other's."""
        id = f"by-hand-{len(self._foreign):03}-of-{bucket}"
        rule: Json = {
            "ID": id,
            "Status": "Enabled",
            "Filter": {"Prefix": prefix},
            "Expiration": {"Days": 3},
        }
        self._put(bucket, [*self.rules(bucket), rule])
        self._foreign[id] = (bucket, rule)
        return id

    def remove(self, bucket: str) -> None:
        """What the message advises: the foreign rules are taken away by hand."""
        for id in [id for id, where in self.foreign.items() if where == bucket]:
            del self._foreign[id]
        self._put(bucket, [rule for rule in self.rules(bucket) if is_ours(rule["ID"])])

    def change_ours(self, bucket: str) -> None:
        """Somebody disables a rule of ours, so that it deletes nothing for a while."""
        first, *others = self.rules(bucket)
        self._put(bucket, [{**first, "Status": "Disabled"}, *others])

    def rules(self, bucket: str) -> list[Json]:
        live = read_live_json(self.aws.client_of(bucket), bucket)
        assert live is not None, f"{bucket} has no rules"
        rules: list[Json] = live["Rules"]
        return rules

    def saw(self, ran: Ran) -> Ran:
        """Checks what holds after every command, whatever it did and whether or not it failed."""
        if ran.code != 0:
            self._failed.append(ran.text)
        self.aws.fail_no_more()  # so that we are not the ones who get the stale answers
        now = self.aws.live()
        assert self.deletions() == [], ran.text
        for id, (bucket, rule) in self._foreign.items():
            live = now[bucket]
            in_place = live is not None and rule in live["Rules"]
            assert in_place or self.was_named(id), f"{id} vanished in silence\n{ran.text}"
        for each in BUCKETS:
            if self._live[each.name]:
                assert now[each.name], f"{each.name} has no rules any more\n{ran.text}"
        self._live = now
        assert "Traceback" not in ran
        return ran

    def up(self, *words: str) -> Ran:
        """Also: whatever of ours is live is managed by somebody when an `up` succeeds."""
        ran = self.saw(self.project.pulumi("up", "--yes", *words))
        if ran.code == 0:
            managed = {each["urn"].rpartition("::")[2] for each in self.project.resources()}
            for bucket, live in self._live.items():
                ours = [rule["ID"] for rule in live["Rules"] if is_ours(rule["ID"])] if live else []
                assert not ours or bucket in managed, f"nobody manages {ours} of {bucket}"
        return ran

    def was_named(self, id: str) -> bool:
        """By a command that failed: what a command says that succeeds, nobody reads."""
        return any(id in text for text in self._failed)

    def deletions(self) -> list[tuple[str, str]]:
        asked = self.aws.operations()[self._requests_before :]
        return [each for each in asked if each[0] == "DeleteBucketLifecycle"]

    def _put(self, bucket: str, rules: list[Json]) -> None:
        live = self._live[bucket]
        assert live is not None
        self.aws.put(bucket, {**live, "Rules": rules})
