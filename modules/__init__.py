"""Constructs: one AWS capability a folder. They know nothing of environments."""

import bindings as bindings  # must run before the first provider import
