"""What of a patient who was erased goes in billing, and what is blocked.

Issued invoices are kept as they were issued (see `queries.holdings` for the laws) and blocked: in no list and
no search. What is not needed beside them goes: the picture of the patient and of her appointments, drafts,
and the customer's record that is the patient's own. That record is emptied where invoices refer to it (each
has its own frozen copy), removed where none does, and stays where it is needed for others, whose treatment
she pays."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, RowMapping, and_, delete, exists, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from billing.adapters.customers import present_id
from billing.adapters.drafts import ADDRESSEE
from billing.adapters.tables import (
    customers,
    deliveries,
    draft_lines,
    invoice_drafts,
    invoices,
    merged_customers,
    payers,
    visits,
)
from billing.domain.customer import Customer, Kind
from billing.domain.draft import Draft
from shared_kernel.chassis.forgetting import forget_answers, forget_changes
from shared_kernel.chassis.tables import audit_trail
from shared_kernel.dispatch import DispatchState
from shared_kernel.text import fold

_DETAILS = ("first_name", "last_name", "full_name", "tax_id", "email", "phone", "billing_address")


async def payer(connection: AsyncConnection, patient_id: UUID) -> RowMapping | None:
    """The picture of a patient who was not erased."""
    known = select(payers).where(payers.c.id == patient_id, payers.c.erased_at.is_(None))
    return (await connection.execute(known)).mappings().first()


def are_hers(patient_id: UUID, tax_id: str | None) -> ColumnElement[bool]:
    """The invoices for a patient's treatment, and those addressed to her without naming a patient."""
    addressed = and_(invoices.c.patient_id.is_(None), invoices.c.tax_id == tax_id)
    known = or_(invoices.c.patient_id == patient_id, invoices.c.blocked_for == patient_id)
    return known if tax_id is None else or_(known, addressed)


async def own_customers(connection: AsyncConnection, known: RowMapping) -> Sequence[RowMapping]:
    """The customers who are the patient herself: a person with her tax id, or whom her page names and who is
    called the same. `needed` by others: named by their page too, or billed for their treatment."""
    other = payers.alias("other")
    for_others = exists().where(
        invoices.c.customer_id == customers.c.id, invoices.c.patient_id != known["id"]
    )
    drafted = and_(invoice_drafts.c.customer_id == customers.c.id, invoice_drafts.c.patient_id != known["id"])
    named_by_others = exists().where(
        present_id(other.c.customer_id) == customers.c.id, other.c.id != known["id"]
    )
    billed = or_(
        exists().where(invoices.c.customer_id == customers.c.id),
        exists().where(invoice_drafts.c.customer_id == customers.c.id),
    )
    needed = or_(for_others, exists().where(drafted), named_by_others)
    named = known["customer_id"] and present_id(known["customer_id"])
    found = await connection.execute(
        select(customers, needed.label("needed"), billed.label("billed")).where(
            customers.c.kind == Kind.PERSON.value,
            customers.c.erased_at.is_(None),
            or_(customers.c.id == named, customers.c.tax_id == known["tax_id"]),
        )
    )
    return [
        row
        for row in found.mappings()
        if row["tax_id"] == known["tax_id"] or fold(row["full_name"]) == fold(known["full_name"])
    ]


async def forget(connection: AsyncConnection, known: RowMapping, at: datetime) -> None:
    """Block and forget what there was `at` that instant, for who comes back later is somebody new, and what
    was billed for the patient herself before it was known here that she was erased."""
    addressed = and_(are_hers(known["id"], known["tax_id"]), invoices.c.created_at <= at)
    hers = or_(invoices.c.patient_id == known["id"], addressed)
    await _forget_drafts(connection, known, at)
    for customer in await own_customers(connection, known):
        if not customer["needed"] and customer["created_at"] <= at:
            await _forget_customer(connection, customer, at)
    await _forget_former_customers(connection, known["tax_id"], at)
    await connection.execute(update(invoices).where(hers).values(blocked_for=known["id"]))
    await _forget_deliveries(connection, known["id"])
    await connection.execute(delete(visits).where(visits.c.patient_id == known["id"]))
    await forget_answers(connection, known["id"])


