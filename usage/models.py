"""Which model stands behind the id that a metric or a log record has, and as what it is priced."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from modules.bedrock import profile_scope

_IN_REGION = "region"


@dataclass(frozen=True, kw_only=True, slots=True)
class Profile:
    """An inference profile of the account or of AWS.

    Attributes:
        id: the last part of its ARN.
        models: ARNs of the models behind it.
        by_aws: AWS made it, so that its id says its geography.
    """

    id: str
    models: frozenset[str]
    by_aws: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Model:
    """A model as it is called.

    Attributes:
        id: as the metric names it: an id, or the ARN or id of a profile.
        priced_as: the id with its geography, as the catalogue has it; None if nobody knows it.
        name: the model alone, without geography; the id where it is not known.
        scope: ``global``, a geography such as ``apac``, or ``region``; ``unknown`` otherwise.
        configured_in: environments whose settings name it.
    """

    id: str
    priced_as: str | None
    name: str
    scope: str
    configured_in: tuple[str, ...] = ()


def model(
    model_id: str, profiles: Sequence[Profile] = (), configured_in: tuple[str, ...] = ()
) -> Model:
    """Resolve an id.

    ``global.`` and geographic profiles of one model differ in price by a tenth, so that a geography
    is never guessed: where it is not known, neither is the price.

    Args:
        model_id: an id or ARN of a model or of an inference profile.
        profiles: those that could be read.
        configured_in: environments that name it.
    """
    priced_as = _priced_as(model_id, profiles)
    if priced_as is None:
        return Model(
            id=model_id,
            priced_as=None,
            name=model_id,
            scope="unknown",
            configured_in=configured_in,
        )
    scope = profile_scope(priced_as)
    return Model(
        id=model_id,
        priced_as=priced_as,
        name=priced_as.split(".", 1)[1] if scope else priced_as,
        scope=scope or _IN_REGION,
        configured_in=configured_in,
    )


def unresolved(model_ids: Iterable[str]) -> bool:
    """Whether an id is such that only the account's profiles say what stands behind it."""
    return any(_priced_as(each, ()) is None for each in model_ids)


def _priced_as(model_id: str, profiles: Sequence[Profile]) -> str | None:
    kind, _, last = model_id.rpartition("/")
    if kind.startswith("arn:") and not kind.endswith((":foundation-model", ":inference-profile")):
        return _behind(last, profiles)
    # Ids of models and of AWS's profiles begin with a provider or a geography and a dot.
    return last if "." in last else _behind(last, profiles)


def _behind(profile_id: str, profiles: Sequence[Profile]) -> str | None:
    """What an application's profile was copied from: AWS's profile of the same models, or a model."""
    own = next((each for each in profiles if each.id == profile_id), None)
    if own is None:
        return None
    same = [each.id for each in profiles if each.by_aws and each.models == own.models]
    if len(same) == 1:
        return same[0]
    if not same and len(own.models) == 1:
        return next(iter(own.models)).rpartition("/")[2]
    return None
