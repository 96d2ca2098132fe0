"""Settings of the whole account: public buckets, passwords, and whom AWS writes to."""

from __future__ import annotations

from dataclasses import dataclass

from cdktf_cdktf_provider_aws.account_alternate_contact import AccountAlternateContact
from cdktf_cdktf_provider_aws.iam_account_password_policy import IamAccountPasswordPolicy
from cdktf_cdktf_provider_aws.s3_account_public_access_block import S3AccountPublicAccessBlock
from constructs import Construct

from modules.checkov import skip

_SHORTEST_PASSWORD = 14
_PASSWORDS_REMEMBERED = 24
"""What the CIS benchmark demands.

Source: https://docs.aws.amazon.com/securityhub/latest/userguide/iam-controls.html
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class SecurityContact:
    """Whom AWS writes to when it sees an account abused.

    Attributes:
        name: of the person or team.
        title: what they are.
        email: read by more than one person.
        phone: with the country's code.
    """

    name: str
    title: str
    email: str
    phone: str


class AccountDefaults(Construct):
    """Once an account; a second one would overwrite the first.

    Attributes:
        public_access_block: no bucket of the account can be public, whatever its own settings.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, security_contact: SecurityContact | None
    ) -> None:
        """Set them.

        Args:
            scope: the construct that owns it.
            construct_id: id within the scope.
            security_contact: None leaves it to the account's own address.
        """
        super().__init__(scope, construct_id)
        self.public_access_block = S3AccountPublicAccessBlock(
            self,
            "public-access-block",
            block_public_acls=True,
            block_public_policy=True,
            ignore_public_acls=True,
            restrict_public_buckets=True,
        )
        passwords = IamAccountPasswordPolicy(
            self,
            "password-policy",
            minimum_password_length=_SHORTEST_PASSWORD,
            password_reuse_prevention=_PASSWORDS_REMEMBERED,
            require_lowercase_characters=True,
            require_uppercase_characters=True,
            require_numbers=True,
            require_symbols=True,
            allow_users_to_change_password=True,
        )
        skip(
            passwords,
            "CKV_AWS_9",
            reason="NIST SP 800-63B advises against passwords that expire, for people then choose "
            "worse ones; they sign in with a second factor",
        )
        if security_contact:
            AccountAlternateContact(
                self,
                "security-contact",
                alternate_contact_type="SECURITY",
                name=security_contact.name,
                title=security_contact.title,
                email_address=security_contact.email,
                phone_number=security_contact.phone,
            )
