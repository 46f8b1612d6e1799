"""States of infrastructure: one object, which is all that is known of what was created."""

from __future__ import annotations

from typing import Final

from firnline.consumers.layout import Layout, Part, Source

TERRAFORM_STATE: Final = Layout(
    called="Terraform state",
    plural="Terraform states",
    sign="a key that ends with `.tfstate`; as a prefix also `env:/`",
    mark="((?:.*/)?[^/]*[.]tfstate)",
    hints=(".tfstate",),
    named=("((?:.*/)?env:/).*", "((?:.*/)?[^/]*[.]tfstate)"),
    parts=(Part(""),),
    undo=True,
    is_object=True,
    by_age=(
        "nothing but old versions beyond the newest few: a state that nobody has changed for a year"
        " is read by the next plan"
    ),
    instead=(
        "keep the state for ever and the newest of its old versions, which are the undo; `terraform"
        " state rm` and `terraform workspace delete` remove what is no longer managed"
    ),
    untold=(
        "a state under a key that does not end with `.tfstate`, outside of `env:/`, is not"
        " recognised"
    ),
    sources=(
        Source(
            "https://developer.hashicorp.com/terraform/language/backend/s3",
            "the key is anybody's choice; workspaces below `env:`; a lock file `.tflock` beside it;"
            " versioning is highly recommended for recovery",
        ),
    ),
)

STATES: Final = (TERRAFORM_STATE,)
