"""Who called what in the account, in every region, kept where nobody can change it."""

import bindings as bindings  # must run before the first provider import
from modules.cloudtrail.trail import Trail, key_statement, trail_bucket_name

__all__ = ["Trail", "key_statement", "trail_bucket_name"]
