"""Prices a plan: every resource before and after it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pipeline.cost.catalogue import Catalogue
from pipeline.cost.model import AmountChange, CostLine, Estimate, ResourceCost
from pipeline.cost.pricers import FREE, PRICERS
from pipeline.cost.pricing import Pricer, Pricing, Subject, Unknown
from pipeline.cost.totals import Totals, amount
from pipeline.cost.usage import Usage
from pipeline.errors import PipelineError, Status
from pipeline.plan.masking import mask_address
from pipeline.plan.model import Action, Change, Plan


def estimate(
    plan: Plan,
    *,
    catalogue: Catalogue,
    usage: Usage | None = None,
    tags: Sequence[str] = ("CostCenter",),
    region: str | None = None,
    remark: str = "",
    pricers: Mapping[str, Pricer] = PRICERS,
    free: Mapping[str, str] = FREE,
) -> Estimate:
    """What a plan's resources cost a month, before and after it.

    Before is what the state holds, the left-overs of interrupted replacements included. After is
    what the plan leaves, unchanged resources included. What Terraform only forgets stays billed:
    it is no longer in the total, and named.

    Args:
        plan: the plan.
        catalogue: prices.
        usage: stated usage; none by default.
        tags: names of the tags to add up by.
        region: whose prices are taken; the plan's own by default.
        remark: what a reader must know of the usage beside where the prices come from.
        pricers: resource type to what prices it.
        free: resource type to the reason why it is free.

    Raises:
        PipelineError: the region is not known or has no prices, or the usage names a resource
            that is not there.
    """
    region = region or plan.region
    if region is None:
        raise PipelineError(
            f"{plan.stack}: the plan does not say its region; give --region", Status.USAGE
        )
    catalogue.check_region(region)
    usage = Usage() if usage is None else usage
    usage.check(plan)
    sides = [_sides(change, plan) for change in plan.changes]
    # A left-over has the address of what replaced it, and must not be found under it.
    current_first = sorted(sides, key=lambda side: side.change.deposed)
    before = (side.before for side in current_first if side.before is not None)
    after = (side.after for side in sides if side.after is not None)
    work = _Work(
        before=Pricing(before, region=region, catalogue=catalogue, usage=usage),
        after=Pricing(after, region=region, catalogue=catalogue, usage=usage),
        pricers=pricers,
        free=free,
        totals=Totals(tags),
    )
    for side in sides:
        work.add(side)
    return Estimate(
        total=work.totals.total,
        resources=tuple(work.resources),
        by_module=work.totals.by_module,
        by_tag=work.totals.by_tag,
        free=work.free_count,
        unpriced={name: tuple(found) for name, found in sorted(work.unpriced.items())},
        unknown=tuple(work.unknown),
        unstated=tuple(work.unstated),
        source="; ".join(
            part
            for part in (
                f"AWS on-demand list prices for {region}, {catalogue.oldest} to {catalogue.newest}",
                remark,
            )
            if part
        ),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class _Sides:
    """A change, and the resource on each side that it is on."""

    change: Change
    before: Subject | None
    after: Subject | None


def _sides(change: Change, plan: Plan) -> _Sides:
    references = plan.references.get(change.address, {})

    def subject(
        values: Mapping[str, Any] | None, unknown: Mapping[str, Any] | bool
    ) -> Subject | None:
        if values is None:
            return None
        return Subject(change.address, change.type, values, unknown, references)

    leaves = change.deposed or change.action is Action.FORGET
    return _Sides(
        change=change,
        before=subject(change.before, {}),
        after=None if leaves else subject(change.after, change.unknown),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class _Priced:
    """The lines of one side, and what hindered more of them."""

    lines: tuple[CostLine, ...] = ()
    unknown: Unknown | None = None
    missing: str = ""


@dataclass(kw_only=True)
class _Work:
    """The estimate while it grows."""

    before: Pricing
    after: Pricing
    pricers: Mapping[str, Pricer]
    free: Mapping[str, str]
    totals: Totals
    resources: list[ResourceCost] = field(default_factory=list)
    unpriced: dict[str, list[str]] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)
    unstated: list[str] = field(default_factory=list)
    free_count: int = 0

    def add(self, sides: _Sides) -> None:
        """Price one resource, or name why it is not priced."""
        change = sides.change
        if change.type in self.free:
            self.free_count += 1
            return
        pricer = self.pricers.get(change.type)
        if pricer is None:
            self.unpriced.setdefault(change.type, []).append(mask_address(change.address))
            return
        before, after = self._priced(pricer, sides)
        resource = ResourceCost(
            address=_shown_address(change),
            type=change.type,
            module=change.module,
            cost=AmountChange(before=amount(before.lines), after=amount(after.lines)),
            before=before.lines,
            after=after.lines,
        )
        if before.lines or after.lines:
            self.resources.append(resource)
            self.totals.add(resource, _tags(change.before), _tags(change.after))
        if why := after.missing or before.missing:
            # The type is known, and this one of its prices is not: as loud as an unknown type.
            self.unpriced.setdefault(f"{change.type} ({why})", []).append(resource.address)
        self._name(sides, resource, before.unknown, after.unknown)

    def _priced(self, pricer: Pricer, sides: _Sides) -> tuple[_Priced, _Priced]:
        self.after.used_other_resources = False
        after = _price(pricer, sides.after, self.after)
        same = sides.change.action is Action.NO_OP and sides.after is not None
        # A resource that is unchanged can still cost more: a proxy bills what its database has.
        if same and not self.after.used_other_resources:
            return after, after
        return _price(pricer, sides.before, self.before), after

    def _name(
        self,
        sides: _Sides,
        resource: ResourceCost,
        before: Unknown | None,
        after: Unknown | None,
    ) -> None:
        """Put what has no figure into words."""
        address, was = resource.address, resource.cost.before.total
        if after is not None:
            now = f"; before it costs {was:.2f} USD a month" if was else ""
            self.unknown.append(f"{address}: {_which(after, sides)} is known only after apply{now}")
        elif before is not None:
            self.unknown.append(
                f"{address}: {_which(before, sides)} is not in the plan, "
                "so that its cost before is incomplete"
            )
        if sides.change.action is Action.FORGET:
            self.unknown.append(
                f"{address}: Terraform forgets it and it stays in AWS: "
                f"{was:.2f} USD a month leave the total and stay on the bill"
            )
        missing = dict.fromkeys(line for line in resource.after if line.monthly is None)
        for line in missing:
            if line.usage_key:
                self.unstated.append(f"{address}: {line.usage_key}")
            else:
                self.unknown.append(f"{address}: {line.what} has no amount; {line.note}")


def _price(pricer: Pricer, subject: Subject | None, pricing: Pricing) -> _Priced:
    """A pricer's lines up to the first that depends on an unknown value or a missing price."""
    lines: list[CostLine] = []
    if subject is None:
        return _Priced()
    try:
        lines.extend(pricer(subject, pricing))
    except Unknown as unknown:
        return _Priced(lines=tuple(lines), unknown=unknown)
    except PipelineError as error:
        return _Priced(lines=tuple(lines), missing=str(error))
    return _Priced(lines=tuple(lines))


def _which(unknown: Unknown, sides: _Sides) -> str:
    other = unknown.address not in ("", sides.change.address)
    return f"{unknown.path} of {mask_address(unknown.address)}" if other else unknown.path


def _shown_address(change: Change) -> str:
    address = mask_address(change.address)
    return f"{address} (deposed object)" if change.deposed else address


def _tags(values: Mapping[str, Any] | None) -> Mapping[str, str]:
    values = values or {}
    return values.get("tags_all") or values.get("tags") or {}
