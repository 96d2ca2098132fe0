"""Keys, secrets and parameters."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.cost.model import CostLine
from pipeline.cost.pricers.entry import TEN_THOUSANDTH, Entry, Unpriced, items, refuse_regions
from pipeline.cost.pricing import HOURS, Pricing, Subject, Unknown

REQUESTS = "monthly_requests"
INTERACTIONS, THROUGHPUT = "monthly_api_interactions", "api_throughput_limit"
STORED_HOURS = "parameter_storage_hrs"
_SYMMETRIC = ("SYMMETRIC_DEFAULT", "HMAC_")
_SPEC = "customer_master_key_spec"


def key(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_kms_key``, and the calls that use it, which cost by the kind of key."""
    rotated = subject.get("enable_key_rotation", False)
    note = "each of its first two rotations adds as much" if rotated else ""
    yield pricing.fixed("key", "kms.key", 1, note=note)
    yield _requests(subject, pricing, str(subject.get(_SPEC, "SYMMETRIC_DEFAULT")))


def replica_key(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_kms_replica_key``: as the key that it copies."""
    yield pricing.fixed("key", "kms.key", 1)
    primary = pricing.related(subject, "primary_key_arn", "aws_kms_key")
    if primary is None:
        # The kind of key makes the price of a request, and it is not in this plan.
        raise Unknown("primary_key_arn", subject.address)
    yield _requests(subject, pricing, str(primary.get(_SPEC, "SYMMETRIC_DEFAULT")))


def external_key(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_kms_external_key``: a symmetric one, whose material comes from elsewhere."""
    yield pricing.fixed("key", "kms.key", 1)
    yield _requests(subject, pricing, "SYMMETRIC_DEFAULT")


def _requests(subject: Subject, pricing: Pricing, spec: str) -> CostLine:
    """Calls by the kind of key. Source: https://aws.amazon.com/kms/pricing/."""
    if spec.startswith(_SYMMETRIC):
        price = "kms.request"
    else:
        price = f"kms.request.{'rsa_2048' if spec == 'RSA_2048' else 'asymmetric'}"
    return pricing.used(subject, "requests", price, REQUESTS, scale=TEN_THOUSANDTH)


def secret(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_secretsmanager_secret``: one in each of its regions, and the calls."""
    yield pricing.fixed("secret", "secret.month", 1)
    yield pricing.used(subject, "requests", "secret.request", REQUESTS, scale=TEN_THOUSANDTH)
    count = len(items(subject, "replica"))
    regions = [str(subject.get(f"replica.{position}.region")) for position in range(count)]
    for region in regions:
        if region in pricing.catalogue.regions:
            yield pricing.at(region).fixed(f"secret in {region}", "secret.month", 1)
    refuse_regions(pricing, "replicas", regions)


def parameter(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_ssm_parameter``: a standard one costs nothing.

    Calls are billed for advanced parameters, and for all with a higher throughput, which is a
    setting of the account that the usage may state.

    Source: https://aws.amazon.com/systems-manager/pricing/
    """
    tier = str(subject.get("tier", "Standard"))
    if tier != "Standard":
        hours = pricing.stated(subject, STORED_HOURS)
        part = 1 if hours is None else hours / HOURS
        chosen = tier == "Intelligent-Tiering"
        note = "as an advanced one, which AWS may not need" if chosen else ""
        yield pricing.fixed("advanced parameter", "ssm.parameter.advanced", part, note=note)
    throughput = pricing.stated_word(subject, THROUGHPUT)
    if tier != "Standard" or throughput in ("advanced", "higher"):
        price = "ssm.parameter.request"
        yield pricing.used(subject, "requests", price, INTERACTIONS, scale=TEN_THOUSANDTH)


_USE = "keys and requests are billed, and not what they are for"
_ENDS = "it decides when it may be deleted"
_KEY_FREE = {
    "bypass_policy_lockout_safety_check": "it is a check of permissions",
    "deletion_window_in_days": _ENDS,
}
_STORE = Unpriced("the key store behind it")

ENTRIES: dict[str, Entry] = {
    "aws_kms_key": Entry(
        key,
        frozenset({REQUESTS}),
        free={
            **_KEY_FREE,
            "is_enabled": "a disabled key is billed too: https://aws.amazon.com/kms/pricing/",
            "key_usage": _USE,
            "multi_region": "each replica is billed as aws_kms_replica_key",
            "rotation_period_in_days": "the first two rotations are billed, however far apart",
        },
        unpriced={"custom_key_store_id": _STORE, "xks_key_id": _STORE},
    ),
    "aws_kms_replica_key": Entry(
        replica_key,
        frozenset({REQUESTS}),
        free={
            **_KEY_FREE,
            "enabled": "a disabled key is billed too: https://aws.amazon.com/kms/pricing/",
        },
    ),
    "aws_kms_external_key": Entry(
        external_key,
        frozenset({REQUESTS}),
        free={
            **_KEY_FREE,
            "enabled": "a disabled key is billed too: https://aws.amazon.com/kms/pricing/",
            "key_material_base64": "it is what the key is made of",
            "multi_region": "each replica is billed itself",
            "valid_to": _ENDS,
        },
    ),
    "aws_secretsmanager_secret": Entry(
        secret,
        frozenset({REQUESTS}),
        free={
            "force_overwrite_replica_secret": "it decides how a replica starts",
            "name": "it is a name",
            "recovery_window_in_days": _ENDS,
        },
    ),
    "aws_ssm_parameter": Entry(
        parameter,
        frozenset({INTERACTIONS, THROUGHPUT, STORED_HOURS}),
        free={
            **dict.fromkeys(
                (
                    "allowed_pattern",
                    "arn",
                    "data_type",
                    "insecure_value",
                    "name",
                    "overwrite",
                    "type",
                    "value",
                    "value_wo",
                    "value_wo_version",
                ),
                "the tier is billed, and not what a parameter holds",
            ),
            "key_id": "the key is billed, as aws_kms_key",
        },
    ),
}
