"""Customers and payers in MariaDB or SQLite."""

from dataclasses import asdict, fields
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, RowMapping, delete, exists, func, insert, literal, or_, select, update
from sqlalchemy.exc import IntegrityError

from billing.adapters.tables import customers, invoice_drafts, invoices, merged_customers, payers
from billing.domain.customer import (
    Customer,
    CustomerDetails,
    CustomerNotFound,
    Kind,
    PatientErased,
    TaxIdTaken,
    search_words,
)
from shared_kernel.chassis.database import Id, is_duplicate
from shared_kernel.chassis.unit_of_work import UnitOfWork
from shared_kernel.text import fold

_DETAILS = tuple(field.name for field in fields(CustomerDetails))


def present_id(customer_id: UUID | ColumnElement[UUID]) -> ColumnElement[UUID]:
    """The id under which a customer is found now, in case it was merged into another."""
    given = literal(customer_id, Id) if isinstance(customer_id, UUID) else customer_id
    into = select(merged_customers.c.into_id).where(merged_customers.c.id == given).scalar_subquery()
    return func.coalesce(into, given)


class SqlCustomers:
    """Who can be billed, in one table."""

    def __init__(self, work: UnitOfWork) -> None:
        self._work = work

    async def get(self, id: UUID) -> Customer:  # noqa: A002
        """Raises CustomerNotFound."""
        present = select(customers).where(customers.c.id == present_id(id), customers.c.erased_at.is_(None))
        shared = present.with_for_update(read=True)
        return _customer((await self._work.connection.execute(shared)).mappings().first())

    async def take(self, id: UUID) -> Customer:  # noqa: A002
        """Raises CustomerNotFound."""
        return _customer(await self._work.load(customers, id, lock=True))

    async def add(self, customer: Customer) -> None:
        """Raises TaxIdTaken."""
        try:
            await self._work.insert(customers, customer, _row(customer))
        except IntegrityError as error:
            raise (TaxIdTaken() if is_duplicate(error, "customers", "tax_id") else error) from error

    async def save(self, customer: Customer) -> None:
        """Raises TaxIdTaken, Stale."""
        try:
            await self._work.update(customers, customer, _row(customer))
        except IntegrityError as error:
            raise (TaxIdTaken() if is_duplicate(error, "customers", "tax_id") else error) from error

    async def is_billed(self, customer: Customer) -> bool:
        """By an invoice or a draft."""
        named = or_(
            exists().where(invoices.c.customer_id == customer.id),
            exists().where(invoice_drafts.c.customer_id == customer.id),
        )
        return bool((await self._work.connection.execute(select(named))).scalar())

    async def remove(self, customer: Customer) -> None:
        """Raises Stale."""
        await self._forget_former_ids(customer)
        await self._work.delete(customers, customer)

    async def move(self, customer: Customer, into: Customer) -> None:
        """The versions of invoices and drafts rise, so that nobody who read them before writes it back."""
        for table in (invoices, invoice_drafts):
            await self._work.connection.execute(
                update(table)
                .where(table.c.customer_id == customer.id)
                .values(customer_id=into.id, version=table.c.version + 1)
            )
        await self._work.connection.execute(
            update(merged_customers).where(merged_customers.c.into_id == customer.id).values(into_id=into.id)
        )
        await self._work.connection.execute(insert(merged_customers).values(id=customer.id, into_id=into.id))
        await self._work.delete(customers, customer)

    async def _forget_former_ids(self, customer: Customer) -> None:
        await self._work.connection.execute(
            delete(merged_customers).where(merged_customers.c.into_id == customer.id)
        )


class SqlPayers:
    """The picture of the patients."""

    def __init__(self, work: UnitOfWork) -> None:
        self._work = work

    async def expect_billable(self, id: UUID) -> None:  # noqa: A002
        """Raises PatientErased."""
        shared = select(payers.c.erased_at).where(payers.c.id == id).with_for_update(read=True)
        if (await self._work.connection.execute(shared)).scalar() is not None:
            raise PatientErased


def _customer(row: RowMapping | None) -> Customer:
    if row is None or row["erased_at"] is not None:
        raise CustomerNotFound
    details = {name: row[name] for name in _DETAILS} | {"kind": Kind(row["kind"])}
    return Customer(
        id=row["id"],
        version=row["version"],
        details=CustomerDetails(**details),
        created_at=row["created_at"],
        updated_at=row["updated_at"],
    )


def _row(customer: Customer) -> dict[str, Any]:
    details = customer.details
    return {
        **asdict(details),
        "kind": details.kind.value,
        "full_name": details.full_name,
        "sort_key": fold(f"{details.last_name or ''} {details.first_name}")[:201],
        "search_text": " ".join(search_words(details))[:800],
        "tax_id_warning": customer.has_doubtful_tax_id(),
        "created_at": customer.created_at,
        "updated_at": customer.updated_at,
    }
