"""The detector of one region, and which plans beyond the foundation it has.

Sources: https://docs.aws.amazon.com/guardduty/latest/ug/guardduty-features-activation-model.html and
https://docs.aws.amazon.com/guardduty/latest/APIReference/API_DetectorFeatureConfiguration.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from cdktf_cdktf_provider_aws.guardduty_detector import GuarddutyDetector
from cdktf_cdktf_provider_aws.guardduty_detector_feature import GuarddutyDetectorFeature
from constructs import Construct

from modules.checkov import skip

_NEVER: Final = (
    "EKS_AUDIT_LOGS",
    "EBS_MALWARE_PROTECTION",
    "LAMBDA_NETWORK_LOGS",
    "RUNTIME_MONITORING",
)
"""Plans that are off whatever the settings say: there are no clusters, hardly a machine, and the
functions' traffic is in the VPC's flow logs, which the foundation reads."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Protection:
    """The plans that somebody may want, each at its price.

    Attributes:
        s3_data_events: who read and wrote objects.
        rds_login_events: sign-ins to databases; billed by the databases' vCPUs.
    """

    s3_data_events: bool = True
    rds_login_events: bool = False


class Detector(Construct):
    """GuardDuty in one region; AWS keeps one detector an account and region.

    Attributes:
        detector: the detector.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, protection: Protection | None = None
    ) -> None:
        """Create the detector, and say of every plan whether it is on.

        A plan of which nothing is said is on from the beginning, and billed after a month.

        Args:
            scope: the construct that owns it.
            construct_id: id within the scope.
            protection: which plans are on.
        """
        super().__init__(scope, construct_id)
        chosen = protection or Protection()
        self.detector = GuarddutyDetector(
            self, "detector", enable=True, finding_publishing_frequency="FIFTEEN_MINUTES"
        )
        skip(
            self.detector,
            "CKV2_AWS_3",
            reason="an organisation's detectors are switched on by its own administrator's account; "
            "this one watches its account by itself",
        )
        plans = {
            "S3_DATA_EVENTS": chosen.s3_data_events,
            "RDS_LOGIN_EVENTS": chosen.rds_login_events,
            **dict.fromkeys(_NEVER, False),
        }
        for name, on in plans.items():
            GuarddutyDetectorFeature(
                self,
                name.lower().replace("_", "-"),
                detector_id=self.detector.id,
                name=name,
                status="ENABLED" if on else "DISABLED",
            )
