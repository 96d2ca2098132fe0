"""Real Terraform against the emulator: alerts in both forms apply, plan empty, change, and go."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from cdktf import App, TerraformStack

from backend import aws_provider
from emulator.control import Emulator
from emulator.inventory import inventory
from modules.alerting import Alerts, AmazonQ, SlackNotifier
from modules.naming import Naming
from services.notifier.contract import HANDLER
from tests.emulator.conftest import clients
from tests.emulator.test_stacks import REGION, Terraform, terraform
from tests.support.stacks import code

pytestmark = pytest.mark.deploy

__all__ = ["terraform"]  # a fixture


def synthesised(folder: Path, naming: Naming, channel_id: str) -> Path:
    """A stack with alerts in both forms."""
    app = App(outdir=str(folder))
    stack = TerraformStack(app, "alerts")
    aws_provider(stack, naming=naming, tags={"Project": naming.project})
    for name, slack in (
        ("one", SlackNotifier(code=code(), handler=HANDLER, recovery_window_days=0)),
        ("two", AmazonQ(workspace_id="T0123ABCD", channel_id=channel_id)),
    ):
        Alerts(
            stack,
            name,
            naming=naming.within(name),
            emails={"critical": ("on-call@example.com",)},
            slack=slack,
            key_deletion_window_days=7,
            log_retention_days=7,
        )
    app.synth()
    return folder / "stacks/alerts"


def test_alerts_round_trip(
    terraform: Callable[[str], Terraform],
    emulator: Emulator,
    account_id: str,
    tmp_path: Path,
) -> None:
    process = terraform("lacking").process
    naming = Naming(project="mapvibe", environment="dev", account_id=account_id, region=REGION)
    stack = Terraform(synthesised(tmp_path / "made", naming, "C0123ABCD"), process)
    stack("init")
    stack("apply", "-auto-approve")
    stack("plan", "-detailed-exitcode")

    aws = clients(emulator, account_id, REGION)
    (secret,) = aws("secretsmanager").list_secrets()["SecretList"]
    assert secret["Name"] == "mapvibe/dev/one/alerts/slack-webhook"
    # Nobody has put the webhook: Terraform makes the secret without a value.
    assert "SecretVersionsToStages" not in secret

    other = Terraform(synthesised(tmp_path / "changed", naming, "C0123ABCE"), process)
    (stack.folder / "cdk.tf.json").write_text((other.folder / "cdk.tf.json").read_text())
    stack("apply", "-auto-approve")
    stack("plan", "-detailed-exitcode")
    (channel,) = aws("chatbot").describe_slack_channel_configurations()[
        "SlackChannelConfigurations"
    ]
    assert channel["SlackChannelId"] == "C0123ABCE"

    stack("destroy", "-auto-approve")
    assert inventory(emulator.url, account_id, REGION) == {}
