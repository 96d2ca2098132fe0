"""What stands in a plan in place of a value that Terraform marks as sensitive."""

from __future__ import annotations

from typing import Any

MASK = "(sensitive)"
"""What is shown in place of a secret."""


class Masked(str):
    """The mask, as a text: whatever shows or compares it has nothing but the mask.

    Two are equal where they stand for the same value, so that what differs can be told. The number
    is drawn in the order of reading and says nothing of the value.

    Attributes:
        number: of the value, among those that were masked in one plan.
    """

    __slots__ = ("number",)

    number: int

    def __new__(cls, number: int) -> Masked:
        """Args: number: of the value, among those that were masked in one plan."""
        masked = super().__new__(cls, MASK)
        masked.number = number
        return masked

    def __eq__(self, other: Any) -> bool:
        return isinstance(other, Masked) and self.number == other.number

    def __ne__(self, other: Any) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash((MASK, self.number))


def holds_masked(value: Any) -> bool:
    """Whether something in a value is masked."""
    if isinstance(value, dict):
        return any(map(holds_masked, value.values()))
    if isinstance(value, list):
        return any(map(holds_masked, value))
    return isinstance(value, Masked)
