"""Tests of the limits: who may do what, whichever way somebody tries it."""
