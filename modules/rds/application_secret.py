"""The password of the application's database role, which no state and no plan ever holds."""

from __future__ import annotations

import json

from cdktf import TerraformStack
from cdktf_cdktf_provider_aws.secretsmanager_secret import SecretsmanagerSecret
from cdktf_cdktf_provider_aws.secretsmanager_secret_version import SecretsmanagerSecretVersion
from constructs import Construct

from modules.checkov import skip
from modules.encryption import EncryptionKey
from modules.naming import Naming

_EPHEMERAL_TYPE = "aws_secretsmanager_random_password"
_PASSWORD_LENGTH = 40


def secret_name(naming: Naming, username: str) -> str:
    """Name of the secret of a database role, known before the secret exists."""
    return naming.path(f"database/{username}")


class ApplicationSecret(Construct):
    """A secret whose value Terraform writes and forgets.

    AWS draws the password while Terraform applies (an ephemeral resource), and a write-only
    argument carries it to Secrets Manager: neither the state nor a saved plan contains it. The
    value is drawn anew, and written, only when ``version`` is raised.

    Needs Terraform 1.11. Source:
    https://developer.hashicorp.com/terraform/language/manage-sensitive-data/write-only
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        naming: Naming,
        key: EncryptionKey,
        username: str,
        version: int,
        recovery_window_days: int,
    ) -> None:
        """Create the secret with ``{"username": …, "password": …}``, as RDS Proxy reads it.

        Args:
            scope: the construct that owns it.
            construct_id: id within the scope.
            naming: names of the environment.
            key: encrypts the secret.
            username: the database role.
            version: raise it by one to draw a new password.
            recovery_window_days: days in which a deleted secret can be restored; 0 deletes at
                once, so that an environment can be rebuilt under the same name.
        """
        super().__init__(scope, construct_id)
        self.secret = SecretsmanagerSecret(
            self,
            "secret",
            name=secret_name(naming, username),
            description=f"Database role {username}; written once a version, never in a state",
            kms_key_id=key.arn,
            recovery_window_in_days=recovery_window_days,
        )
        skip(
            self.secret,
            "CKV2_AWS_57",
            reason="rotated by raising its version, which gives the role the new password as well: "
            "docs/decisions/0029-secret-rotation.md",
        )
        self._value = SecretsmanagerSecretVersion(self, "value", secret_id=self.secret.id)
        password = self._draw_password()
        # The bindings of this provider release know neither argument, Terraform does.
        self._value.add_override(
            "secret_string_wo",
            json.dumps({"username": username, "password": f"${{{password}}}"}),
        )
        self._value.add_override("secret_string_wo_version", version)

    @property
    def arn(self) -> str:
        """The secret's ARN (a token until apply)."""
        return self.secret.arn

    @property
    def written(self) -> SecretsmanagerSecretVersion:
        """What must exist before anybody reads the secret."""
        return self._value

    def _draw_password(self) -> str:
        """Declare the ephemeral resource, which CDKTF has no class for; returns its reference."""
        name = self.secret.friendly_unique_id
        TerraformStack.of(self).add_override(
            f"ephemeral.{_EPHEMERAL_TYPE}.{name}",
            {"password_length": _PASSWORD_LENGTH, "exclude_punctuation": True},
        )
        return f"ephemeral.{_EPHEMERAL_TYPE}.{name}.random_password"
