"""A customer-managed KMS key with an alias."""

from __future__ import annotations

from collections.abc import Sequence

from cdktf_cdktf_provider_aws.kms_alias import KmsAlias
from cdktf_cdktf_provider_aws.kms_key import KmsKey
from constructs import Construct

from modules.iam import Statement, policy
from modules.naming import Naming

_CRYPTOGRAPHY = (
    "kms:Encrypt",
    "kms:Decrypt",
    "kms:ReEncrypt*",
    "kms:GenerateDataKey*",
)
"""Of what AWS's example lets CloudWatch Logs do, all that carries an encryption context; describing a
key carries none, so that the condition on it would never let it through."""


class EncryptionKey(Construct):
    """One symmetric key, rotated every year, named by an alias.

    The account's IAM policies decide who may use it; CloudWatch Logs, which acts for nobody, is
    admitted for the log groups of this account and region only.

    Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html

    Attributes:
        role: last part of the alias.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        naming: Naming,
        role: str,
        description: str,
        deletion_window_days: int,
        more_statements: Sequence[Statement] = (),
    ) -> None:
        """Create the key and its alias ``alias/<project>-<environment>-<role>``.

        Args:
            scope: the construct that owns the key.
            construct_id: id within the scope.
            naming: names and ARNs of the environment.
            role: last part of the alias.
            description: shown in the console.
            deletion_window_days: days between the request to delete and the loss, 7 to 30.
            more_statements: further statements of the key policy.
        """
        super().__init__(scope, construct_id)
        self.role = role
        self.key = KmsKey(
            self,
            "key",
            description=description,
            enable_key_rotation=True,
            deletion_window_in_days=deletion_window_days,
            policy=policy(
                Statement(
                    sid="AccountAdministersThroughIam",
                    principals={"AWS": naming.iam_arn("root")},
                    actions=("kms:*",),
                    resources=("*",),
                ),
                Statement(
                    sid="LogGroupsOfThisEnvironment",
                    principals={"Service": f"logs.{naming.region}.amazonaws.com"},
                    actions=_CRYPTOGRAPHY,
                    resources=("*",),
                    conditions={
                        "ArnLike": {
                            "kms:EncryptionContext:aws:logs:arn": naming.arn("logs", "*"),
                        }
                    },
                ),
                *more_statements,
            ),
        )
        self.alias = KmsAlias(
            self,
            "alias",
            name=f"alias/{naming.name(role)}",
            target_key_id=self.key.key_id,
        )

    @property
    def arn(self) -> str:
        """The key's ARN (a token until apply)."""
        return self.key.arn

    def decrypt(self, *, via: str) -> Statement:
        """Permission to decrypt through one AWS service.

        Args:
            via: the service's host, for example ``secretsmanager.ap-southeast-1.amazonaws.com``.
        """
        return Statement(
            sid="DecryptThroughService",
            actions=("kms:Decrypt",),
            resources=(self.arn,),
            conditions={"StringEquals": {"kms:ViaService": via}},
        )

    def generate_data_key(self) -> Statement:
        """Permission to encrypt new data, as a sender to an encrypted queue needs."""
        return Statement(
            sid="EncryptNewData",
            actions=("kms:GenerateDataKey", "kms:Decrypt"),
            resources=(self.arn,),
        )
