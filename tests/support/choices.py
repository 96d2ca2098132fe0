"""Settings under which tests ask for all that our stacks can be made of."""

from __future__ import annotations

from typing import Any

from tests.support.provider_calls import ACCOUNT
from tests.support.stacks import Stack, all_stacks

GRAFANA: dict[str, Any] = {"rag__grafana": {}}
"""What neither environment asks for, and the roles have only where it is asked for."""

AMAZON_Q: dict[str, Any] = {
    "rag__alerts__slack": "amazon-q",
    "rag__alerts__amazon_q": {"workspace_id": "T0123ABCD", "channel_id": "C0123ABCD"},
}

CHOICES: dict[str, tuple[str, dict[str, Any]]] = {
    "dev": ("dev", {}),
    "prod": ("prod", {}),
    "what neither uses": (
        "dev",
        {
            **AMAZON_Q,
            "rag__network__flow_logs__cloudwatch_days": None,
            "rag__network__nat": "single",
            "rag__database__proxy": None,
            **GRAFANA,
            "rag__api__jwt_issuer": "https://issuer.example.com",
            "rag__api__jwt_audience": ("client",),
            "rag__api__domain_name": "api.example.com",
            "rag__api__certificate_arn": f"arn:aws:acm:ap-southeast-1:{ACCOUNT}:certificate/11111111-2222-3333-4444-555555555555",
        },
    ),
}  # fmt: skip
"""Choice to an environment's name and what is changed in it."""


def every_stack() -> dict[str, Stack]:
    """Choice and id, such as ``prod/delivery-prod``, to stack."""
    return {
        f"{choice}/{id_}": stack
        for choice, (name, changes) in CHOICES.items()
        for id_, stack in all_stacks(name, **changes).items()
    }
