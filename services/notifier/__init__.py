"""Tells a Slack channel of alarms, budgets and events of AWS: code of a Lambda function."""
