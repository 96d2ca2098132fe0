"""The network: tiers of subnets over named zones, NAT, endpoints and flow logs."""

from modules.vpc.addresses import (
    SMALLEST_VPC_PREFIX,
    TIERS,
    Tier,
    subnet_range,
    tier_range,
    zone_letter,
)
from modules.vpc.endpoints import InterfaceEndpoints
from modules.vpc.flow_logs import FlowLogArchive, FlowLogFormat, FlowLogs
from modules.vpc.network import NatGateways, Vpc

__all__ = [
    "SMALLEST_VPC_PREFIX",
    "TIERS",
    "FlowLogArchive",
    "FlowLogFormat",
    "FlowLogs",
    "InterfaceEndpoints",
    "NatGateways",
    "Tier",
    "Vpc",
    "subnet_range",
    "tier_range",
    "zone_letter",
]
