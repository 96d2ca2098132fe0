"""The stack of an account's guard rails: its record, what looks for attacks, safe defaults, alarms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cdktf_cdktf_provider_aws.iam_role import IamRole
from constructs import Construct

from modules import cloudtrail, config
from modules.access_analyzer import ExternalAccess, UnusedAccess
from modules.account import (
    AccountDefaults,
    ClosedDefaultVpc,
    RegionalDefaults,
    SecurityContact,
)
from modules.alerting import topic_arn
from modules.cloudtrail import Trail, trail_bucket_name
from modules.encryption import EncryptionKey
from modules.eventbridge import EventRule, forwarding_role
from modules.gitlab_access import PIPELINE
from modules.guardduty import Detector, Protection
from modules.security_hub import SecurityHub
from stacks.account.alarms import EventAlarm, Guarded, alarms
from stacks.account.settings import AccountSettings
from stacks.base import Stack, module_value
from stacks.settings import EnvironmentSettings


@dataclass(frozen=True, kw_only=True, slots=True)
class PipelineAccess:
    """How the environment's pipeline signs in, known before its stack exists.

    Attributes:
        identity_provider_arn: what it signs in with.
        plan_role: ARN of the role that reads.
        apply_roles: ARNs of the roles that change.
    """

    identity_provider_arn: str
    plan_role: str
    apply_roles: Sequence[str]


class AccountStack(Stack):
    """Applied by an administrator by hand, once an account, before anything else is made there."""

    def __init__(
        self,
        scope: Construct,
        environment: EnvironmentSettings,
        settings: AccountSettings,
        *,
        pipeline: PipelineAccess | None,
    ) -> None:
        """Create the stack ``account-<environment>``.

        Args:
            scope: the app.
            environment: the environment, validated; its name and its topics are the account's.
            settings: the account's, validated.
            pipeline: of the environment; None where a person applies it.
        """
        super().__init__(scope, "account", environment=environment)
        self._named = self.naming.within("account")
        self.key = self._key(settings)
        self.trail = Trail(
            self,
            "trail",
            naming=self._named,
            key=self.key,
            locked_days=settings.trail.locked_days,
            retention_days=settings.trail.retention_days,
            keep=settings.protected,
        )
        self._defaults(settings)
        self._detection(settings, pipeline)
        self._alarms(settings, pipeline)
        self.output("trail_bucket", self.trail.bucket.bucket.bucket, "Where CloudTrail's files are")

    def _key(self, settings: AccountSettings) -> EncryptionKey:
        """What is recorded of the account lies under one key."""
        writers = [cloudtrail.key_statement(self._named)]
        if settings.config:
            writers.append(config.key_statement(self._named))
        return EncryptionKey(
            self,
            "key",
            naming=self._named,
            role="records",
            description=f"Records of the account of {self.naming.title}",
            deletion_window_days=self.environment.key_deletion_window_days,
            more_statements=writers,
        )

    def _regions(self, settings: AccountSettings) -> tuple[str, ...]:
        """Regions in which something may be, our own first."""
        return (self.naming.region, *settings.other_regions)

    def _defaults(self, settings: AccountSettings) -> None:
        contact = settings.security_contact
        AccountDefaults(
            self,
            "defaults",
            security_contact=module_value(SecurityContact, contact) if contact else None,
        )
        for region in self._regions(settings):
            self.place(RegionalDefaults(self, f"defaults-{region}"), region)
            if settings.default_vpc == "closed":
                self.place(ClosedDefaultVpc(self, f"default-vpc-{region}"), region)

    def _detection(self, settings: AccountSettings, pipeline: PipelineAccess | None) -> None:
        if settings.guard_duty:
            protection = module_value(Protection, settings.guard_duty)
            for region in self._regions(settings):
                self.place(Detector(self, f"guardduty-{region}", protection=protection), region)
        ExternalAccess(
            self,
            "external-access",
            naming=self._named,
            identity_provider_arn=pipeline.identity_provider_arn if pipeline else None,
            its_roles=(pipeline.plan_role, *pipeline.apply_roles) if pipeline else (),
        )
        if settings.unused_access_days:
            UnusedAccess(
                self,
                "unused-access",
                naming=self._named,
                after_days=settings.unused_access_days,
            )
        if settings.config:
            recorder = config.ConfigurationRecorder(
                self,
                "config",
                naming=self._named,
                key=self.key,
                retention_days=settings.trail.retention_days,
                keep=settings.protected,
            )
            if settings.security_hub:
                SecurityHub(self, "security-hub", recorder=recorder)

    def _alarms(self, settings: AccountSettings, pipeline: PipelineAccess | None) -> None:
        """A rule for each alarm here, and one in every other region where AWS tells of it."""
        guarded = Guarded(
            naming=self.naming,
            trail_bucket=trail_bucket_name(self._named),
            rules=self._named.pattern(""),
            pipeline_roles=self.naming.pattern(f"{PIPELINE}-"),
            apply_roles=pipeline.apply_roles if pipeline else (),
        )
        bus = self.naming.arn("events", "event-bus/default")
        forwarder = forwarding_role(
            self, "forwarder", naming=self._named, role="forwarder", bus_arn=bus
        )
        for alarm in alarms(
            guarded, other_regions=settings.other_regions, role_changes=settings.role_changes
        ):
            self._rule(alarm, "alarm", topic_arn(self.naming, alarm.severity))
            for region in alarm.regions:
                if region != self.naming.region:
                    rule = self._rule(alarm, f"forward-{region}", bus, forwarder)
                    self.place(rule, region)

    def _rule(
        self, alarm: EventAlarm, part: str, target_arn: str, target_role: IamRole | None = None
    ) -> EventRule:
        return EventRule(
            self,
            f"{part}-{alarm.slug}",
            naming=self._named,
            role=alarm.slug,
            description=alarm.meaning,
            pattern=alarm.pattern,
            target_arn=target_arn,
            target_role=target_role,
        )
