"""The environments: settings, rules, and the stack that wires the modules together."""

import bindings as bindings  # must run before the first provider import
