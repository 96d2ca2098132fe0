"""Address ranges, computed: each tier has a quarter of the VPC, each zone an eighth of its tier.

A zone's place follows from its letter (``a`` is the first eighth, ``b`` the second …) and not
from its position in a list. Adding a zone, wherever it is written, therefore renumbers nothing.
The last quarter stays free for a tier that nobody has thought of yet.

For 10.20.0.0/16::

    public       10.20.0.0/18     a 10.20.0.0/21     b 10.20.8.0/21     c 10.20.16.0/21 …
    application  10.20.64.0/18    a 10.20.64.0/21    b 10.20.72.0/21    …
    database     10.20.128.0/18   a 10.20.128.0/21   b 10.20.136.0/21   …
    (free)       10.20.192.0/18
"""

from __future__ import annotations

import ipaddress
from typing import Literal, get_args

Tier = Literal["public", "application", "database"]
TIERS: tuple[Tier, ...] = get_args(Tier)

_TIER_BITS = 2
_ZONE_BITS = 3
ZONE_LETTERS = "abcdefgh"

LARGEST_VPC_PREFIX = 16
"""AWS takes no VPC larger than /16."""
SMALLEST_VPC_PREFIX = 21
"""A /21 gives subnets of /26: 59 usable addresses, enough for endpoints, a proxy and functions."""


def zone_letter(zone: str) -> str:
    """The letter of an availability zone: ``b`` of ``ap-southeast-1b``.

    Raises:
        ValueError: the name ends in no letter from a to h.
    """
    letter = zone[-1:]
    if not letter or letter not in ZONE_LETTERS:
        raise ValueError(
            f"availability zone {zone!r} must end in a letter from a to h; "
            "local and wavelength zones are not supported"
        )
    return letter


def tier_range(vpc_cidr: str, tier: Tier) -> str:
    """The range of a whole tier, all its present and future zones.

    Args:
        vpc_cidr: the VPC's range, for example ``10.20.0.0/16``.
        tier: which tier.
    """
    quarters = list(ipaddress.IPv4Network(vpc_cidr).subnets(prefixlen_diff=_TIER_BITS))
    return str(quarters[TIERS.index(tier)])


def subnet_range(vpc_cidr: str, tier: Tier, zone: str) -> str:
    """The range of one tier in one zone.

    Args:
        vpc_cidr: the VPC's range, from /16 to /21.
        tier: which tier.
        zone: the zone's full name, for example ``ap-southeast-1a``.
    """
    tier_network = ipaddress.IPv4Network(tier_range(vpc_cidr, tier))
    eighths = list(tier_network.subnets(prefixlen_diff=_ZONE_BITS))
    return str(eighths[ZONE_LETTERS.index(zone_letter(zone))])
