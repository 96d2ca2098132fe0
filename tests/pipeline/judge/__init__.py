"""Tests of the room that judges plans."""
