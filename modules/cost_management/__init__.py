"""What is spent, and who is told: AWS Budgets, Cost Anomaly Detection, cost allocation tags."""

import bindings as bindings  # must run before the first provider import
from modules.cost_management.action import BudgetAction, SpendingStop
from modules.cost_management.anomalies import CostAnomalies
from modules.cost_management.budget import PERCENTAGES, Budget, Period
from modules.cost_management.tags import CostAllocationTags

__all__ = [
    "PERCENTAGES",
    "Budget",
    "BudgetAction",
    "CostAllocationTags",
    "CostAnomalies",
    "Period",
    "SpendingStop",
]
