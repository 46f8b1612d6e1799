"""The provider's configuration as it arrives."""

import json

from sandbox.engine.aws_provider import config_shape

GIVEN = {
    "region": "us-east-1",
    "version": "7.51.1",
    "allowedAccountIds": json.dumps(["012345670123"]),
    "assumeRoles": json.dumps([{"roleArn": "arn:x", "sessionName": "me", "externalId": "e"}]),
    "skipCredentialsValidation": "true",
    "maxRetries": "3",
}


def test_values_that_are_no_strings_arrive_as_json_text() -> None:
    read = config_shape.read(config_shape.decoded(GIVEN), {})
    assert read.allowed_accounts == {"012345670123"}
    assert read.roles == (config_shape.Role("arn:x", "me", "e", None),)
    assert read.skip_validation
    assert read.max_retries == 3


def test_what_is_known_has_no_failures() -> None:
    assert config_shape.failures(config_shape.decoded(GIVEN)) == []


def test_unknown_keys_are_refused_by_path() -> None:
    roles = json.dumps([{"role_arn": "arn:x"}])
    config = config_shape.decoded({"regoin": "us-east-1", "assumeRoles": roles})
    assert [one.text("p") for one in config_shape.failures(config)] == [
        "Invalid or unknown key, did you mean `region`?. Examine values at 'p.regoin'.",
        "Invalid or unknown key, did you mean `roleArn`?. "
        "Examine values at 'p.assumeRoles[0].role_arn'.",
    ]


def test_the_region_comes_from_the_environment_where_none_is_configured() -> None:
    environment = {"AWS_DEFAULT_REGION": "eu-west-1"}
    assert config_shape.read({}, environment).region == "eu-west-1"
    assert config_shape.read({"region": "us-east-1"}, environment).region == "us-east-1"
