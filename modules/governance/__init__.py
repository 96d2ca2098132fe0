"""Cost governance: what may be made, by whom and where, from one value of limits an environment."""

import bindings as bindings  # must run before the first provider import
from modules.governance import documents
from modules.governance.limits import GOVERNANCE, Limits
from modules.governance.organization import ServiceControlPolicies, service_control_policies
from modules.governance.people.groups import GROUPS, GroupName
from modules.governance.people.identity_center import IdentityCenter, PermissionSets
from modules.governance.people.policies import PeoplePolicies
from modules.governance.people.users import Users

__all__ = [
    "GOVERNANCE",
    "GROUPS",
    "GroupName",
    "IdentityCenter",
    "Limits",
    "PeoplePolicies",
    "PermissionSets",
    "ServiceControlPolicies",
    "Users",
    "documents",
    "service_control_policies",
]
