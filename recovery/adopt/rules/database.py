"""RDS: names; a parameter group's name begins with ours and AWS's provider completes it."""

from __future__ import annotations

from recovery.adopt.rule import Item, Rule, Values, listed

_BUSY = frozenset(
    {
        "creating",
        "backing-up",
        "configuring-enhanced-monitoring",
        "configuring-iam-database-auth",
        "configuring-log-exports",
        "modifying",
        "rebooting",
        "resetting-master-credentials",
        "starting",
        "upgrading",
    }
)
"""An instance's states that end by themselves.

https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/accessing-monitoring.html
"""


def _has_the_name(group: Item, values: Values) -> bool:
    name = group["DBParameterGroupName"]
    if values.get("name"):
        return bool(name == values["name"])
    return bool(values.get("name_prefix") and name.startswith(values["name_prefix"]))


RULES = {
    "aws_db_subnet_group": Rule(
        look=listed("rds.describe_db_subnet_groups", "DBSubnetGroups", DBSubnetGroupName="{name}"),
        id="{name}",
        arn="rds:subgrp",
        removal="rds delete-db-subnet-group --db-subnet-group-name {id}",
    ),
    "aws_db_parameter_group": Rule(
        look=listed("rds.describe_db_parameter_groups", "DBParameterGroups"),
        same={"DBParameterGroupFamily": "family"},
        fits=_has_the_name,
        id="{DBParameterGroupName}",
        several=True,
        arn="rds:pg",
        removal="rds delete-db-parameter-group --db-parameter-group-name {id}",
    ),
    "aws_db_instance": Rule(
        look=listed(
            "rds.describe_db_instances", "DBInstances", DBInstanceIdentifier="{identifier}"
        ),
        status="DBInstanceStatus",
        pending=_BUSY,
        gone=frozenset({"deleting"}),
        id="{identifier}",
        arn="rds:db",
        removal="rds delete-db-instance --db-instance-identifier {id} "
        "--final-db-snapshot-identifier {id}-last",
    ),
    "aws_db_proxy": Rule(
        look=listed("rds.describe_db_proxies", "DBProxies", DBProxyName="{name}"),
        status="Status",
        pending=frozenset({"creating", "modifying", "reactivating"}),
        gone=frozenset({"deleting"}),
        id="{name}",
    ),
    "aws_db_proxy_default_target_group": Rule(
        look=listed(
            "rds.describe_db_proxy_target_groups",
            "TargetGroups[?IsDefault]",
            DBProxyName="{db_proxy_name}",
        ),
        id="{db_proxy_name}",
    ),
    "aws_db_proxy_target": Rule(
        look=listed(
            "rds.describe_db_proxy_targets",
            "Targets",
            DBProxyName="{db_proxy_name}",
            TargetGroupName="{target_group_name}",
        ),
        same={"RdsResourceId": "db_instance_identifier"},
        id="{db_proxy_name}/{target_group_name}/RDS_INSTANCE/{db_instance_identifier}",
    ),
}
