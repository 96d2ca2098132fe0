"""CloudWatch: what is published, what is computed from it, and the alarms that watch it."""
