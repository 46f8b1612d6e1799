"""Deploying a fleet: a stack for each account, wave by wave, by Pulumi's Automation API."""
