"""What is spent, and who is told: AWS Budgets."""

import bindings as bindings  # must run before the first provider import
from modules.cost_management.budget import Budget, Period

__all__ = ["Budget", "Period"]
