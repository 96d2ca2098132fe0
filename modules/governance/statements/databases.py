"""Databases on RDS: which classes, how much storage, and no clusters."""

from __future__ import annotations

from modules.governance.limits import Limits
from modules.iam import Conditions, Statement

_DATABASE = "arn:aws:rds:*:*:db:*"
_NEW = ("rds:CreateDBInstance*", "rds:RestoreDBInstance*")
"""With their replicas, and from a snapshot, a point in time or a file."""
_CHANGE = "rds:ModifyDBInstance"
_MOST_IOPS = 12_000
"""What gp3 storage of 400 GiB and more has without paying for it.

Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Storage.html
"""


def new(limits: Limits) -> Statement:
    """Refuse new and restored databases of other classes.

    One that names no class is refused, too: it would take the snapshot's.

    Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonrds.html
    """
    return _refused(
        "DatabaseClasses",
        _NEW,
        {"StringNotEquals": {"rds:DatabaseClass": limits.database_classes}},
    )


def changed(limits: Limits) -> Statement:
    """Refuse other classes to a change, which need not name one, and to a start.

    AWS does not say whether the key of a change is the class that the database has or the one that it
    shall have. People change none (``running_costs``), and the pipeline's plans are judged by
    policies, too.
    """
    return _refused(
        "ChangedDatabaseClasses",
        (_CHANGE, "rds:StartDBInstance"),
        {
            "Null": {"rds:DatabaseClass": "false"},
            "StringNotEquals": {"rds:DatabaseClass": limits.database_classes},
        },
    )


def storage(limits: Limits) -> tuple[Statement, ...]:
    """Refuse larger storage, and operations that are paid; a restore takes the snapshot's size."""
    most = {
        "Storage": ("rds:StorageSize", limits.largest_volume_gib),
        "Iops": ("rds:Piops", _MOST_IOPS),
    }
    return tuple(
        _refused(f"Database{what}", (*_NEW, _CHANGE), {"NumericGreaterThan": {key: str(number)}})
        for what, (key, number) in most.items()
    )


def clusters() -> Statement:
    """Refuse clusters: their machines, those of Aurora and those that scale by themselves, are no ``db``.

    A ``db`` inside of a cluster has a class like any other, or one that scales by itself.
    """
    return Statement(
        sid="DatabaseClusters",
        effect="Deny",
        actions=(
            "rds:CreateBlueGreenDeployment",
            "rds:CreateCustomDBEngineVersion",
            "rds:CreateDBCluster",
            "rds:CreateDBShardGroup",
            "rds:CreateGlobalCluster",
            "rds:ModifyCurrentDBClusterCapacity",
            "rds:ModifyDBCluster",
            "rds:RestoreDBCluster*",
            "rds:StartDBCluster",
        ),
        resources=("*",),
    )


def _refused(sid: str, actions: tuple[str, ...], conditions: Conditions) -> Statement:
    return Statement(
        sid=sid, effect="Deny", actions=actions, resources=(_DATABASE,), conditions=conditions
    )
