"""Tests of SNS in the emulator."""
