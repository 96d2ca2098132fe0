"""CloudWatch Logs: queries, metrics from events, what is masked, and what functions write."""
