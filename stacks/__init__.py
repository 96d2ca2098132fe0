"""The stacks: one folder a system; each wires modules, beside its own settings and rules."""

import bindings as bindings  # must run before the first provider import
