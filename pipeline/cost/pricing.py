"""What a pricer works with: the resources of one side of a plan, prices and stated usage."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from pipeline.cost.catalogue import Catalogue, Price
from pipeline.cost.model import HUGE, CostLine, Kind
from pipeline.cost.usage import Usage
from pipeline.errors import PipelineError, Status
from pipeline.plan.address import without_index
from pipeline.plan.masked import Masked
from pipeline.schema import may_be_chosen

HOURS = Decimal(730)
"""Hours in a month: 365 days of 24 hours, by 12, as in AWS's own calculator.

Source: https://aws.amazon.com/calculator/calculator-assumptions
"""

_IDENTITIES = ("id", "arn", "identifier", "name")
"""Attributes by whose value another resource may name this one."""


class Unknown(Exception):
    """A value is known only after the apply, or is marked sensitive.

    Attributes:
        address: the resource that has it.
        path: the attribute.
        sensitive: it is marked, and nobody may read it off a price.
    """

    def __init__(self, path: str, address: str = "", *, sensitive: bool = False) -> None:
        """Args: path: the attribute; address: the resource that has it; sensitive: it is marked."""
        super().__init__(f"{address}: {path}")
        self.path = path
        self.address = address
        self.sensitive = sensitive

    @property
    def why(self) -> str:
        """In words that follow the attribute's name."""
        return "is marked sensitive" if self.sensitive else "is known only after apply"


@dataclass(frozen=True, slots=True)
class Subject:
    """One resource on one side of a plan.

    Attributes:
        address: Terraform's address.
        type: the resource's type.
        values: its attributes; without those that are unknown.
        unknown: shaped like ``values``, ``True`` where a value is known only after the apply.
        references: attribute to the addresses that its expression refers to.
        written: shaped like ``values``: what the configuration writes; ``None`` where the plan
            doesn't hold the resource's configuration.
        kept: attributes as they are before an update in place, which leaves alone what nobody
            writes.
        region: where it is; empty for the plan's own region.
    """

    address: str
    type: str
    values: Mapping[str, Any]
    unknown: Mapping[str, Any] | bool = field(default_factory=dict)
    references: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    written: Mapping[str, Any] | None = None
    kept: Mapping[str, Any] = field(default_factory=dict)
    region: str = ""

    def get(self, path: str, default: Any = None) -> Any:
        """One attribute.

        Terraform calls an attribute unknown also where nobody writes it and AWS chooses its value:
        that is AWS's default, or after an update what it was.

        A list of which only elements are unknown has ``None`` in their places, so that its
        length is right.

        Args:
            path: names and positions with dots between, such as ``vpc_config.0.subnet_ids``.
            default: what AWS takes where the attribute is not set: null, or the empty text that
                a provider gives for it.

        Raises:
            Unknown: it is written, and known only after the apply; or it is marked sensitive.
        """
        value: Any = self.values
        unknown: Any = self.unknown
        parts = path.split(".")
        if unknown is True:
            raise Unknown(path, self.address)
        for depth, part in enumerate(parts, 1):
            value, unknown = _step(value, part), _step(unknown, part)
            if unknown is True:
                if not self._is_chosen(parts[:depth]):
                    raise Unknown(path, self.address)
                value = _follow(self.kept, parts)
                break
            if isinstance(value, Masked):
                break
        if isinstance(value, Masked):
            raise Unknown(path, self.address, sensitive=True)
        return default if value is None or value == "" else value

    def _is_chosen(self, parts: Sequence[str]) -> bool:
        """Whether AWS chooses the value: nobody writes it, and the schema allows that."""
        if self.written is not None and _follow(self.written, parts) is not None:
            return False
        if self.references.get(parts[0]):
            return False
        return may_be_chosen(self.type, ".".join(parts))

    def number(self, path: str, default: Decimal | int) -> Decimal:
        """One attribute as a number.

        Args:
            path: as for ``get``.
            default: where it is not set.

        Raises:
            Unknown: it is known only after the apply.
            PipelineError: it is no number.
        """
        value = self.get(path, default)
        try:
            number = Decimal(str(value))
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite():
            raise PipelineError(
                f"{self.address}: {path} is no number in the plan; plan again", Status.BAD_PLAN
            )
        return number


def _follow(value: Any, parts: Iterable[str]) -> Any:
    for part in parts:
        if isinstance(value, Masked):
            break
        value = _step(value, part)
    return value


