"""A secret for Slack's webhook: made EMPTY. A person puts the value, so that no state ever holds it."""

from __future__ import annotations

from cdktf_cdktf_provider_aws.secretsmanager_secret import SecretsmanagerSecret
from constructs import Construct

from modules.checkov import skip
from modules.encryption import EncryptionKey
from modules.iam import Statement
from modules.naming import Naming


def slack_webhook(
    scope: Construct,
    construct_id: str,
    *,
    name: str,
    description: str,
    key: EncryptionKey,
    recovery_window_days: int,
) -> SecretsmanagerSecret:
    """The secret, without a value.

    Args:
        scope: the construct that owns it.
        construct_id: id within the scope.
        name: the secret's full name.
        description: shown in the console.
        key: encrypts it.
        recovery_window_days: days in which it can be restored; 0 deletes at once.
    """
    secret = SecretsmanagerSecret(
        scope,
        construct_id,
        name=name,
        description=description,
        kms_key_id=key.arn,
        recovery_window_in_days=recovery_window_days,
    )
    skip(
        secret,
        "CKV2_AWS_57",
        reason="Slack makes the webhook and has no way to rotate it; a person puts a new one",
    )
    return secret


def reading(
    secret: SecretsmanagerSecret, *, key: EncryptionKey, naming: Naming
) -> tuple[Statement, Statement]:
    """Permission to read what a person has put.

    Args:
        secret: made by ``slack_webhook``.
        key: encrypts it.
        naming: of its region.
    """
    return (
        Statement(
            sid="ReadWebhook",
            actions=("secretsmanager:GetSecretValue",),
            resources=(secret.arn,),
        ),
        key.decrypt(via=f"secretsmanager.{naming.region}.amazonaws.com"),
    )
