"""CloudWatch metrics: which exist, with which dimensions, statistics and unit, and where AWS says so.

CloudWatch takes any name. A graph of a metric that nobody publishes stays empty, and an alarm on it
never goes off; so nothing here can be named that the table does not have. Imports no construct, so
that what reads metrics may use the same table.
"""

from modules.metrics.metric import Definition, Metric, MetricError
from modules.metrics.table import definition, metric

__all__ = ["Definition", "Metric", "MetricError", "definition", "metric"]
