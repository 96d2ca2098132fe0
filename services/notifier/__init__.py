"""Tells a Slack channel when an alarm goes off and when all is well again: code of a Lambda function."""
