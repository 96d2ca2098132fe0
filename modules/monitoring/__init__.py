"""Dashboards, alarms and saved queries of the other modules' objects: one verb a module."""

from modules.monitoring.alarm import all_of, any_of
from modules.monitoring.monitoring import AlarmTopics, Monitoring, dashboard_name
from modules.monitoring.section import SavedQuery, Section
from modules.monitoring.sections.api import ApiAlarms, ApiThresholds
from modules.monitoring.sections.database import DatabaseThresholds
from modules.monitoring.sections.models import ModelPrice, ModelThresholds

__all__ = [
    "AlarmTopics",
    "ApiAlarms",
    "ApiThresholds",
    "DatabaseThresholds",
    "ModelPrice",
    "ModelThresholds",
    "Monitoring",
    "SavedQuery",
    "Section",
    "all_of",
    "any_of",
    "dashboard_name",
]
