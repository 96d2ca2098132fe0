"""AWS Config: how every resource of a region was set, day by day."""

import bindings as bindings  # must run before the first provider import
from modules.config.recorder import ConfigurationRecorder, key_statement

__all__ = ["ConfigurationRecorder", "key_statement"]
