"""Makes the report: asks AWS and the settings, then has it added up."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterable, Mapping, Sequence

from environments.load import load_environments
from environments.settings import Environment
from pipeline.cost.catalogue import Catalogue
from pipeline.errors import PipelineError
from stacks.errors import ConfigurationError
from usage import callers, collect
from usage.aws import Account, Denied
from usage.errors import UsageError
from usage.models import Model, Profile, model, unresolved
from usage.period import Period
from usage.report import Report, Series, dearest_first, model_usage


def make(
    period: Period, *, now: dt.datetime, environment: str | None, region: str | None
) -> Report:
    """Ask and add up.

    Args:
        period: what it is about.
        now: when it is made.
        environment: whose account and region must be read; None for that of the credentials.
        region: another region.

    Raises:
        UsageError: something that a person can mend.
    """
    environments = _environments(environment)
    if region is None and environment is not None:
        region = environments[0].region
    account = Account(region)
    configured = _configured(_in_account(account, environments, environment))
    ids, incomplete = _ids(account, configured, period, now)
    answer = callers.ask(account, period)
    known, unread = _profiles(account, [*ids, *(row.get("model", "") for row in answer.rows)])
    return put_together(
        {
            model(each, known, configured.get(each, ())): series
            for each, series in collect.series(account, ids, period).items()
        },
        period=period,
        now=now,
        region=account.region,
        environments=tuple(sorted({name for names in configured.values() for name in names})),
        answer=answer,
        profiles=known,
        notes=(*incomplete, *unread),
    )


def put_together(
    of_models: Mapping[Model, Series],
    *,
    period: Period,
    now: dt.datetime,
    region: str,
    environments: tuple[str, ...] = (),
    answer: callers.Answer | None = None,
    profiles: Sequence[Profile] = (),
    notes: Sequence[str] = (),
) -> Report:
    """The report of what was asked; nobody is asked any more.

    Args:
        of_models: what CloudWatch has of each model.
        period: what it is about.
        now: when it is made.
        region: where.
        environments: whose models are named in any case.
        answer: what the log of invocations said.
        profiles: those that could be read.
        notes: what a reader must know.

    Raises:
        UsageError: the catalogue of prices is broken.
    """
    answer = answer or callers.Answer()
    catalogue = _catalogue()
    return Report(
        period=period,
        region=region,
        environments=environments,
        made=now,
        models=dearest_first(
            [
                model_usage(each, series, catalogue=catalogue, region=region)
                for each, series in of_models.items()
            ]
        ),
        callers=callers.usage_by_caller(answer.rows, profiles, catalogue=catalogue, region=region),
        notes=tuple(filter(None, (*notes, answer.note))),
    )


@functools.cache
def _catalogue() -> Catalogue:
    try:
        return Catalogue.load()
    except PipelineError as error:
        raise UsageError(str(error)) from error


def _environments(name: str | None) -> tuple[Environment, ...]:
    """The one of this name; all of them without a name."""
    try:
        environments = load_environments()
    except ConfigurationError as error:
        raise UsageError(str(error)) from error
    chosen = tuple(each for each in environments if name in (None, each.name))
    if not chosen:
        known = ", ".join(each.name for each in environments)
        raise UsageError(f"--environment {name}: there is none of that name; use one of {known}")
    return chosen


def _in_account(
    account: Account, environments: Sequence[Environment], named: str | None
) -> list[Environment]:
    """Those that the credentials and the region lead to; the named one must be among them."""
    own = account.id()
    for each in environments:
        if named and each.account_id != own:
            raise UsageError(
                f"AWS credentials: they are of account {own}, but {named} lives in "
                f"{each.account_id}; sign in there, or leave out --environment"
            )
    return [e for e in environments if (e.account_id, e.region) == (own, account.region)]


def _configured(environments: Sequence[Environment]) -> dict[str, tuple[str, ...]]:
    """Model to the environments that use it."""
    found: dict[str, tuple[str, ...]] = {}
    for each in environments:
        if each.rag:
            for model_id in dict.fromkeys((each.rag.models.answer, each.rag.models.embedding)):
                found[model_id] = (*found.get(model_id, ()), each.name)
    return found


def _ids(
    account: Account, configured: Iterable[str], period: Period, now: dt.datetime
) -> tuple[list[str], tuple[str, ...]]:
    """Ids of models to ask for, and what may be missing of them."""
    known = set(configured)
    try:
        listed = collect.model_ids(account)
    except Denied as error:
        if not known:
            raise
        note = (
            f"only models that settings name are in this report, the others are unknown ({error})"
        )
        return sorted(known), (note,)
    forgotten = now - collect.LISTED
    note = (
        f"models that no settings name and nobody called since {forgotten:%Y-%m-%d} are not in this "
        "report, for CloudWatch lists them no longer"
    )
    return sorted({*listed, *known}), (note,) if period.start < forgotten else ()


def _profiles(account: Account, ids: Sequence[str]) -> tuple[list[Profile], tuple[str, ...]]:
    """The account's profiles, where an id cannot be understood without them."""
    if not unresolved(filter(None, ids)):
        return [], ()
    try:
        return collect.profiles(account), ()
    except UsageError as error:
        return [], (f"inference profiles were not read, so that some prices are unknown ({error})",)
