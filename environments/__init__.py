"""The environments: one file of values each, and what loads and compares them."""

import bindings as bindings  # must run before the first provider import
