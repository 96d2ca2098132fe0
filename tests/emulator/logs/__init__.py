"""Tests of CloudWatch Logs in the emulator."""
