"""IAM: names, but for an identity provider, which has its address."""

from __future__ import annotations

from recovery.adopt.rule import Rule, listed

RULES = {
    "aws_iam_openid_connect_provider": Rule(
        look=listed("iam.list_open_id_connect_providers", "OpenIDConnectProviderList"),
        fits=lambda provider, values: (
            provider["Arn"].partition("oidc-provider/")[2]
            == values["url"].removeprefix("https://").rstrip("/")
        ),
        id="{Arn}",
    ),
    "aws_iam_policy": Rule(
        look=listed("iam.list_policies", "Policies", Scope="Local"),
        same={"PolicyName": "name", "Path": "path"},
        id="{Arn}",
    ),
    "aws_iam_group": Rule(
        look=listed("iam.list_groups", "Groups"), same={"GroupName": "name"}, id="{name}"
    ),
    "aws_iam_user": Rule(look=listed("iam.get_user", "[User]", UserName="{name}"), id="{name}"),
    "aws_iam_role": Rule(look=listed("iam.get_role", "[Role]", RoleName="{name}"), id="{name}"),
    "aws_iam_instance_profile": Rule(
        look=listed("iam.get_instance_profile", "[InstanceProfile]", InstanceProfileName="{name}"),
        id="{name}",
    ),
    "aws_iam_service_linked_role": Rule(
        look=listed("iam.list_roles", "Roles", PathPrefix="/aws-service-role/{aws_service_name}/"),
        id="{Arn}",
    ),
}
