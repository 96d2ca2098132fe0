"""Security Hub in one region, with the standards that AWS switches on by default.

Nearly all of its controls read what AWS Config records.

Source: https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-setup-prereqs.html
"""

from __future__ import annotations

from cdktf_cdktf_provider_aws.securityhub_account import SecurityhubAccount
from constructs import Construct

from modules.config import ConfigurationRecorder


class SecurityHub(Construct):
    """Once an account and region; its price is that of the checks that it makes.

    Attributes:
        hub: Security Hub.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, recorder: ConfigurationRecorder
    ) -> None:
        """Switch it on.

        Args:
            scope: the construct that owns it.
            construct_id: id within the scope.
            recorder: what its controls read.
        """
        super().__init__(scope, construct_id)
        self.hub = SecurityhubAccount(
            self,
            "hub",
            enable_default_standards=True,
            auto_enable_controls=True,
            # One finding a control, however many standards have it.
            control_finding_generator="SECURITY_CONTROL",
            depends_on=[recorder.status],
        )
