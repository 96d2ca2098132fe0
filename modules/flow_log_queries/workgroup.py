"""An Athena workgroup for the archive of flow logs, with the questions that people ask first."""

from __future__ import annotations

from cdktf_cdktf_provider_aws.athena_named_query import AthenaNamedQuery
from cdktf_cdktf_provider_aws.athena_workgroup import (
    AthenaWorkgroup,
    AthenaWorkgroupConfiguration,
    AthenaWorkgroupConfigurationEngineVersion,
    AthenaWorkgroupConfigurationResultConfiguration,
    AthenaWorkgroupConfigurationResultConfigurationEncryptionConfiguration,
)
from constructs import Construct

from modules.checkov import skip
from modules.encryption import EncryptionKey
from modules.flow_log_queries import sql
from modules.flow_log_queries.table import FlowLogTable
from modules.naming import Naming
from modules.private_bucket import PrivateBucket
from modules.vpc import FlowLogFormat, Vpc, tier_range

_RESULTS_DAYS = 7
_GIB = 2**30


class FlowLogQueries(Construct):
    """Table, workgroup and saved queries over the flow logs that S3 keeps.

    Results have a bucket of their own: whoever asks must be able to write there, and nobody but
    the delivery service shall be able to write where the records are.

    Attributes:
        table: the table in Glue's catalogue.
        workgroup: the workgroup.
        results: the bucket of the results.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        naming: Naming,
        network: Vpc,
        key: EncryptionKey,
        archive: PrivateBucket,
        file_format: FlowLogFormat,
        scan_limit_gib: int,
        database_port: int = 5432,
    ) -> None:
        """Create the table, the workgroup and the queries.

        Args:
            scope: the construct that owns them.
            construct_id: id within the scope.
            naming: names and ARNs of the environment.
            network: whose traffic it is.
            key: encrypts the results.
            archive: the bucket that flow logs are delivered to.
            file_format: what its files are.
            scan_limit_gib: a query that reads more is stopped, GiB.
            database_port: TCP port of the database.
        """
        super().__init__(scope, construct_id)
        self.table = FlowLogTable(
            self, "catalogue", naming=naming, archive=archive, file_format=file_format
        )
        self.results = self._results(naming, key)
        self.workgroup = self._workgroup(naming, key, scan_limit_gib)
        table = self.table.quoted_name
        self._save(
            "rejected-traffic",
            "Refused connections of the last 24 hours by source and port",
            sql.rejected_traffic(table),
        )
        self._save(
            "cannot-reach-database",
            "Refused connections of functions to the database; refused_by is who refused",
            sql.cannot_reach_database(
                table,
                application_range=tier_range(network.cidr, "application"),
                port=database_port,
            ),
        )
        self._save(
            "top-talkers",
            "Pairs of addresses that exchanged the most in the last 24 hours",
            sql.top_talkers(table),
        )

    def _results(self, naming: Naming, key: EncryptionKey) -> PrivateBucket:
        results = PrivateBucket(
            self,
            "results",
            naming=naming,
            name=naming.global_name("flow-queries"),
            key=key,
            expire_after_days=_RESULTS_DAYS,
            keep_old_versions_days=1,
            force_destroy=True,  # every result can be asked for again
        )
        skip(
            results.bucket,
            "CKV_AWS_18",
            reason="it holds results for a week; Athena's history says who asked what",
        )
        return results

    def _workgroup(
        self, naming: Naming, key: EncryptionKey, scan_limit_gib: int
    ) -> AthenaWorkgroup:
        encryption = AthenaWorkgroupConfigurationResultConfigurationEncryptionConfiguration(
            encryption_option="SSE_KMS", kms_key_arn=key.arn
        )
        return AthenaWorkgroup(
            self,
            "workgroup",
            name=naming.name("flow-logs"),
            description=f"Questions to the flow logs of {naming.title}",
            # Its history goes with it: AWS refuses to delete a workgroup that was ever used.
            force_destroy=True,
            configuration=AthenaWorkgroupConfiguration(
                # What a client asks for otherwise does not count.
                enforce_workgroup_configuration=True,
                bytes_scanned_cutoff_per_query=scan_limit_gib * _GIB,
                # They cost nothing, and say who reads how much.
                publish_cloudwatch_metrics_enabled=True,
                engine_version=AthenaWorkgroupConfigurationEngineVersion(
                    selected_engine_version="Athena engine version 3"
                ),
                result_configuration=AthenaWorkgroupConfigurationResultConfiguration(
                    output_location=f"s3://{self.results.bucket.id}/",
                    encryption_configuration=encryption,
                ),
            ),
        )

    def _save(self, name: str, description: str, query: str) -> None:
        AthenaNamedQuery(
            self,
            name,
            name=name,
            description=description,
            workgroup=self.workgroup.id,
            database=self.table.database.name,
            query=query,
        )
