"""Which resources hold data: losing one loses what nobody can make again from this repository."""

from __future__ import annotations

from pipeline.plan.model import Action, Change, Plan

HOLDS = {
    "aws_backup_vault": "its backups",
    "aws_cloudwatch_log_group": "its log entries",
    "aws_cognito_user_pool": "its users",
    "aws_db_instance": "its databases",
    "aws_db_snapshot": "its copy of a database",
    "aws_docdb_cluster": "its databases",
    "aws_docdb_cluster_instance": "a copy of its databases",
    "aws_dynamodb_table": "its items",
    "aws_ebs_volume": "its blocks",
    "aws_ecr_repository": "its images",
    "aws_efs_file_system": "its files",
    "aws_elasticache_cluster": "its entries",
    "aws_elasticache_replication_group": "its entries",
    "aws_elasticache_serverless_cache": "its entries",
    "aws_fsx_lustre_file_system": "its files",
    "aws_fsx_ontap_file_system": "its files",
    "aws_fsx_openzfs_file_system": "its files",
    "aws_fsx_windows_file_system": "its files",
    "aws_instance": "its root volume",
    "aws_keyspaces_table": "its rows",
    "aws_kinesis_stream": "its records",
    "aws_kms_key": "everything that is encrypted with it",
    "aws_kms_replica_key": "everything that is encrypted with it",
    "aws_memorydb_cluster": "its entries",
    "aws_mq_broker": "its messages",
    "aws_msk_cluster": "its records",
    "aws_neptune_cluster": "its graph",
    "aws_opensearch_domain": "its indexes",
    "aws_rds_cluster": "its databases",
    "aws_rds_global_cluster": "its databases",
    "aws_redshift_cluster": "its databases",
    "aws_route53_zone": "its records, and its name servers' names",
    "aws_s3_bucket": "its objects",
    "aws_s3_directory_bucket": "its objects",
    "aws_s3tables_table": "its rows",
    "aws_secretsmanager_secret": "its versions",
    "aws_sns_topic_subscription": "a confirmation that somebody gave",
    "aws_sqs_queue": "its messages",
    "aws_ssm_parameter": "its value",
    "aws_timestreamwrite_table": "its records",
}
"""Resource type to what is lost with it."""

_LOSE = (Action.DELETE, Action.REPLACE)


def holds_data(resource_type: str) -> bool:
    """Whether resources of a type hold data that Terraform cannot make again."""
    return resource_type in HOLDS


def data_at_risk(plan: Plan) -> tuple[Change, ...]:
    """What holds data and is destroyed or replaced by the plan."""
    return tuple(c for c in plan.changed if c.action in _LOSE and holds_data(c.type))
