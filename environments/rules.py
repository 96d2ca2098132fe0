"""All rules of the settings: those of each system, and those that span systems or environments.

Loading asks them; building a settings value does not, so that tests and runbooks can hold values
that no environment may have.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterator, Sequence
from itertools import combinations

from environments.settings import Environment
from modules.naming import refused_prefix
from stacks.account import rules as account_rules
from stacks.delivery import rules as delivery_rules
from stacks.errors import listed
from stacks.governance import rules as governance_rules
from stacks.governance.settings import GovernanceSettings
from stacks.rag import rules as rag_rules
from stacks.rag.rules.function import MOST_CONCURRENCY, RESERVED_BESIDE
from stacks.regions import REGIONS
from stacks.settings import MOST_RECOVERY_DAYS


def broken_rules(environment: Environment) -> list[str]:
    """One line for each rule that one environment breaks; empty when all hold."""
    lines = [*_region(environment), *_names(environment), *_deleted_keys(environment)]
    if environment.rag:
        lines += [f"rag.{line}" for line in rag_rules.broken_rules(environment.rag, environment)]
    if environment.delivery:
        broken = delivery_rules.broken_rules(environment.delivery, environment)
        lines += [f"delivery.{line}" for line in broken]
    if environment.governance:
        broken = governance_rules.broken_rules(environment.governance, environment)
        lines += [f"governance.{line}" for line in broken]
        lines += _without_topics(environment)
    if environment.account:
        broken = account_rules.broken_rules(environment.account, environment)
        lines += [f"account.{line}" for line in broken]
        lines += _nobody_told(environment)
    return lines


def broken_between(environments: Sequence[Environment]) -> list[tuple[Environment, str]]:
    """What environments break together: the one whose value should change, and the line."""
    return [
        *_overlapping_networks(environments),
        *_second_providers(environments),
        *_second_domains(environments),
        *_second_invocation_logs(environments),
        *_second_in_account(environments, _counts_account, _SECOND_COUNT),
        *_second_in_account(environments, _makes_monitor, _SECOND_MONITOR),
        *_second_in_account(environments, _activates_tags, _SECOND_ACTIVATION),
        *_second_accounts(environments),
        *_shared_concurrency(environments),
        *_shared_organization_targets(environments),
        *_second_users(environments),
    ]


def _region(environment: Environment) -> Iterator[str]:
    if environment.region not in REGIONS:
        yield (
            f"region={environment.region}: not an allowed region; use one of "
            f"{', '.join(REGIONS)}, or add it to stacks/regions.py"
        )


def _names(environment: Environment) -> Iterator[str]:
    refused = refused_prefix(environment.project, environment.name)
    if refused:
        yield f"project={environment.project}: {refused}"


def _deleted_keys(environment: Environment) -> Iterator[str]:
    days = environment.key_deletion_window_days
    if environment.guarded and days < MOST_RECOVERY_DAYS:
        yield (
            f"key_deletion_window_days={days}: a guarded environment must not lose a key, and all "
            f"that it encrypts, by mistake; raise it to {MOST_RECOVERY_DAYS}"
        )


def _without_topics(environment: Environment) -> Iterator[str]:
    governance = environment.governance
    if governance is None or environment.rag:
        return
    for name in ("budgets", "anomalies"):
        if getattr(governance, name):
            yield (
                f"governance.{name}: tells the topics of the RAG system, which is not there; "
                f"set governance.{name} to None"
            )


def _overlapping_networks(
    environments: Sequence[Environment],
) -> Iterator[tuple[Environment, str]]:
    """Networks that overlap can never be connected, and nobody renumbers them later."""
    ranges = [(each, each.rag.network.cidr) for each in environments if each.rag]
    for (other, taken), (environment, cidr) in combinations(ranges, 2):
        if ipaddress.IPv4Network(cidr).overlaps(ipaddress.IPv4Network(taken)):
            line = (
                f"rag.network.cidr={cidr}: overlaps {taken} of {other.name}; choose another range"
            )
            yield environment, line


def _second_providers(environments: Sequence[Environment]) -> Iterator[tuple[Environment, str]]:
    """An account holds one identity provider for each address."""
    makers: dict[tuple[str, str], str] = {}
    for environment in environments:
        delivery = environment.delivery
        if delivery is None or delivery.identity_provider != "create":
            continue
        where = (environment.account_id, delivery.gitlab_url)
        maker = makers.setdefault(where, environment.name)
        if maker != environment.name:
            line = (
                f"delivery.identity_provider=create: account {environment.account_id} gets its "
                f"provider of {delivery.gitlab_url} from {maker}; set it to existing"
            )
            yield environment, line


def _second_domains(environments: Sequence[Environment]) -> Iterator[tuple[Environment, str]]:
    """API Gateway takes a domain once a region, whosever account asks.

    Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-custom-domains.html
    """
    holders: dict[str, str] = {}
    for environment in environments:
        domain = environment.rag.api.domain_name if environment.rag else None
        holder = holders.setdefault(domain, environment.name) if domain else environment.name
        if holder != environment.name:
            line = f"rag.api.domain_name={domain}: {holder} has it already; choose another"
            yield environment, line


def _second_invocation_logs(
    environments: Sequence[Environment],
) -> Iterator[tuple[Environment, str]]:
    """AWS keeps one configuration an account and region: the second would overwrite the first.

    Source: https://docs.aws.amazon.com/bedrock/latest/userguide/model-invocation-logging.html
    """
    owners: dict[tuple[str, str], str] = {}
    for environment in environments:
        if environment.rag is None or environment.rag.invocation_logging is None:
            continue
        account, region = where = environment.account_id, environment.region
        owner = owners.setdefault(where, environment.name)
        if owner != environment.name:
            line = (
                f"rag.invocation_logging.log_group_name="
                f"{environment.rag.invocation_logging.log_group_name}: Bedrock logs an account's "
                f"invocations of a region once, and those of account {account} in {region} belong "
                f"to {owner}; set rag.invocation_logging to None"
            )
            yield environment, line


def _second_in_account(
    environments: Sequence[Environment], has: Callable[[GovernanceSettings], bool], line: str
) -> Iterator[tuple[Environment, str]]:
    """Guard rails that an account has once, whichever environment makes them.

    Args:
        environments: validated.
        has: whether an environment makes it.
        line: what to say; ``{account}`` and ``{owner}`` are put in.
    """
    owners: dict[str, str] = {}
    for environment in environments:
        if environment.governance is None or not has(environment.governance):
            continue
        account = environment.account_id
        owner = owners.setdefault(account, environment.name)
        if owner != environment.name:
            yield environment, line.format(account=account, owner=owner)


def _counts_account(governance: GovernanceSettings) -> bool:
    return governance.budgets is not None and governance.budgets.whole_account


def _makes_monitor(governance: GovernanceSettings) -> bool:
    return governance.anomalies is not None and governance.anomalies.monitor_arn is None


def _activates_tags(governance: GovernanceSettings) -> bool:
    return governance.cost_allocation_tags


_SECOND_COUNT = (
    "governance.budgets.whole_account=True: {owner} counts all of account {account} already, and a "
    "limit of one environment is not that of two; set it to False"
)
_SECOND_MONITOR = (
    "governance.anomalies.monitor_arn=None: account {account} has one monitor of AWS services, and "
    "{owner} makes it; write its ARN, or set governance.anomalies to None"
)
"""Source: https://docs.aws.amazon.com/cost-management/latest/userguide/getting-started-ad.html"""
_SECOND_ACTIVATION = (
    "governance.cost_allocation_tags=True: {owner} activates the tags of account {account} already, "
    "and destroying either stack would end it for both; set it to False"
)


