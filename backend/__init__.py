"""Remote state: where it lies, what attaches a stack to it, and the stack that creates it."""

import bindings as bindings  # must run before the first provider import
from backend.state import StateLocation, attach_state, aws_provider

__all__ = ["StateLocation", "attach_state", "aws_provider"]
