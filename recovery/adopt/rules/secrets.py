"""Secrets Manager: a deleted secret keeps its name until its recovery window ends."""

from __future__ import annotations

from recovery.adopt.rule import Rule, listed

RULES = {
    "aws_secretsmanager_secret": Rule(
        look=listed("secretsmanager.describe_secret", "[@]", SecretId="{name}"),
        obstacle=(
            "DeletedDate",
            (
                "the secret {name} waits for its deletion, and its name is taken until then; keep it "
                "(aws secretsmanager restore-secret --secret-id {name}) and adopt again"
            ),
        ),
        id="{ARN}",
        arn="secretsmanager:secret",
        removal="secretsmanager delete-secret --secret-id {arn} --recovery-window-in-days 30",
    ),
}
