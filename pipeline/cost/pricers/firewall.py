"""WAF: web ACLs and rule groups."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from pipeline.cost.model import CostLine
from pipeline.cost.pricers.entry import MILLIONTH, Entry, Unpriced, items
from pipeline.cost.pricing import Pricing, Subject
from pipeline.errors import PipelineError, Status

REQUESTS, GROUP_RULES = "monthly_requests", "rule_group_rules"
_PAID = (
    "AWSManagedRulesACFPRuleSet",
    "AWSManagedRulesATPRuleSet",
    "AWSManagedRulesAntiDDoSRuleSet",
    "AWSManagedRulesBotControlRuleSet",
)
"""AWS's managed rule groups with fees of their own. Source: https://aws.amazon.com/waf/pricing/"""


_INCLUDED_BODY = "KB_16"
_BODIES = (
    "api_gateway",
    "app_runner_service",
    "cloudfront",
    "cognito_user_pool",
    "verified_access_instance",
)
"""What may have more of a request's body inspected than is included. Source:
https://docs.aws.amazon.com/waf/latest/developerguide/web-acl-setting-body-inspection-limit.html
"""


def web_acl(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_wafv2_web_acl``: itself, each of its rules, and the requests.

    A managed rule group with a fee has no price in the catalogue, and the estimate names it.
    """
    yield pricing.fixed("web ACL", "waf.acl", 1)
    written = _rules_of_json(subject)
    blocks = range(len(items(subject, "rule")))
    count = len(blocks) + len(written)
    yield pricing.fixed("rules", "waf.rule", count, note="a managed rule group counts as one")
    if pricing.stated(subject, GROUP_RULES) is not None:
        yield pricing.used(subject, "rules of its rule groups", "waf.rule", GROUP_RULES)
    yield pricing.used(subject, "requests", "waf.request", REQUESTS, scale=MILLIONTH)
    for service in _BODIES:
        size = f"association_config.0.request_body.0.{service}.0.default_size_inspection_limit"
        if subject.get(size, _INCLUDED_BODY) != _INCLUDED_BODY:
            key = "waf.request_body"
            yield pricing.used(subject, "large bodies of requests", key, REQUESTS, scale=MILLIONTH)
    for position in blocks:
        group = f"rule.{position}.statement.0.managed_rule_group_statement.0"
        vendor, name = subject.get(f"{group}.vendor_name", ""), subject.get(f"{group}.name", "")
        yield from _fee(pricing, str(vendor), str(name))
    for rule in written:
        of = rule.get("Statement", {}).get("ManagedRuleGroupStatement", {})
        yield from _fee(pricing, str(of.get("VendorName", "")), str(of.get("Name", "")))


def _fee(pricing: Pricing, vendor: str, name: str) -> Iterator[CostLine]:
    """A seller's rules, and some of AWS's, are billed by the month and by what they look at."""
    if vendor not in ("", "AWS") or name in _PAID:
        yield pricing.fixed(f"managed rules {name}", f"waf.managed.{vendor}.{name}", 1)


def _rules_of_json(subject: Subject) -> list[Mapping[str, Any]]:
    """The rules of ``rule_json``, which stands in place of ``rule``."""
    text = subject.get("rule_json", "")
    if not text:
        return []
    try:
        rules = json.loads(str(text))
    except ValueError:
        rules = None
    if not isinstance(rules, list) or not all(isinstance(rule, dict) for rule in rules):
        raise PipelineError(
            "rule_json is no list of rules in JSON; write it as AWS's API takes it",
            Status.BAD_PLAN,
        )
    return rules


def rule_group(subject: Subject, pricing: Pricing) -> Iterator[CostLine]:
    """An ``aws_wafv2_rule_group``: each of its rules."""
    yield pricing.fixed("rules", "waf.rule", len(items(subject, "rule")))


_CAPTCHA = Unpriced("CAPTCHA puzzles that are solved")
_CHALLENGE = Unpriced("challenges that are answered")
_RULE = "a rule is billed, and not what is in it"
_FREE = {
    **dict.fromkeys(
        (
            "rule.action.allow",
            "rule.action.block",
            "rule.action.count",
            "rule.captcha_config",
            "rule.name",
            "rule.priority",
            "rule.rule_label",
            "rule.visibility_config",
        ),
        _RULE,
    ),
    "custom_response_body": "an answer costs nothing",
    "name": "it is a name",
    "scope": "both scopes have one price",
    "visibility_config": "metrics and samples of WAF cost nothing: "
    "https://docs.aws.amazon.com/waf/latest/developerguide/monitoring-cloudwatch.html",
}

ENTRIES: dict[str, Entry] = {
    "aws_wafv2_web_acl": Entry(
        web_acl,
        frozenset({REQUESTS, GROUP_RULES}),
        free={
            **_FREE,
            **dict.fromkeys(
                ("captcha_config", "challenge_config", "rule.challenge_config"),
                "it is a time limit",
            ),
            "data_protection_config": "it hides data in logs",
            "default_action": _RULE,
            "rule.override_action": _RULE,
            "rule.statement": _RULE,
            "token_domains": "it is a list of names",
        },
        unpriced={
            "rule.action.captcha": _CAPTCHA,
            "rule.action.challenge": _CHALLENGE,
        },
        other_usage_keys={
            "managed_rule_group_rules": "a managed rule group is billed as one rule, which is "
            "counted already"
        },
    ),
    "aws_wafv2_rule_group": Entry(
        rule_group,
        free={**_FREE, "capacity": "it is a limit", "rule.statement": _RULE},
        unpriced={"rule.action.captcha": _CAPTCHA, "rule.action.challenge": _CHALLENGE},
    ),
}
