"""Prices a plan: every resource before and after it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pipeline.cost.catalogue import GLOBAL, Catalogue, Price, first_day
from pipeline.cost.decisions import unpriced_arguments
from pipeline.cost.model import AmountChange, CostLine, Estimate, ResourceCost
from pipeline.cost.pricers import ENTRIES, FREE_UNLESS, Entry, free_reason
from pipeline.cost.pricing import Pricing, Subject, Unknown
from pipeline.cost.regions import Places
from pipeline.cost.totals import Totals, amount, unpriced
from pipeline.cost.usage import OF_NO_RESOURCE, Usage
from pipeline.errors import PipelineError, Status
from pipeline.plan.masked import holds_masked
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
    allow_unpriced: Collection[str] = (),
    today: date | None = None,
    entries: Mapping[str, Entry] = ENTRIES,
    free: Callable[[str], str | None] = free_reason,
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
        region: whose prices are taken where the plan doesn't say it.
        remark: what a reader must know of the usage beside where the prices come from.
        allow_unpriced: types that may be without a price, beside those that the usage allows.
        today: the day to which the prices' age counts; today by default.
        entries: resource type to how it is priced.
        free: tells why a resource type is free, if it is.

    Raises:
        PipelineError: the region is not known or has no prices, or the usage names a resource
            that is not there.
    """
    places = Places(plan, region)
    if not places.default:
        raise PipelineError(
            f"{plan.stack}: the plan does not say its region; give --region", Status.USAGE
        )
    catalogue.check_region(places.default)
    catalogue = catalogue.fresh()
    usage = Usage() if usage is None else usage
    usage.check(plan)
    sides = [_sides(change, plan, places) for change in plan.changes]
    # A left-over has the address of what replaced it, and must not be found under it.
    current_first = sorted(sides, key=lambda side: side.change.deposed)
    before = (side.before for side in current_first if side.before is not None)
    after = (side.after for side in sides if side.after is not None)
    work = _Work(
        before=Pricing(before, region=places.default, catalogue=catalogue, usage=usage),
        after=Pricing(after, region=places.default, catalogue=catalogue, usage=usage),
        entries=entries,
        free=free,
        totals=Totals(tags),
    )
    for side in sides:
        work.add(side)
    prices = catalogue.taken
    return Estimate(
        total=work.totals.total,
        resources=tuple(work.resources),
        by_module=work.totals.by_module,
        by_tag=work.totals.by_tag,
        free=work.free_count,
        unpriced=unpriced(work.unpriced),
        unknown=(*work.unknown, *_usage_left_out(plan, usage, entries, free)),
        unstated=tuple(work.unstated),
        allowed=tuple(sorted({*usage.allow_unpriced, *allow_unpriced})),
        prices=len(prices),
        prices_from_aws=sum(price.from_aws for price in prices.values()),
        price_age_days=_age(prices.values(), today or date.today()),
        source="; ".join(
            part
            for part in (
                f"AWS on-demand list prices for {_regions(places.default, prices)}",
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


def _sides(change: Change, plan: Plan, places: Places) -> _Sides:
    references = plan.references.get(change.address, {})
    kept = change.before if change.action is Action.UPDATE and change.before else {}

    def subject(values: Mapping[str, Any], unknown: Mapping[str, Any] | bool) -> Subject:
        return Subject(
            address=change.address,
            type=change.type,
            values=values,
            unknown=unknown,
            references=references,
            written=change.written,
            kept=kept,
            region=places.of(change, values),
        )

    leaves = change.deposed or change.action is Action.FORGET or change.after is None
    return _Sides(
        change=change,
        before=None if change.before is None else subject(change.before, {}),
        after=None if leaves else subject(change.after or {}, change.unknown),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class _Priced:
    """The lines of one side, and what hindered more of them."""

    lines: tuple[CostLine, ...] = ()
    unknown: Unknown | None = None
    missing: str = ""
    arguments: tuple[str, ...] = ()
    """What is set and has no price."""
    remarks: tuple[str, ...] = ()


@dataclass(kw_only=True)
class _Work:
    """The estimate while it grows."""

    before: Pricing
    after: Pricing
    entries: Mapping[str, Entry]
    free: Callable[[str], str | None]
    totals: Totals
    resources: list[ResourceCost] = field(default_factory=list)
    unpriced: list[tuple[str, str, str]] = field(default_factory=list)
    """Type, reason and address of what has no price."""
    unknown: list[str] = field(default_factory=list)
    unstated: list[str] = field(default_factory=list)
    free_count: int = 0

    def add(self, sides: _Sides) -> None:
        """Price one resource, or name why it is not priced."""
        change = sides.change
        entry = self.entries.get(change.type)
        if entry is None:
            if not self.free(change.type):
                self.unpriced.append((change.type, "", mask_address(change.address)))
                return
            entry = FREE_UNLESS.get(change.type)
            if entry is None:
                self.free_count += 1
                return
        before, after = self._priced(entry, sides)
        resource = ResourceCost(
            address=_shown_address(change),
            type=change.type,
            module=change.module,
            cost=AmountChange(before=amount(before.lines), after=amount(after.lines)),
            before=before.lines,
            after=after.lines,
        )
        if change.type not in self.entries and not after.arguments:
            self.free_count += 1
        if before.lines or after.lines:
            self.resources.append(resource)
            self.totals.add(resource, _tags(change.before), _tags(change.after))
        if why := after.missing or before.missing:
            # The type is known, and this one of its prices is not: as loud as an unknown type.
            self.unpriced.append((change.type, why, resource.address))
        self.unpriced += [(change.type, why, resource.address) for why in after.arguments]
        self._name(sides, resource, before.unknown, after.unknown)
        self.unknown += [f"{resource.address}: {text}" for text in after.remarks]

    def _priced(self, entry: Entry, sides: _Sides) -> tuple[_Priced, _Priced]:
        after, alone = _price(entry, sides.after, self.after)
        same = sides.change.action is Action.NO_OP and sides.after is not None
        # A resource that is unchanged can still cost more: a proxy bills what its database has.
        if same and alone:
            return after, after
        return _price(entry, sides.before, self.before)[0], after

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
            self.unknown.append(f"{address}: {_which(after, sides)} {after.why}{now}")
        elif before is not None:
            why = before.why if before.sensitive else "is not in the plan"
            self.unknown.append(
                f"{address}: {_which(before, sides)} {why}, so that its cost before is incomplete"
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


_MISFITS = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
"""How a pricer ends at a value that the provider's schema does not allow there.

Terraform plans no such value, but for a block of which all is masked; a plan that somebody made by
hand may. The resource is then named as not priced.
"""


def _price(entry: Entry, subject: Subject | None, pricing: Pricing) -> tuple[_Priced, bool]:
    """One side, and whether it needs no other resource to be priced.

    The lines go up to the first that depends on an unknown value or a missing price.
    """
    if subject is None:
        return _Priced(), True
    if not subject.region:  # it has a provider of its own, whose region may have other prices
        why = "the plan does not say its provider's region; give --region"
        return _Priced(missing=why), True
    pricing = pricing.at(subject.region)
    pricing.used_other_resources = False
    lines: list[CostLine] = []
    unknown, missing = None, ""
    try:
        lines.extend(entry.pricer(subject, pricing))
    except Unknown as error:
        unknown = error
    except PipelineError as error:
        missing = str(error)
    except _MISFITS:
        if holds_masked(subject.values):
            unknown = Unknown("a part of it", subject.address, sensitive=True)
        else:
            missing = "a value does not fit its type; plan again"
    arguments: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    try:
        arguments, remarks = unpriced_arguments(entry, subject, pricing)
    except PipelineError as error:
        missing = missing or str(error)
    priced = _Priced(
        lines=tuple(lines),
        unknown=unknown,
        missing=missing,
        arguments=arguments,
        remarks=remarks,
    )
    return priced, not pricing.used_other_resources


def _age(prices: Iterable[Price], today: date) -> int | None:
    oldest = min((price.oldest for price in prices), default="")
    return (today - first_day(oldest)).days if oldest else None


def _regions(default: str, taken: Iterable[tuple[str, str]]) -> str:
    """The regions whose prices are taken, the plan's own first."""
    found = {region for _, region in taken} - {default, GLOBAL}
    return ", ".join([default, *sorted(found)])


def _usage_left_out(
    plan: Plan,
    usage: Usage,
    entries: Mapping[str, Entry],
    free: Callable[[str], str | None],
) -> Iterator[str]:
    """Stated usage that no price takes and that no type without a price tells of already."""
    for name in sorted(usage.types - entries.keys()):
        why = "it is of no resource" if name in OF_NO_RESOURCE else None
        if name in plan.by_type:
            why = free(name)
        if why:
            yield f"{name}: the stated usage is not in the total: {why}"


def _which(unknown: Unknown, sides: _Sides) -> str:
    other = unknown.address not in ("", sides.change.address)
    return f"{unknown.path} of {mask_address(unknown.address)}" if other else unknown.path


def _shown_address(change: Change) -> str:
    address = mask_address(change.address)
    return f"{address} (deposed object)" if change.deposed else address


def _tags(values: Mapping[str, Any] | None) -> Mapping[str, str]:
    """Tags that are no map, or of which a whole is marked, are none."""
    for name in ("tags_all", "tags"):
        tags = (values or {}).get(name)
        if tags and isinstance(tags, Mapping):
            return tags
    return {}
