"""What AWS keeps once for an account, and once for an account and region."""

import bindings as bindings  # must run before the first provider import
from modules.account.account import AccountDefaults, SecurityContact
from modules.account.default_vpc import ClosedDefaultVpc
from modules.account.regional import RegionalDefaults

__all__ = ["AccountDefaults", "ClosedDefaultVpc", "RegionalDefaults", "SecurityContact"]
