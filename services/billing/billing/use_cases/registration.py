"""Registering who pays, and putting right what was registered."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from billing.domain.customer import Customer, CustomerDetails, CustomerHasInvoices, CustomerNotFound
from billing.ports import Work
from shared_kernel.errors import Invalid, Violation

Change = Callable[[CustomerDetails], CustomerDetails]


async def register_customer(work: Work, details: CustomerDetails, now: datetime) -> Customer:
    """A new customer. Raises TaxIdTaken, Invalid."""
    customer = Customer.register(details, now)
    await work.customers.add(customer)
    await work.commit(customer)
    return customer


async def change_customer(
    work: Work, customer_id: UUID, seen: int | None, change: Change, now: datetime
) -> Customer:
    """The customer with other particulars; what was issued stays as it was. Raises CustomerNotFound, Stale,
    TaxIdTaken, Invalid."""
    customer = await work.customers.take(customer_id)
    customer.expect(seen)
    customer.change(change(customer.details), now)
    await work.customers.save(customer)
    await work.commit(customer)
    return customer


async def delete_customer(work: Work, customer_id: UUID, seen: int | None) -> None:
    """The customer is gone. Raises CustomerNotFound, Stale, CustomerHasInvoices."""
    customer = await work.customers.take(customer_id)
    customer.expect(seen)
    if await work.customers.is_billed(customer):
        raise CustomerHasInvoices
    customer.delete()
    await work.customers.remove(customer)
    await work.commit(None)


async def merge_customers(work: Work, customer_id: UUID, seen: int | None, into_id: UUID) -> Customer:
    """The customer who stays, with the invoices of both, each as it was issued. Raises CustomerNotFound,
    Stale, Invalid."""
    found = {each: await _taken(work, each, into_id) for each in sorted({customer_id, into_id})}
    customer, into = found[customer_id], found[into_id]
    customer.expect(seen)
    customer.merge_into(into)
    await work.customers.move(customer, into)
    await work.commit(into)
    return into


async def _taken(work: Work, customer_id: UUID, into_id: UUID) -> Customer:
    try:
        return await work.customers.take(customer_id)
    except CustomerNotFound:
        if customer_id == into_id:
            raise Invalid(Violation("into", "unknown")) from None
        raise
