"""Tests of the stacks."""

import bindings as bindings  # must run before the first provider import
