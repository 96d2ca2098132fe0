"""Reads a Terraform plan's JSON into typed changes, and makes of it what may be shown."""
