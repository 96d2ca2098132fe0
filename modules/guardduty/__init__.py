"""Amazon GuardDuty: looks for signs of an attack in what AWS records of the account anyway."""

import bindings as bindings  # must run before the first provider import
from modules.guardduty.detector import Detector, Protection

__all__ = ["Detector", "Protection"]
