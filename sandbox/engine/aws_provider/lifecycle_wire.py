"""A lifecycle configuration: Pulumi's properties to and from S3's own spelling (as boto3 has it).

What is sent follows terraform-provider-aws v6, bucket_lifecycle_configuration.go (Expand and
Flatten of each model, and the plan modifiers that fill in values), its surprises included.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, TypeAlias

from sandbox.engine.aws_provider.properties import Properties

Wire: TypeAlias = dict[str, Any]

DEFAULT_MINIMUM_SIZE = "all_storage_classes_128K"

_EMPTY: Properties = {}


def to_wire(rules: list[Properties], prior: list[Properties] | None = None) -> list[Wire]:
    """What a PUT says; `prior` are the rules of the state when this is an update."""
    return [_rule(rule, _at(prior or [], index)) for index, rule in enumerate(rules)]


def from_wire(rules: list[Any]) -> list[Properties]:
    """The state after a read: what S3 returned, with the provider's zeros for what is unset."""
    return [_read_rule(rule) for rule in rules]


def without_zeros(rules: list[Properties]) -> list[Properties]:
    """The rules as a person would write them: none of the zeros that mean unset."""
    return [_plain_rule(rule) for rule in rules]


def _rule(rule: Properties, prior: Properties) -> Wire:
    wire: Wire = {"ID": rule["id"], "Status": rule["status"]}
    if rule.get("prefix"):
        wire["Prefix"] = rule["prefix"]
    if "filter" in rule:
        wire["Filter"] = _filter(rule["filter"], prior.get("filter", _EMPTY))
    elif "Prefix" not in wire:
        wire["Filter"] = {}
    if "expiration" in rule:
        wire["Expiration"] = _expiration(rule["expiration"])
    if rule.get("transitions"):
        wire["Transitions"] = [_transition(move) for move in rule["transitions"]]
    if "noncurrentVersionExpiration" in rule:
        wire["NoncurrentVersionExpiration"] = _renamed(rule["noncurrentVersionExpiration"])
    if rule.get("noncurrentVersionTransitions"):
        moves = rule["noncurrentVersionTransitions"]
        wire["NoncurrentVersionTransitions"] = [_renamed(move) for move in moves]
    if "abortIncompleteMultipartUpload" in rule:
        wire["AbortIncompleteMultipartUpload"] = _renamed(rule["abortIncompleteMultipartUpload"])
    return wire


def _filter(given: Properties, prior: Properties) -> Wire:
    """Several predicates side by side are sent as they are: S3 refuses them with MalformedXML."""
    wire = _renamed({key: value for key, value in given.items() if key not in ("and", "tag")})
    if "tag" in given:
        wire["Tag"] = _renamed(given["tag"])
    if "and" in given:
        wire["And"] = _and(given["and"], is_new="and" not in prior)
    return wire or {"Prefix": ""}


def _and(given: Properties, *, is_new: bool) -> Wire:
    """In a new `and` an unset lower bound is sent as 0 and an unset prefix as "".

    The plan modifier LegacyValue puts the zero there where the state has none; where it has one the
    value stays unknown, and nothing is sent (framework/planmodifiers/*/legacy_value.go).
    """
    wire: Wire = {}
    if "objectSizeGreaterThan" in given or is_new:
        wire["ObjectSizeGreaterThan"] = given.get("objectSizeGreaterThan", 0)
    if given.get("objectSizeLessThan"):
        wire["ObjectSizeLessThan"] = given["objectSizeLessThan"]
    if "prefix" in given or is_new:
        wire["Prefix"] = given.get("prefix", "")
    # Keys of AWS are dropped without a word (tftags IgnoreAWS), which widens the rule's scope.
    own = {key: value for key, value in given.get("tags", {}).items() if key[:4] != "aws:"}
    if own:
        wire["Tags"] = [{"Key": key, "Value": own[key]} for key in sorted(own)]
    return wire


def _expiration(given: Properties) -> Wire:
    wire: Wire = {}
    if "date" in given:
        wire["Date"] = _moment(given["date"])
    if given.get("days"):
        wire["Days"] = given["days"]
    if not wire:
        wire["ExpiredObjectDeleteMarker"] = given.get("expiredObjectDeleteMarker", False)
    return wire


