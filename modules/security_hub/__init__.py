"""AWS Security Hub: the account against AWS's own list of good practice."""

import bindings as bindings  # must run before the first provider import
from modules.security_hub.hub import SecurityHub

__all__ = ["SecurityHub"]
