"""Money: a decimal amount in one currency, rounded half-up to cents as Spanish invoices are."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Self

CENT = Decimal("0.01")


@dataclass(frozen=True, order=True)
class Money:
    """An amount in whole cents. `Money(Decimal("60"))` prints as `60.00`."""

    amount: Decimal
    currency: str = "EUR"

    def __post_init__(self) -> None:
        object.__setattr__(self, "amount", self.amount.quantize(CENT, ROUND_HALF_UP))

    def times(self, quantity: Decimal) -> Self:
        """The price of `quantity` of these, rounded half-up to cents."""
        return type(self)(self.amount * quantity, self.currency)

    @classmethod
    def sum(cls, amounts: Iterable["Money"], currency: str = "EUR") -> "Money":
        """The total of amounts of one currency; refuses to mix currencies."""
        total = Decimal(0)
        for money in amounts:
            if money.currency != currency:
                raise ValueError(f"cannot add {money.currency} to {currency}")
            total += money.amount
        return cls(total, currency)

    def __str__(self) -> str:
        return str(self.amount)