def _transition(move: Properties) -> Wire:
    wire: Wire = {"StorageClass": move["storageClass"]}
    if "date" in move:
        wire["Date"] = _moment(move["date"])
    if "days" in move or "date" not in move:
        wire["Days"] = move.get("days", 0)
    return wire


def _read_rule(wire: Mapping[str, Any]) -> Properties:
    rule: Properties = {"id": wire["ID"], "status": wire["Status"], "prefix": ""}
    if "Prefix" in wire:
        rule["prefix"] = wire["Prefix"]
    if wire.get("Filter"):
        rule["filter"] = _read_filter(wire["Filter"])
    if "Expiration" in wire:
        unset = {"days": 0, "expiredObjectDeleteMarker": False}
        rule["expiration"] = unset | _read_dated(wire["Expiration"])
    if wire.get("Transitions"):
        rule["transitions"] = [_read_dated(move) for move in wire["Transitions"]]
    for key in ("NoncurrentVersionExpiration", "AbortIncompleteMultipartUpload"):
        if key in wire:
            rule[_camel(key)] = _read_dated(wire[key])
    if wire.get("NoncurrentVersionTransitions"):
        moves = wire["NoncurrentVersionTransitions"]
        rule["noncurrentVersionTransitions"] = [_read_dated(move) for move in moves]
    return rule


def _read_filter(wire: Mapping[str, Any]) -> Properties:
    found: Properties = {}
    for key, value in wire.items():
        match key:
            case "Tag":
                found["tag"] = {"key": value["Key"], "value": value["Value"]}
            case "And":
                found["and"] = _read_and(value)
            case _:
                found[_camel(key)] = value
    return found


def _read_and(wire: Mapping[str, Any]) -> Properties:
    found: Properties = {
        "objectSizeGreaterThan": wire.get("ObjectSizeGreaterThan", 0),
        "objectSizeLessThan": wire.get("ObjectSizeLessThan", 0),
        "prefix": wire.get("Prefix", ""),
    }
    if wire.get("Tags"):
        found["tags"] = {tag["Key"]: tag["Value"] for tag in wire["Tags"]}
    return found


def _plain_rule(rule: Properties) -> Properties:
    plain = {key: value for key, value in rule.items() if value not in ([], None)}
    if plain.get("prefix") == "":
        del plain["prefix"]
    if "expiration" in plain:
        plain["expiration"] = _plain_expiration(plain["expiration"])
    if isinstance(plain.get("filter"), dict):
        given = plain["filter"] or {"prefix": ""}
        plain["filter"] = given | (
            {"and": _nonzero(given["and"])} if isinstance(given.get("and"), dict) else {}
        )
    if isinstance(plain.get("transitions"), list):
        plain["transitions"] = [_plain_transition(move) for move in plain["transitions"]]
    return plain


def _plain_expiration(given: Any) -> Any:
    if not isinstance(given, dict):
        return given
    plain = {key: value for key, value in given.items() if (key, value) != ("days", 0)}
    if plain.get("expiredObjectDeleteMarker") is False and len(plain) > 1:
        del plain["expiredObjectDeleteMarker"]
    return plain or {"expiredObjectDeleteMarker": False}


def _plain_transition(move: Any) -> Any:
    if isinstance(move, dict) and "date" not in move:
        return {"days": 0} | move
    return move


def _nonzero(given: Properties) -> Properties:
    return {key: value for key, value in given.items() if value not in (0, "")}


def _read_dated(wire: Mapping[str, Any]) -> Properties:
    return {
        _camel(key): _written(value) if isinstance(value, datetime) else value
        for key, value in wire.items()
    }


def _renamed(given: Properties) -> Wire:
    return {key[0].upper() + key[1:]: value for key, value in given.items()}


def _camel(key: str) -> str:
    return key[0].lower() + key[1:]


def _at(rules: list[Properties], index: int) -> Properties:
    return rules[index] if index < len(rules) else _EMPTY


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def _written(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
