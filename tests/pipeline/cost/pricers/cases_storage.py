"""Buckets and backups, priced by hand for ap-southeast-1 or us-east-1."""

from __future__ import annotations

from tests.pipeline.cost.pricers.support import Case, resource

US = "us-east-1"
NOTHING_IN_STANDARD = {
    "standard.storage_gb": "0",
    "standard.monthly_tier_1_requests": "0",
    "standard.monthly_tier_2_requests": "0",
}
NOTHING_BILLED = {
    "storage, Standard": "0",
    "PUT, COPY, POST, LIST requests": "0",
    "GET and other requests": "0",
}

CASES = (
    Case(
        name="bucket",
        of=resource("aws_s3_bucket.b"),
        usage={
            "standard.storage_gb": "100",
            "standard.monthly_tier_1_requests": "10000",
            "standard.monthly_tier_2_requests": "100000",
            "standard_infrequent_access.storage_gb": "50",
        },
        monthly={
            "storage, Standard": "2.5",  # 100 x 0.025
            "storage, Infrequent Access": "0.69",  # 50 x 0.0138
            "PUT, COPY, POST, LIST requests": "0.05",  # 10 x 0.005
            "GET and other requests": "0.04",  # 100 x 0.0004
        },
    ),
    Case(
        name="bucket-without-stated-usage",
        of=resource("aws_s3_bucket.b"),
        monthly={
            "storage, Standard": None,
            "PUT, COPY, POST, LIST requests": None,
            "GET and other requests": None,
        },
    ),
    Case(
        name="bucket-of-two-tiers",
        of=resource("aws_s3_bucket.b"),
        usage={
            "standard.storage_gb": "52200",
            "standard.monthly_tier_1_requests": "0",
            "standard.monthly_tier_2_requests": "0",
        },
        monthly={
            "storage, Standard": "1304",  # 51200 x 0.025 + 1000 x 0.024
            "PUT, COPY, POST, LIST requests": "0",
            "GET and other requests": "0",
        },
    ),
    Case(
        name="bucket-of-infrequent-access",
        region=US,
        of=resource("aws_s3_bucket.b"),
        usage={
            **NOTHING_IN_STANDARD,
            "standard_infrequent_access.storage_gb": "100",
            "standard_infrequent_access.monthly_tier_1_requests": "1000",
            "standard_infrequent_access.monthly_tier_2_requests": "1000",
            "standard_infrequent_access.monthly_lifecycle_transition_requests": "2000",
            "standard_infrequent_access.monthly_data_retrieval_gb": "50",
            "one_zone_infrequent_access.storage_gb": "100",
            "one_zone_infrequent_access.monthly_tier_1_requests": "1000",
            "one_zone_infrequent_access.monthly_tier_2_requests": "1000",
            "one_zone_infrequent_access.monthly_data_retrieval_gb": "50",
        },
        monthly={
            **NOTHING_BILLED,
            "storage, Infrequent Access": "1.25",  # 100 x 0.0125
            "requests of tier 1, Infrequent Access": "0.01",
            "requests of tier 2, Infrequent Access": "0.001",
            "transitions, Infrequent Access": "0.02",
            "retrieval, Infrequent Access": "0.5",
            "storage, One Zone Infrequent Access": "1",
            "requests of tier 1, One Zone Infrequent Access": "0.01",
            "requests of tier 2, One Zone Infrequent Access": "0.001",
            "retrieval, One Zone Infrequent Access": "0.5",
        },
    ),
    Case(
        name="bucket-of-archives",
        region=US,
        of=resource("aws_s3_bucket.b"),
        usage={
            **NOTHING_IN_STANDARD,
            "glacier_instant_retrieval.storage_gb": "1000",
            "glacier_flexible_retrieval.storage_gb": "1000",
            "glacier_flexible_retrieval.monthly_tier_1_requests": "1000",
            "glacier_flexible_retrieval.monthly_tier_2_requests": "1000",
            "glacier_flexible_retrieval.monthly_lifecycle_transition_requests": "2000",
            "glacier_flexible_retrieval.monthly_standard_data_retrieval_requests": "1000",
            "glacier_flexible_retrieval.monthly_expedited_data_retrieval_requests": "1000",
            "glacier_flexible_retrieval.monthly_standard_data_retrieval_gb": "100",
            "glacier_flexible_retrieval.monthly_expedited_data_retrieval_gb": "100",
            "glacier_deep_archive.storage_gb": "1000",
            "glacier_deep_archive.monthly_tier_1_requests": "1000",
            "glacier_deep_archive.monthly_tier_2_requests": "1000",
            "glacier_deep_archive.monthly_lifecycle_transition_requests": "2000",
            "glacier_deep_archive.monthly_standard_data_retrieval_requests": "1000",
            "glacier_deep_archive.monthly_bulk_data_retrieval_requests": "1000",
            "glacier_deep_archive.monthly_standard_data_retrieval_gb": "100",
            "glacier_deep_archive.monthly_bulk_data_retrieval_gb": "100",
        },
        monthly={
            **NOTHING_BILLED,
            "storage, Glacier Instant Retrieval": "4",  # 1000 x 0.004
            "storage, Glacier Flexible Retrieval": "3.6",
            "requests of tier 1, Glacier Flexible Retrieval": "0.03",
            "requests of tier 2, Glacier Flexible Retrieval": "0.0004",
            "transitions, Glacier Flexible Retrieval": "0.06",
            "standard retrieval requests, Glacier Flexible Retrieval": "0.05",
            "expedited retrieval requests, Glacier Flexible Retrieval": "10",
            "standard retrieval, Glacier Flexible Retrieval": "1",
            "expedited retrieval, Glacier Flexible Retrieval": "3",
            "storage, Glacier Deep Archive": "0.99",
            "requests of tier 1, Glacier Deep Archive": "0.05",
            "requests of tier 2, Glacier Deep Archive": "0.0004",
            "transitions, Glacier Deep Archive": "0.1",
            "standard retrieval requests, Glacier Deep Archive": "0.1",
            "bulk retrieval requests, Glacier Deep Archive": "0.025",
            "standard retrieval, Glacier Deep Archive": "2",
            "bulk retrieval, Glacier Deep Archive": "0.25",
        },
    ),
    Case(
        name="bucket-that-moves-by-itself-stated-at-its-rules",
        region=US,
        of=resource("aws_s3_bucket_lifecycle_configuration.l"),
        usage={
            "intelligent_tiering.frequent_access_storage_gb": "100",
            "intelligent_tiering.infrequent_access_storage_gb": "100",
            "intelligent_tiering.archive_access_storage_gb": "1000",
            "intelligent_tiering.deep_archive_access_storage_gb": "1000",
            "intelligent_tiering.monitored_objects": "10000",
            "intelligent_tiering.monthly_tier_1_requests": "1000",
            "intelligent_tiering.monthly_tier_2_requests": "1000",
            "intelligent_tiering.monthly_lifecycle_transition_requests": "1000",
        },
        monthly={
            "storage, Intelligent-Tiering, frequent": "2.3",  # 100 x 0.023
            "storage, Intelligent-Tiering, infrequent": "1.25",
            "storage, Intelligent-Tiering, archive": "3.6",
            "storage, Intelligent-Tiering, deep archive": "0.99",
            "monitored objects, Intelligent-Tiering": "0.025",  # 10 x 0.0025
            "requests of tier 1, Intelligent-Tiering": "0.005",
            "requests of tier 2, Intelligent-Tiering": "0.0004",
            "transitions, Intelligent-Tiering": "0.01",
        },
    ),
    Case(
        name="vault-of-which-nothing-is-stated",
        of=resource("aws_backup_vault.v"),
        monthly={"snapshots of disks": None},
    ),
    Case(
        name="vault",
        region=US,
        of=resource("aws_backup_vault.v"),
        usage={
            "monthly_ebs_snapshot_gb": "100",
            "monthly_rds_snapshot_gb": "100",
            "monthly_aurora_snapshot_gb": "100",
            "monthly_efs_warm_backup_gb": "100",
            "monthly_efs_cold_backup_gb": "100",
            "monthly_efs_warm_restore_gb": "100",
            "monthly_efs_cold_restore_gb": "100",
            "monthly_efs_item_restore_requests": "10",
        },
        monthly={
            "snapshots of disks": "5",  # 100 x 0.05
            "snapshots of RDS": "9.5",
            "snapshots of Aurora": "2.1",
            "backups of EFS, warm": "5",
            "backups of EFS, cold": "1",
            "restores of EFS, warm": "2",
            "restores of EFS, cold": "3",
            "restores of items": "5",
        },
    ),
)
