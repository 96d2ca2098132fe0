"""An estimate: what a plan's resources cost a month, before and after it."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

import msgspec

HUGE = Decimal(10) ** 15
"""More than any amount or quantity of a month."""


class Kind(StrEnum):
    """What a line of cost depends on."""

    FIXED = "fixed"
    """It is billed by the hour or month that the resource exists."""
    USAGE = "usage"
    """It is billed by what is used; the quantity comes from the usage file."""


class CostLine(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is billed.

    Attributes:
        what: for a reader, such as ``instance db.t4g.micro``.
        kind: fixed or by usage.
        quantity: units a month; ``None`` where it depends on usage that nobody stated, or on a
            value that is known only after the apply.
        unit: the price's unit, such as ``Hrs`` or ``GB``.
        price: USD a unit, from the catalogue.
        monthly: USD a month, ``quantity`` times ``price``; ``None`` where the quantity is.
        usage_key: the key in the usage file that states the quantity.
        note: an assumption, or what is unknown.
    """

    what: str
    kind: Kind
    quantity: Decimal | None
    unit: str
    price: Decimal
    monthly: Decimal | None
    usage_key: str = ""
    note: str = ""


class Amount(msgspec.Struct, frozen=True, kw_only=True):
    """USD a month, fixed and by stated usage apart."""

    fixed: Decimal = Decimal(0)
    usage: Decimal = Decimal(0)

    @property
    def total(self) -> Decimal:
        """Both together."""
        return self.fixed + self.usage

    def __add__(self, other: Amount) -> Amount:
        """The sum."""
        return Amount(fixed=self.fixed + other.fixed, usage=self.usage + other.usage)

    def __sub__(self, other: Amount) -> Amount:
        """The difference."""
        return Amount(fixed=self.fixed - other.fixed, usage=self.usage - other.usage)


class AmountChange(msgspec.Struct, frozen=True, kw_only=True):
    """An amount before and after the plan."""

    before: Amount = Amount()
    after: Amount = Amount()

    @property
    def difference(self) -> Amount:
        """After minus before."""
        return self.after - self.before

    def __add__(self, other: AmountChange) -> AmountChange:
        """The sum, before and after apart."""
        return AmountChange(before=self.before + other.before, after=self.after + other.after)


class ResourceCost(msgspec.Struct, frozen=True, kw_only=True):
    """One resource's cost before and after the plan.

    Attributes:
        address: Terraform's address.
        type: the resource's type.
        module: the construct or module that it belongs to.
        cost: sums of the lines that have an amount.
        before: lines as it is; empty where it does not exist yet.
        after: lines as it will be; empty where it is destroyed.
    """

    address: str
    type: str
    module: str
    cost: AmountChange
    before: tuple[CostLine, ...] = ()
    after: tuple[CostLine, ...] = ()


class Level(StrEnum):
    """How serious a verdict is."""

    WARN = "warn"
    FAIL = "fail"


class BudgetVerdict(msgspec.Struct, frozen=True, kw_only=True):
    """A threshold that is exceeded.

    Attributes:
        level: how serious it is.
        text: names the figure and the limit.
        remedy: what to write where, for a figure that is meant.
    """

    level: Level
    text: str
    remedy: str = ""


class MissingPrice(msgspec.Struct, frozen=True, kw_only=True):
    """What may cost something and has no price here, so that it is in no total.

    Attributes:
        type: the resources' type.
        why: what of them has no price; empty where that is all of the type.
        addresses: the resources.
    """

    type: str
    why: str = ""
    addresses: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Such as ``aws_medialive_channel`` or ``aws_lambda_function (tracing: traces)``."""
        return f"{self.type} ({self.why})" if self.why else self.type


class Estimate(msgspec.Struct, frozen=True, kw_only=True):
    """What one stack costs a month, before and after its plan; or several stacks together.

    Attributes:
        total: of all resources.
        resources: those that cost something or depend on usage, before or after.
        by_module: the total by construct or module.
        by_tag: ``Key=value`` to the total of the resources that carry that tag.
        free: number of resources that are free by decision.
        unpriced: what has no price, by type and reason.
        unknown: what could not be priced because a value is known only after the apply, each as
            one line for a reader that names the address.
        unstated: usage that nobody stated: ``address: key``.
        allowed: types that may be unpriced: they are named, and no reason to refuse the plan.
        source: where the figures come from, for a reader.
        prices: number of prices that were taken.
        prices_from_aws: number of those that were read from AWS itself, not from a copy.
        price_age_days: age of the oldest price that was taken, on the day of the estimate;
            ``None`` where none was.
    """

    total: AmountChange
    resources: tuple[ResourceCost, ...] = ()
    by_module: dict[str, AmountChange] = msgspec.field(default_factory=dict)
    by_tag: dict[str, AmountChange] = msgspec.field(default_factory=dict)
    free: int = 0
    unpriced: tuple[MissingPrice, ...] = ()
    unknown: tuple[str, ...] = ()
    unstated: tuple[str, ...] = ()
    allowed: tuple[str, ...] = ()
    source: str = ""
    prices: int = 0
    prices_from_aws: int = 0
    price_age_days: int | None = None

    @property
    def refused(self) -> tuple[MissingPrice, ...]:
        """What has no price and is of a type that nobody allowed."""
        return tuple(each for each in self.unpriced if each.type not in self.allowed)
