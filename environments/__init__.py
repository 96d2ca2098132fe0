"""The environments: settings, rules, and the stack that wires the modules together."""
