"""Tests of the gaps: each passes on the emulator and fails on plain moto."""
