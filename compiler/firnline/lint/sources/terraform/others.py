"""Resources with lifecycle rules that are not S3's: whose are they?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from firnline.diagnostics.kinds import Diagnostic
from firnline.diagnostics.position import Source, Span
from firnline.language.data_tree import DataTree
from firnline.lint.plan_kinds import NOT_FOR_S3
from firnline.lint.sources.parts import span_of
from firnline.lint.sources.terraform.resources import Described

# By type, the argument that has the rules, and the service (documentation of the providers).
_OTHERS: Final = {
    "aws_s3control_bucket_lifecycle_configuration": ("rule", "S3 on Outposts"),
    "google_storage_bucket": ("lifecycle_rule", "Google Cloud Storage"),
    "azurerm_storage_management_policy": ("rule", "Azure Blob Storage"),
    "cloudflare_r2_bucket_lifecycle": ("rules", "Cloudflare R2"),
    "digitalocean_spaces_bucket": ("lifecycle_rule", "DigitalOcean Spaces"),
    "minio_ilm_policy": ("rule", "MinIO"),
    "alicloud_oss_bucket": ("lifecycle_rule", "Alibaba Cloud OSS"),
    "scaleway_object_bucket": ("lifecycle_rule", "Scaleway Object Storage"),
}


def rules_of_others(tree: DataTree, source: Source, described: Described) -> Iterator[Diagnostic]:
    for resource in described.of_type(*_OTHERS):
        argument, service = _OTHERS[resource.type]
        if resource.values.get(argument):
            place = span_of(tree, described.spelt((*resource.where, argument)), key=True) or Span(
                source, 0, 1
            )
            found = NOT_FOR_S3.at(place, f"rules of {service} are not checked")
            yield replace(found, about=resource.called)
