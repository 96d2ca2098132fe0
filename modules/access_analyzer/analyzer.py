"""An analyzer of access from outside the account, and one of access that nobody uses.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/what-is-access-analyzer.html
"""

from __future__ import annotations

from collections.abc import Sequence

from cdktf_cdktf_provider_aws.accessanalyzer_analyzer import (
    AccessanalyzerAnalyzer,
    AccessanalyzerAnalyzerConfiguration,
    AccessanalyzerAnalyzerConfigurationUnusedAccess,
)
from cdktf_cdktf_provider_aws.accessanalyzer_archive_rule import (
    AccessanalyzerArchiveRule,
    AccessanalyzerArchiveRuleFilter,
)
from constructs import Construct

from modules.naming import Naming


class ExternalAccess(Construct):
    """Finds what somebody outside of the account may reach; it costs nothing.

    Attributes:
        analyzer: the analyzer.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        naming: Naming,
        identity_provider_arn: str | None = None,
        its_roles: Sequence[str] = (),
    ) -> None:
        """Create the analyzer.

        Args:
            scope: the construct that owns it.
            construct_id: id within the scope.
            naming: names of the environment.
            identity_provider_arn: whoever signs in with it reaches ``its_roles`` on purpose; these
                findings, and no other of the roles, are archived at once and tell nobody.
            its_roles: ARNs of roles.
        """
        super().__init__(scope, construct_id)
        self.analyzer = AccessanalyzerAnalyzer(
            self, "analyzer", analyzer_name=naming.name("external-access"), type="ACCOUNT"
        )
        if identity_provider_arn:
            AccessanalyzerArchiveRule(
                self,
                "on-purpose",
                analyzer_name=self.analyzer.id,
                rule_name="sign-in-on-purpose",
                filter=[
                    AccessanalyzerArchiveRuleFilter(
                        criteria="principal.Federated", eq=[identity_provider_arn]
                    ),
                    AccessanalyzerArchiveRuleFilter(criteria="resource", eq=list(its_roles)),
                ],
            )


class UnusedAccess(Construct):
    """Finds roles, users and permissions that nobody uses; billed by their number.

    Attributes:
        analyzer: the analyzer.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, naming: Naming, after_days: int = 90
    ) -> None:
        """Create the analyzer.

        Args:
            scope: the construct that owns it.
            construct_id: id within the scope.
            naming: names of the environment.
            after_days: days without use that make a finding, 1 to 365.
        """
        super().__init__(scope, construct_id)
        self.analyzer = AccessanalyzerAnalyzer(
            self,
            "analyzer",
            analyzer_name=naming.name("unused-access"),
            type="ACCOUNT_UNUSED_ACCESS",
            configuration=AccessanalyzerAnalyzerConfiguration(
                unused_access=AccessanalyzerAnalyzerConfigurationUnusedAccess(
                    unused_access_age=after_days
                )
            ),
        )
