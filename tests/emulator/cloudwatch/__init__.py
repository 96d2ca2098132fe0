"""The emulator's CloudWatch: metrics, metric math, alarms."""
