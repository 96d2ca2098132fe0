"""A network's NAT gateways, and its flow log.

Sources: https://docs.aws.amazon.com/vpc/latest/userguide/metrics-dimensions-nat-gateway.html and
https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html
"""

from __future__ import annotations

from modules.metrics import Metric, metric
from modules.monitoring.alarm import Alarm
from modules.monitoring.formula import Formula
from modules.monitoring.section import Graph, Line, SavedQuery, Section
from modules.vpc import Vpc
from modules.vpc.addresses import tier_range

TITLE = "Network"
_NOTE = "No port left, and refused traffic, both look like time-outs to a function."


def nat_section(network: Vpc) -> Section:
    """What is shown and judged of a network's NAT gateways; nothing where it has none."""
    zones = list(network.nat_gateways)
    if not zones:
        return Section(title=TITLE, note=_NOTE)
    alarms = tuple(
        Alarm(
            slug="nat-ports",
            of=zone,
            meaning=f"The NAT gateway in {zone} has no port left for new connections.",
            value=_of(network, zone, "ErrorPortAllocation", "Sum"),
            comparison=">",
            threshold=0,
            points=3,
            missing="notBreaching",  # no data means no traffic
        )
        for zone in zones
    )
    return Section(
        title=TITLE,
        note=_NOTE,
        widgets=(
            Graph(
                title="NAT: connections that got no port",
                lines=[
                    Line(label=zone, value=_of(network, zone, "ErrorPortAllocation", "Sum"))
                    for zone in zones
                ],
            ),
            Graph(
                title="NAT: open connections",
                lines=[
                    Line(label=zone, value=_of(network, zone, "ActiveConnectionCount", "Maximum"))
                    for zone in zones
                ],
            ),
            Graph(
                title="NAT: GB an hour, billed both ways",
                lines=[Line(label=zone, value=_processed(network, zone)) for zone in zones],
            ),
        ),
        alarms=alarms,
    )


def flow_section(network: Vpc, *, log_group: str, database_port: int) -> Section:
    """Queries of a flow log in the default format, the only one whose fields Insights finds.

    A function's interfaces are unknown until it runs, so it is told by its range of addresses.

    Args:
        network: whose flow log it is.
        log_group: name of its log group.
        database_port: TCP port of the database tier.
    """
    functions = tier_range(network.cidr, "application")
    return Section(
        title=TITLE,
        note=_NOTE,
        queries=(
            SavedQuery(
                name="network-rejected",
                log_groups=(log_group,),
                text='filter action = "REJECT"\n| stats count(*) as flows, sum(packets) as '
                "packets by srcAddr, dstAddr, dstPort, protocol\n| sort flows desc\n| limit 50",
            ),
            # The interface is that of whoever refused: the function's when its own rules forbid the
            # way out, the database's or the proxy's when theirs forbid the way in.
            SavedQuery(
                name="network-to-database",
                log_groups=(log_group,),
                text=f'filter action = "REJECT" and dstPort = {database_port} and '
                f'isIpv4InSubnet(srcAddr, "{functions}")\n| stats count(*) as flows by '
                "interfaceId, srcAddr, dstAddr\n| sort flows desc",
            ),
        ),
    )


def _of(network: Vpc, zone: str, name: str, statistic: str) -> Metric:
    gateway = network.nat_gateways[zone]
    return metric("AWS/NATGateway", name, statistic, {"NatGatewayId": gateway.id})


def _processed(network: Vpc, zone: str) -> Formula:
    return Formula(
        expression="(up + down) / 1000000000 * 3600 / PERIOD(up)",
        metrics={
            "up": _of(network, zone, "BytesInFromSource", "Sum"),
            "down": _of(network, zone, "BytesInFromDestination", "Sum"),
        },
    )
