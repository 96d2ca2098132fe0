"""IAM Access Analyzer: what others may reach, and what nobody uses."""

import bindings as bindings  # must run before the first provider import
from modules.access_analyzer.analyzer import ExternalAccess, UnusedAccess

__all__ = ["ExternalAccess", "UnusedAccess"]
