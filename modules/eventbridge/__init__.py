"""Amazon EventBridge: rules that hand events of AWS on."""

import bindings as bindings  # must run before the first provider import
from modules.eventbridge.rule import EventPattern, EventRule, forwarding_role

__all__ = ["EventPattern", "EventRule", "forwarding_role"]
