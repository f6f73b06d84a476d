"""Drafts in MariaDB or SQLite."""

from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, delete, insert

from billing.adapters.lines import line_rows, read_lines
from billing.adapters.tables import draft_lines, invoice_drafts
from billing.domain.draft import Draft, DraftContent, DraftNotFound
from billing.domain.lines import InvoiceLine
from shared_kernel.chassis.unit_of_work import UnitOfWork

ADDRESSEE = ("full_name", "tax_id", "address", "phone", "email")


class SqlDrafts:
    """What is not issued yet: a row each, and a row for each line."""

    def __init__(self, work: UnitOfWork) -> None:
        self._work = work

    async def get(self, id: UUID) -> Draft:  # noqa: A002
        """Raises DraftNotFound."""
        row = await self._work.load(invoice_drafts, id, lock=True)
        if row is None:
            raise DraftNotFound
        return _draft(row, await read_lines(self._work.connection, draft_lines, "draft_id", id))

    async def add(self, draft: Draft) -> None:
        """Keep a new one."""
        await self._work.insert(invoice_drafts, draft, _row(draft))
        await self._insert_lines(draft)

    async def save(self, draft: Draft) -> None:
        """Raises Stale."""
        await self._work.update(invoice_drafts, draft, _row(draft))
        await self._delete_lines(draft)
        await self._insert_lines(draft)

    async def remove(self, draft: Draft) -> None:
        """Raises Stale."""
        await self._delete_lines(draft)
        await self._work.delete(invoice_drafts, draft)

    async def _insert_lines(self, draft: Draft) -> None:
        content = draft.content
        rows = line_rows("draft_id", draft.id, content.lines, content.currency)
        if rows:
            await self._work.connection.execute(insert(draft_lines), rows)

    async def _delete_lines(self, draft: Draft) -> None:
        await self._work.connection.execute(delete(draft_lines).where(draft_lines.c.draft_id == draft.id))


def _draft(row: RowMapping, lines: list[InvoiceLine]) -> Draft:
    content = DraftContent(
        date=row["date"],
        due_date=row["due_date"],
        customer_id=row["customer_id"],
        patient_id=row["patient_id"],
        currency=row["currency"],
        addressee={name: row[name] for name in ADDRESSEE},
        lines=lines,
    )
    return Draft(
        id=row["id"],
        version=row["version"],
        content=content,
        created_at=row["created_at"],
        updated_at=row["updated_at"],
    )


def _row(draft: Draft) -> dict[str, Any]:
    content = draft.content
    return {
        **{name: content.addressee.get(name) for name in ADDRESSEE},
        "date": content.date,
        "due_date": content.due_date,
        "customer_id": content.customer_id,
        "patient_id": content.patient_id,
        "currency": content.currency,
        "amount": content.amount.amount,
        "created_at": draft.created_at,
        "updated_at": draft.updated_at,
    }
