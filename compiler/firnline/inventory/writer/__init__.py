"""Rows → an inventory in S3's own layout: data files, manifest.json and manifest.checksum."""