def _step(value: Any, part: str) -> Any:
    if isinstance(value, Mapping):
        return value.get(part)
    if isinstance(value, list | tuple) and part.isdecimal() and int(part) < len(value):
        return value[int(part)]
    return None


class Pricing:
    """Everything that a pricer may ask on one side of a plan.

    Attributes:
        region: whose prices are taken.
        catalogue: the prices.
        usage: what the usage file states.
        used_other_resources: a pricer asked for other resources since this was set to ``False``. The
            price of an unchanged resource can then change all the same.
    """

    def __init__(
        self,
        subjects: Iterable[Subject],
        *,
        region: str,
        catalogue: Catalogue,
        usage: Usage | None = None,
    ) -> None:
        """Put one side together.

        Args:
            subjects: every resource on it. Of two with one address the first counts.
            region: the region whose prices are taken, unless a resource has its own.
            catalogue: the prices.
            usage: stated usage; none by default.
        """
        self.region = region
        self._elsewhere: dict[str, Pricing] = {}
        self.catalogue = catalogue
        self.usage = Usage() if usage is None else usage
        self.used_other_resources = False
        self._by_address: dict[str, Subject] = {}
        self._by_type: dict[str, list[Subject]] = {}
        for subject in subjects:
            if self._by_address.setdefault(subject.address, subject) is subject:
                self._by_type.setdefault(subject.type, []).append(subject)
        self._named: dict[str, dict[str, Subject]] = {}
        self._referring: dict[tuple[str, str, str], dict[str, list[Subject]]] = {}

    def at(self, region: str) -> Pricing:
        """The same resources with the prices of another region; empty is this one's own."""
        if region in ("", self.region):
            return self
        if region not in self._elsewhere:
            other = copy(self)
            other.region = region
            self._elsewhere[region] = other
        return self._elsewhere[region]

    def subjects(self, type: str) -> Sequence[Subject]:  # noqa: A002 - Terraform's word
        """All resources of a type."""
        self.used_other_resources = True
        return self._by_type.get(type, ())

    def subject(self, address: str) -> Subject | None:
        """The resource with that address."""
        self.used_other_resources = True
        return self._by_address.get(address)

    def related(self, subject: Subject, attribute: str, type: str) -> Subject | None:  # noqa: A002
        """The resource of a type that an attribute names.

        It is found by the attribute's value, which is the other's id, ARN, identifier or name,
        or else by the configuration's reference: so it is found before it exists.

        Args:
            subject: the resource that has the attribute.
            attribute: such as ``db_instance_identifier``.
            type: the type of the resource that is looked for.
        """
        self.used_other_resources = True
        return next(iter(self._targets(subject, attribute, type)), None)

    def referring(self, subject: Subject, type: str, attribute: str) -> list[Subject]:  # noqa: A002
        """The resources of a type that name this one in an attribute.

        Args:
            subject: the resource that is named.
            type: the type of the resources that are looked for.
            attribute: the attribute of theirs that names it.
        """
        self.used_other_resources = True
        wanted = (type, attribute, subject.type)
        if wanted not in self._referring:
            index: dict[str, list[Subject]] = {}
            for other in self._by_type.get(type, ()):
                for target in self._targets(other, attribute, subject.type):
                    index.setdefault(target.address, []).append(other)
            self._referring[wanted] = index
        return list(self._referring[wanted].get(subject.address, ()))

    def fixed(self, what: str, key: str, quantity: Decimal | int, *, note: str = "") -> CostLine:
        """A line that is billed as long as the resource exists.

        Args:
            what: for a reader, such as ``instance db.t4g.micro``.
            key: the price in the catalogue.
            quantity: of the price's units, a month.
            note: an assumption.

        Raises:
            PipelineError: the catalogue has no such price.
        """
        return self._line(what, Kind.FIXED, self._price(key), Decimal(quantity), note=note)

    def used(
        self,
        subject: Subject,
        what: str,
        key: str,
        usage_key: str,
        *,
        scale: Decimal = Decimal(1),
        default: Decimal | int | None = None,
        note: str = "",
    ) -> CostLine:
        """A line that is billed by what is used; without an amount where nobody stated it.

        Args:
            subject: the resource.
            what: for a reader, such as ``requests``.
            key: the price in the catalogue.
            usage_key: the key in the usage file, such as ``monthly_requests``.
            scale: the price's units in one of the usage file's.
            default: what is assumed where nothing is stated, in the usage file's units; the
                note must say so.
            note: an assumption.

        Raises:
            PipelineError: the catalogue has no such price.
        """
        stated = self.stated(subject, usage_key)
        if stated is None and default is not None:
            stated = Decimal(default)
        quantity = None if stated is None else stated * scale
        return self._line(what, Kind.USAGE, self._price(key), quantity, usage_key, note)

    def stated(self, subject: Subject, usage_key: str) -> Decimal | None:
        """What the usage file states of a resource; ``None`` where it says nothing.

        Args:
            subject: the resource.
            usage_key: with dots where the file nests, such as ``standard.storage_gb``.
        """
        return self.usage.value(subject.address, subject.type, usage_key)

    def stated_word(self, subject: Subject, usage_key: str) -> str:
        """A word of the usage file, such as an ``operating_system``; empty where none is stated.

        Args:
            subject: the resource.
            usage_key: one of those that take a word.
        """
        return self.usage.word(subject.address, subject.type, usage_key)

    def _price(self, key: str) -> Price:
        return self.catalogue.price(key, self.region)

    def _line(
        self,
        what: str,
        kind: Kind,
        price: Price,
        quantity: Decimal | None,
        usage_key: str = "",
        note: str = "",
    ) -> CostLine:
        monthly = None if quantity is None else price.cost(quantity)
        if quantity is not None and monthly is not None and max(quantity, monthly) > HUGE:
            raise PipelineError(
                f"{what}: a quantity in the plan or in the usage is far too large; correct it",
                Status.BAD_PLAN,
            )
        if quantity is not None and len(price.tiers) > 1 and quantity > price.tiers[1].begin:
            # The line has room for one price only: without this, quantity by price would not be
            # the amount.
            tiered = "; ".join(f"{t.usd} from {t.begin}" for t in price.tiers)
            note = f"{note}; by volume: {tiered}" if note else f"by volume: {tiered}"
        return CostLine(
            what=what,
            kind=kind,
            quantity=quantity,
            unit=price.unit,
            price=price.tiers[0].usd,
            monthly=monthly,
            usage_key=usage_key,
            note=note,
        )

    def _targets(self, subject: Subject, attribute: str, type: str) -> list[Subject]:  # noqa: A002
        """The resources of a type that an attribute names, each once."""
        named = self._named_by_value(type)
        by_value = {
            named[text].address: named[text] for text in _texts(subject, attribute) if text in named
        }
        return list(by_value.values()) or self._referred(subject, attribute, type)

    def _referred(self, subject: Subject, attribute: str, type: str) -> list[Subject]:  # noqa: A002
        """What an attribute refers to in the configuration.

        Where both sides are repeated, a reference names every instance: the one with the same
        position or key is meant, as in ``aws_x.y[count.index]``.
        """
        found = [
            self._by_address[address]
            for address in _references(subject, attribute)
            if address in self._by_address and self._by_address[address].type == type
        ]
        key = _key(subject.address)
        return [other for other in found if key and _key(other.address) == key] or found

    def _named_by_value(self, type: str) -> Mapping[str, Subject]:  # noqa: A002
        if type not in self._named:
            named: dict[str, Subject] = {}
            for subject in self._by_type.get(type, ()):
                for name in _identities(subject):
                    named.setdefault(name, subject)
            self._named[type] = named
        return self._named[type]


def _key(address: str) -> str:
    """The position or key at an address's end, such as ``[0]``; empty where it has none."""
    bare = without_index(address).rsplit(".", 1)[-1]
    return address.rsplit(f".{bare}", 1)[-1] if address.endswith("]") else ""


def _references(subject: Subject, attribute: str) -> tuple[str, ...]:
    found = subject.references.get(attribute)
    return subject.references.get(attribute.split(".", 1)[0], ()) if found is None else found


def _identities(subject: Subject) -> Iterator[str]:
    for name in _IDENTITIES:
        value = subject.values.get(name)
        if value and isinstance(value, str):
            yield value


def _texts(subject: Subject, attribute: str) -> Iterator[str]:
    try:
        value = subject.get(attribute)
    except Unknown:
        return
    for text in value if isinstance(value, list | tuple) else (value,):
        if text and isinstance(text, str):
            yield text


Pricer = Callable[[Subject, Pricing], Iterable[CostLine]]
"""Yields what one resource costs. It yields first what does not depend on unknown values."""
