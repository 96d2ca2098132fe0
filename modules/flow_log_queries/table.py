"""The table of flow logs in Glue's catalogue, over the files as the delivery service lays them down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from cdktf_cdktf_provider_aws.glue_catalog_database import GlueCatalogDatabase
from cdktf_cdktf_provider_aws.glue_catalog_table import (
    GlueCatalogTable,
    GlueCatalogTablePartitionKeys,
    GlueCatalogTableStorageDescriptor,
    GlueCatalogTableStorageDescriptorColumns,
    GlueCatalogTableStorageDescriptorSerDeInfo,
)
from constructs import Construct

from modules.lifecycle import replaced_with
from modules.naming import Naming
from modules.private_bucket import PrivateBucket
from modules.vpc import FlowLogFormat

COLUMNS = {
    "version": "int",
    "account_id": "string",
    "interface_id": "string",
    "srcaddr": "string",
    "dstaddr": "string",
    "srcport": "int",
    "dstport": "int",
    "protocol": "int",
    "packets": "bigint",
    "bytes": "bigint",
    "start": "bigint",
    "end": "bigint",
    "action": "string",
    "log_status": "string",
}
"""Fields of the default format in their order, with their types in Parquet: INT_32 is int.

Source: https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html
"""

PARTITIONS = {"year": "2026,2045", "month": "1,12", "day": "1,31", "hour": "0,23"}
"""Columns that stand in a file's path, with the values that Athena may try."""

_TABLE = "flow_logs"
_HADOOP = "org.apache.hadoop"


@dataclass(frozen=True, kw_only=True, slots=True)
class _Format:
    """How Athena reads one format.

    Attributes:
        reads, writes: Hadoop's classes for the files.
        rows: its class for the rows.
        settings: of the class for the rows.
        table: properties of the table.
    """

    reads: str
    writes: str
    rows: str
    settings: Mapping[str, str]
    table: Mapping[str, str] = field(default_factory=dict)


_FORMATS: Mapping[FlowLogFormat, _Format] = {
    "parquet": _Format(
        reads=f"{_HADOOP}.hive.ql.io.parquet.MapredParquetInputFormat",
        writes=f"{_HADOOP}.hive.ql.io.parquet.MapredParquetOutputFormat",
        rows=f"{_HADOOP}.hive.ql.io.parquet.serde.ParquetHiveSerDe",
        settings={"serialization.format": "1"},
        table={"classification": "parquet"},
    ),
    "plain-text": _Format(
        reads=f"{_HADOOP}.mapred.TextInputFormat",
        writes=f"{_HADOOP}.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
        rows=f"{_HADOOP}.hive.serde2.lazy.LazySimpleSerDe",
        settings={"serialization.format": " ", "field.delim": " "},
        # Each file begins with the names of the fields.
        table={"classification": "csv", "skip.header.line.count": "1"},
    ),
}


class FlowLogTable(Construct):
    """A database with one table whose partitions are computed, so that nobody has to add them.

    Source: https://docs.aws.amazon.com/athena/latest/ug/partition-projection.html

    Attributes:
        database, table: the resources.
        quoted_name: database and table as SQL writes them.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        naming: Naming,
        archive: PrivateBucket,
        file_format: FlowLogFormat,
    ) -> None:
        """Create the database and the table.

        Args:
            scope: the construct that owns them.
            construct_id: id within the scope.
            naming: names and ARNs of the environment.
            archive: the bucket that flow logs are delivered to.
            file_format: what the files are.
        """
        super().__init__(scope, construct_id)
        name = naming.identifier("flow-logs")
        self.quoted_name = f'"{name}"."{_TABLE}"'
        self.database = GlueCatalogDatabase(
            self,
            "database",
            name=name,
            description=f"Flow logs of {naming.title} in S3",
        )
        location = (
            f"s3://{archive.bucket.id}/{file_format}/AWSLogs"
            f"/aws-account-id={naming.account_id}/aws-service=vpcflowlogs"
            f"/aws-region={naming.region}/"
        )
        kind = _FORMATS[file_format]
        self.table = GlueCatalogTable(
            self,
            "table",
            name=_TABLE,
            database_name=self.database.name,
            description="One row a flow, interface and minute, in the default format",
            table_type="EXTERNAL_TABLE",
            partition_keys=[
                GlueCatalogTablePartitionKeys(name=name, type="int") for name in PARTITIONS
            ],
            parameters={"EXTERNAL": "TRUE", **kind.table, **_projection(location)},
            storage_descriptor=GlueCatalogTableStorageDescriptor(
                location=location,
                input_format=kind.reads,
                output_format=kind.writes,
                columns=[
                    GlueCatalogTableStorageDescriptorColumns(name=name, type=of)
                    for name, of in COLUMNS.items()
                ],
                ser_de_info=GlueCatalogTableStorageDescriptorSerDeInfo(
                    serialization_library=kind.rows, parameters=kind.settings
                ),
            ),
            lifecycle=replaced_with(self.database),
        )


def _projection(location: str) -> dict[str, str]:
    """How Athena computes the partitions; ``$$`` is a dollar that Terraform leaves alone."""
    projection = {"projection.enabled": "true"}
    for name, values in PARTITIONS.items():
        projection[f"projection.{name}.type"] = "integer"
        projection[f"projection.{name}.range"] = values
        projection[f"projection.{name}.digits"] = str(len(values.rpartition(",")[2]))
    path = "/".join(f"{name}=$${{{name}}}" for name in PARTITIONS)
    return {**projection, "storage.location.template": f"{location}{path}/"}
