"""Figures as a reader sees them: USD, differences, prices of a unit, quantities."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal

CENT = Decimal("0.01")
MILLION = Decimal(1_000_000)
BILLION = Decimal(1_000_000_000)
# Wide enough for every amount that a price times a quantity can give.
_CONTEXT = Context(prec=60, rounding=ROUND_HALF_UP)


def money(amount: Decimal) -> str:
    """USD with two decimals, such as ``1,234.50``; ``<0.01`` where it is less than a cent."""
    sign = "-" if amount < 0 else ""
    return sign + _unsigned(amount.copy_abs())


def difference(amount: Decimal) -> str:
    """USD with a sign, such as ``+41.20``; ``0.00`` where nothing differs."""
    if not amount:
        return "0.00"
    return ("+" if amount > 0 else "-") + _unsigned(amount.copy_abs())


def price(amount: Decimal) -> str:
    """USD a unit with every digit that counts, such as ``0.0000002``; at least two decimals."""
    digits = _plain(amount)
    whole, _, decimals = digits.partition(".")
    return f"{whole}.{decimals.ljust(2, '0')}"


def quantity(amount: Decimal) -> str:
    """Units a month, such as ``730``, ``1,460``, ``2.5 million`` or ``0.0004``."""
    for size, name in ((BILLION, " billion"), (MILLION, " million")):
        if abs(amount) >= size:
            return _rounded(amount / size) + name
    return _rounded(amount)


def count(number: int) -> str:
    """A whole number, thousands separated."""
    return f"{number:,}"


def counted(number: int, one: str, many: str = "") -> str:
    """A number with its noun, such as ``1 warning`` or ``2 warnings``."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def _unsigned(amount: Decimal) -> str:
    if 0 < amount < CENT:
        return "<0.01"
    return f"{amount.quantize(CENT, context=_CONTEXT):,}"


def _rounded(amount: Decimal) -> str:
    if amount and abs(amount) < CENT:
        # Two digits that count, however small.
        return _plain(Context(prec=2, rounding=ROUND_HALF_UP).plus(amount))
    return _plain(amount.quantize(CENT, context=_CONTEXT))


def _plain(amount: Decimal) -> str:
    """Without exponent and trailing zeros, thousands separated."""
    digits = f"{amount:,f}"
    return digits.rstrip("0").rstrip(".") if "." in digits else digits
