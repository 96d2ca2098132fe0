"""What is billed by its users: Cognito and Managed Grafana."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.cost.model import CostLine
from pipeline.cost.pricers.entry import Entry, Unpriced, items
from pipeline.cost.pricing import Pricing, Subject

ACTIVE, TOKENS = "monthly_active_users", "monthly_machine_tokens"
EDITORS, VIEWERS = "monthly_active_editors", "monthly_active_viewers"
LICENSES = {EDITORS: "editors_administrator_licenses", VIEWERS: "viewer_licenses"}
"""This project's key to Infracost's."""

_ADD_ON = "user_pool_add_ons.0.advanced_security_mode"


def user_pool(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_cognito_user_pool``: by its tier and the users who sign in."""
    # Source: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-sign-in-feature-plans.html
    tier = str(subject.get("user_pool_tier", "ESSENTIALS")).lower()
    yield pricing.used(subject, f"active users, {tier}", f"cognito.{tier}", ACTIVE)
    # Plus holds the protection against threats, and Lite bills it by the user.
    if tier != "plus" and subject.get(_ADD_ON, "OFF") != "OFF":
        key = "cognito.threat_protection"
        yield pricing.used(subject, "protection against threats", key, ACTIVE)


def client(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_cognito_user_pool_client``: nothing, unless machines sign in with it.

    Source: https://aws.amazon.com/cognito/pricing/
    """
    if "client_credentials" in items(subject, "allowed_oauth_flows"):
        yield pricing.fixed("client of a machine", "cognito.machine_client", 1)
        yield pricing.used(subject, "tokens", "cognito.machine_token", TOKENS)


def workspace(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_grafana_workspace``."""
    for what, key, own in (
        ("editors", "grafana.editor", EDITORS),
        ("viewers", "grafana.viewer", VIEWERS),
    ):
        infracost = pricing.stated(subject, LICENSES[own]) is not None
        yield pricing.used(subject, what, key, LICENSES[own] if infracost else own)


_SIGN_IN = "users who sign in are billed, and not how they do"
_MAILS = "mails by Cognito itself cost nothing"
_TOKENS = "how a client signs in costs nothing"

ENTRIES: dict[str, Entry] = {
    "aws_cognito_user_pool": Entry(
        user_pool,
        frozenset({ACTIVE}),
        free={
            **dict.fromkeys(
                (
                    "account_recovery_setting",
                    "admin_create_user_config",
                    "alias_attributes",
                    "auto_verified_attributes",
                    "device_configuration",
                    "mfa_configuration",
                    "name",
                    "password_policy",
                    "schema",
                    "sign_in_policy",
                    "sms_authentication_message",
                    "sms_verification_message",
                    "software_token_mfa_configuration",
                    "user_attribute_update_settings",
                    "user_pool_add_ons.advanced_security_additional_flows",
                    "username_attributes",
                    "username_configuration",
                    "verification_message_template",
                    "web_authn_configuration",
                ),
                _SIGN_IN,
            ),
            **dict.fromkeys(
                (
                    "email_configuration.configuration_set",
                    "email_configuration.from_email_address",
                    "email_configuration.reply_to_email_address",
                    "email_configuration.source_arn",
                    "email_verification_message",
                    "email_verification_subject",
                ),
                _MAILS,
            ),
            "lambda_config": "the functions are billed",
        },
        unpriced={
            "email_configuration.email_sending_account": Unpriced(
                "mails by SES", ("COGNITO_DEFAULT",)
            ),
            "email_mfa_configuration": Unpriced("mails by SES"),
            "sms_configuration": Unpriced("text messages by SNS"),
        },
    ),
    "aws_cognito_user_pool_client": Entry(
        client,
        frozenset({TOKENS}),
        free=dict.fromkeys(
            (
                "access_token_validity",
                "allowed_oauth_flows_user_pool_client",
                "allowed_oauth_scopes",
                "auth_session_validity",
                "callback_urls",
                "default_redirect_uri",
                "enable_propagate_additional_user_context_data",
                "enable_token_revocation",
                "explicit_auth_flows",
                "generate_secret",
                "id_token_validity",
                "logout_urls",
                "name",
                "prevent_user_existence_errors",
                "read_attributes",
                "refresh_token_rotation",
                "refresh_token_validity",
                "supported_identity_providers",
                "token_validity_units",
                "user_pool_id",
                "write_attributes",
            ),
            _TOKENS,
        ),
        unpriced={"analytics_configuration": Unpriced("events sent to Pinpoint")},
    ),
    "aws_grafana_workspace": Entry(
        workspace,
        frozenset({EDITORS, VIEWERS, *LICENSES.values()}),
        free=dict.fromkeys(
            (
                "account_access_type",
                "authentication_providers",
                "configuration",
                "data_sources",
                "grafana_version",
                "name",
                "network_access_control",
                "notification_destinations",
                "organization_role_name",
                "organizational_units",
                "permission_type",
                "stack_set_name",
                "vpc_configuration",
            ),
            "users are billed, and not what they look at",
        ),
    ),
}
