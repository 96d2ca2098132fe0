"""How long AWS may take to give something back, where the provider's default is too short."""

NETWORK_INTERFACE_RELEASE = "45m"
"""Lambda frees the network interfaces of a deleted function after 20 to 45 minutes; until then
their subnets and security groups cannot be deleted.
Source: https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html"""
