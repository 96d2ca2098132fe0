"""Questions to the archive of flow logs, in Athena."""

from modules.flow_log_queries.sql import cannot_reach_database, rejected_traffic, top_talkers
from modules.flow_log_queries.workgroup import FlowLogQueries

__all__ = ["FlowLogQueries", "cannot_reach_database", "rejected_traffic", "top_talkers"]
