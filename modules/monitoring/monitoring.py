"""The monitoring of one system: what its parts add becomes alarms, queries and one dashboard."""

from __future__ import annotations

import json
from dataclasses import dataclass

from cdktf import TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.cloudwatch_composite_alarm import (
    CloudwatchCompositeAlarm,
    CloudwatchCompositeAlarmActionsSuppressor,
)
from cdktf_cdktf_provider_aws.cloudwatch_dashboard import CloudwatchDashboard
from cdktf_cdktf_provider_aws.cloudwatch_metric_alarm import CloudwatchMetricAlarm
from cdktf_cdktf_provider_aws.cloudwatch_query_definition import CloudwatchQueryDefinition
from constructs import Construct

from modules.alerting import Severity
from modules.metrics import Metric
from modules.monitoring.alarm import Alarm, AlarmError, Rule
from modules.monitoring.dashboard import Dashboard
from modules.monitoring.resources import metric_alarm, rule_text
from modules.monitoring.section import Section
from modules.monitoring.watch import Watch
from modules.naming import Naming

LONGEST_DESCRIPTION = 1_024
_SUPPRESSOR_WAIT_SECONDS, _SUPPRESSOR_EXTENSION_SECONDS = 120, 300
"""How long a page waits for the news of a deployment, and how long after one it stays silent."""

_DEPLOYMENT_PERIODS = 3
"""Minutes without a sign of it after which a deployment counts as ended: one sign may be late."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AlarmTopics:
    """ARNs of the SNS topics that alarms tell.

    Attributes:
        critical: somebody is called.
        warning: somebody reads it in working hours.
    """

    critical: str
    warning: str

    @property
    def names(self) -> dict[Severity, str]:
        """The topics' names by the severity that they are for."""
        return {
            "critical": self.critical.rpartition(":")[2],
            "warning": self.warning.rpartition(":")[2],
        }


def dashboard_name(naming: Naming) -> str:
    """Name of the dashboard, known before it exists: messages about alarms link to it."""
    return naming.name("dashboard")


class Monitoring(Construct):
    """Alarms, saved queries and the dashboard of one system.

    Attributes:
        watch: one verb a module, each of which adds graphs, alarms and queries.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        naming: Naming,
        topics: AlarmTopics,
        runbooks: str,
        deployments: Metric | None = None,
    ) -> None:
        """Create a monitoring that watches nothing yet.

        Args:
            scope: the construct that owns it.
            construct_id: id within the scope.
            naming: names of the environment.
            topics: whom alarms tell.
            runbooks: address of the folder with a page for each slug of an alarm.
            deployments: 1 while a deployment runs; drawn on each graph, and no page is sent then.
        """
        super().__init__(scope, construct_id)
        self._naming = naming
        self._topics = topics
        self._runbooks = runbooks
        self._deployments = deployments
        self._sections: list[Section] = []
        self._alarms: dict[str, CloudwatchMetricAlarm] = {}
        self._pages: list[str] = []
        self.watch = Watch(self, self.add)
        self._suppressor = self._watch_deployments(deployments) if deployments else None

    def add(self, section: Section) -> None:
        """Make a part's alarms and queries, and put it on the dashboard.

        Args:
            section: what the part adds.
        """
        self._sections.append(section)
        for alarm in section.alarms:
            self._add_alarm(alarm)
        for query in section.queries:
            CloudwatchQueryDefinition(
                self,
                f"query-{query.name}",
                name=self._naming.path(query.name),
                query_string=query.text,
                log_group_names=list(query.log_groups),
            )

    def page(self, slug: str, *, meaning: str, rule: Rule) -> None:
        """Call somebody when several alarms agree, unless a deployment runs.

        Args:
            slug: the last part of the composite alarm's name, and of its runbook page.
            meaning: one sentence: what is wrong when it goes off.
            rule: which alarms have to agree.
        """
        for alarm in rule.alarms:
            self._keep_until_released(self._alarms[alarm.role])
        CloudwatchCompositeAlarm(
            self,
            slug,
            alarm_name=self._name(slug),
            alarm_description=self._description(slug, meaning),
            # By ids, which are the names: Terraform then makes the alarms first.
            alarm_rule=rule_text(rule, {role: each.id for role, each in self._alarms.items()}),
            alarm_actions=[self._topics.critical],
            ok_actions=[self._topics.critical],
            actions_suppressor=CloudwatchCompositeAlarmActionsSuppressor(
                alarm=self._suppressor.id,
                wait_period=_SUPPRESSOR_WAIT_SECONDS,
                extension_period=_SUPPRESSOR_EXTENSION_SECONDS,
            )
            if self._suppressor
            else None,
        )
        self._pages.append(slug)

    def draw(self, introduction: str) -> None:
        """Make the dashboard of all that was added.

        Args:
            introduction: what to look at first, Markdown.
        """
        roles = [*self._pages, *self._alarms]
        dashboard = Dashboard(
            title=self._naming.title,
            introduction=introduction,
            region=self._naming.region,
            alarms=[self._naming.arn("cloudwatch", f"alarm:{self._name(role)}") for role in roles],
            sections=self._sections,
            deployments=self._deployments,
        )
        CloudwatchDashboard(
            self,
            "dashboard",
            dashboard_name=dashboard_name(self._naming),
            dashboard_body=json.dumps(dashboard.body()),
        )

    def _watch_deployments(self, deployments: Metric) -> CloudwatchMetricAlarm:
        """Tells nobody. The pipeline writes its metric each minute while it deploys."""
        alarm = Alarm(
            slug="deployment-running",
            meaning="A deployment runs, or has just ended.",
            value=deployments,
            comparison=">",
            threshold=0,
            points=1,
            periods=_DEPLOYMENT_PERIODS,
            missing="notBreaching",  # between deployments nobody writes the metric
            severity=None,
        )
        resource = self._add_alarm(alarm)
        self._keep_until_released(resource)
        return resource

    def _add_alarm(self, alarm: Alarm) -> CloudwatchMetricAlarm:
        resource = metric_alarm(
            self,
            alarm,
            name=self._name(alarm.role),
            description=self._description(alarm.slug, alarm.meaning),
            actions=self._told(alarm.severity),
        )
        self._alarms[alarm.role] = resource
        return resource

    def _told(self, severity: Severity | None) -> list[str]:
        return [getattr(self._topics, severity)] if severity else []

    def _keep_until_released(self, alarm: CloudwatchMetricAlarm) -> None:
        """Delete an alarm only after the composite alarm that reads it has been changed.

        AWS refuses to delete it before, and Terraform would: a resource that is removed goes before
        others are changed, unless it is replaced by creating first. Terraform does the same to all
        that such an alarm refers to, so that it may refer to nothing with a name of its own.

        Source: https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle
        """
        alarm.lifecycle = TerraformResourceLifecycle(create_before_destroy=True)

    def _name(self, role: str) -> str:
        """CloudWatch takes 255 characters, more than what is named otherwise."""
        return self._naming.tag(role)

    def _description(self, slug: str, meaning: str) -> str:
        text = f"{meaning} Runbook: {self._runbooks}/{slug}.md"
        if len(text) > LONGEST_DESCRIPTION:
            raise AlarmError(
                f"alarm {slug}: its description has {len(text)} characters, and CloudWatch takes "
                f"{LONGEST_DESCRIPTION}; shorten the address of the runbooks"
            )
        return text