def _nobody_told(environment: Environment) -> Iterator[str]:
    """The account's alarms go to the topics of the RAG system."""
    if environment.rag is None:
        yield (
            "rag=None: nobody would hear of the account's alarms, for their topics are part of rag; "
            "set account to None as well"
        )


def _second_accounts(environments: Sequence[Environment]) -> Iterator[tuple[Environment, str]]:
    """What AWS keeps once an account, the second environment would overwrite."""
    owners: dict[str, str] = {}
    for environment in environments:
        if environment.account is None:
            continue
        owner = owners.setdefault(environment.account_id, environment.name)
        if owner != environment.name:
            line = (
                f"account.default_vpc={environment.account.default_vpc}: the guard rails of account "
                f"{environment.account_id} belong to {owner}; set account to None"
            )
            yield environment, line


def _shared_concurrency(environments: Sequence[Environment]) -> Iterator[tuple[Environment, str]]:
    """What functions reserve, they take from their account's quota."""
    reserved: dict[str, int] = {}
    for environment in environments:
        if environment.rag is None:
            continue
        account, own = environment.account_id, environment.rag.function.reserved_concurrency
        others = reserved.get(account, 0)
        reserved[account] = others + own + RESERVED_BESIDE
        if others and others + own > MOST_CONCURRENCY:
            line = (
                f"rag.function.reserved_concurrency={own}: the environments before it in account "
                f"{account} reserve {others} of the {MOST_CONCURRENCY} that Lambda's quota of 1,000 "
                f"leaves; lower one of them, or use another account"
            )
            yield environment, line


def _shared_organization_targets(
    environments: Sequence[Environment],
) -> Iterator[tuple[Environment, str]]:
    """A service control policy binds a whole account: two environments' tags refuse one another."""
    holders: dict[str, str] = {}
    for environment in environments:
        holder = holders.setdefault(environment.account_id, environment.name)
        organization = environment.governance.organization if environment.governance else None
        if organization and organization.targets and holder != environment.name:
            line = (
                f"governance.organization.targets={listed(organization.targets)}: account "
                f"{environment.account_id} holds {holder}, too, which these policies would stop; "
                "set it to (), or give each environment an account"
            )
            yield environment, line


def _second_users(environments: Sequence[Environment]) -> Iterator[tuple[Environment, str]]:
    """An account has one user of a name, whose boundary is one environment's.

    Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
    """
    holders: dict[tuple[str, str], str] = {}
    for environment in environments:
        people = environment.governance.people if environment.governance else None
        for user in people.users.members if people else ():
            where = (environment.account_id, user.lower())
            holder = holders.setdefault(where, environment.name)
            if holder != environment.name:
                line = (
                    f"governance.people.users: {user} is a user of {holder} in account "
                    f"{environment.account_id} already; choose another name"
                )
                yield environment, line