def drafts_of(known: RowMapping) -> ColumnElement[bool]:
    """The drafts for a patient's treatment, and those to whom pays for nobody else: herself."""
    addressed = and_(
        invoice_drafts.c.patient_id.is_(None),
        or_(
            invoice_drafts.c.tax_id == known["tax_id"],
            invoice_drafts.c.customer_id.in_(
                select(customers.c.id).where(
                    customers.c.tax_id == known["tax_id"], customers.c.kind == Kind.PERSON.value
                )
            ),
        ),
    )
    for_her = invoice_drafts.c.patient_id == known["id"]
    return for_her if known["tax_id"] is None else or_(for_her, addressed)


async def _forget_drafts(connection: AsyncConnection, known: RowMapping, at: datetime) -> None:
    """Nothing obliges to keep them. Of those that are gone already the audit trail still tells."""
    later = and_(invoice_drafts.c.created_at > at, invoice_drafts.c.patient_id.is_(None))
    hers = select(invoice_drafts.c.id).where(drafts_of(known), ~later)
    ids = list((await connection.execute(hers)).scalars())
    await connection.execute(delete(draft_lines).where(draft_lines.c.draft_id.in_(ids)))
    await connection.execute(delete(invoice_drafts).where(invoice_drafts.c.id.in_(ids)))
    gone = select(audit_trail.c.entity_id).where(
        audit_trail.c.entity_type == Draft.__name__, audit_trail.c.changes.contains(str(known["id"]))
    )
    ids += list((await connection.execute(gone)).scalars())
    await forget_changes(connection, ids, ADDRESSEE)
    for draft_id in set(ids):
        await forget_answers(connection, draft_id)


async def _forget_deliveries(connection: AsyncConnection, patient_id: UUID) -> None:
    """What was not sent is gone. That an invoice was sent is kept with it, but not to which address."""
    blocked = select(invoices.c.id).where(invoices.c.blocked_for == patient_id)
    hers = deliveries.c.invoice_id.in_(blocked)
    ids = list((await connection.execute(select(deliveries.c.id).where(hers))).scalars())
    mine = deliveries.c.id.in_(ids)
    sent = deliveries.c.state == DispatchState.SENT.value
    await connection.execute(delete(deliveries).where(mine, ~sent))
    await connection.execute(
        update(deliveries).where(mine).values(recipient="", attempts="[]", version=deliveries.c.version + 1)
    )
    await forget_changes(connection, ids, ("recipient",))
    for delivery_id in ids:
        await forget_answers(connection, delivery_id)


async def _forget_former_customers(connection: AsyncConnection, tax_id: str | None, at: datetime) -> None:
    """Records of hers that were deleted or merged before: the audit trail still tells of them."""
    if tax_id is None:
        return
    gone = select(audit_trail.c.entity_id).where(
        audit_trail.c.entity_type == Customer.__name__,
        audit_trail.c.operation == "deleted",
        audit_trail.c.occurred_at <= at,
        audit_trail.c.changes.contains(f'"{tax_id}"', autoescape=True),
    )
    ids = list((await connection.execute(gone)).scalars())
    await forget_changes(connection, ids, _DETAILS)
    for customer_id in ids:
        await forget_answers(connection, customer_id)


async def _forget_customer(connection: AsyncConnection, customer: RowMapping, at: datetime) -> None:
    mine = customers.c.id == customer["id"]
    if customer["billed"]:
        blank = dict.fromkeys(("first_name", "full_name", "sort_key", "search_text", "billing_address"), "")
        nothing = dict.fromkeys(("last_name", "email", "phone"))
        nobody = customer["id"].hex[-20:]  # unique, and gives the tax id free
        await connection.execute(
            update(customers)
            .where(mine)
            .values(**blank, **nothing, tax_id=nobody, erased_at=at, version=customers.c.version + 1)
        )
    else:
        await connection.execute(delete(merged_customers).where(merged_customers.c.into_id == customer["id"]))
        await connection.execute(delete(customers).where(mine))
    await forget_changes(connection, [customer["id"]], _DETAILS)
    await forget_answers(connection, customer["id"])
