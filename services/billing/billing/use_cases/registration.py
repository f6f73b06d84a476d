"""Registering who pays."""

from datetime import datetime

from billing.domain.customer import Customer, CustomerDetails
from billing.ports import Work


async def register_customer(work: Work, details: CustomerDetails, now: datetime) -> Customer:
    """A new customer. Raises TaxIdTaken, Invalid."""
    customer = Customer.register(details, now)
    await work.customers.add(customer)
    await work.commit(customer)
    return customer
