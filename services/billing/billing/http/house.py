"""What all invoices of this clinic share, and how an invoice is shown because of it."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends

from billing.domain.invoice import Invoice, InvoiceKind, Status
from billing.domain.numbering import Series
from billing.domain.payment import Account
from shared_kernel.chassis.answers import camel
from shared_kernel.chassis.calls import Call, permit
from shared_kernel.chassis.security import BILLING
from shared_kernel.clinic_time import ClinicTime
from shared_kernel.money import Money

Billing = Annotated[Call, Depends(permit(BILLING))]

PATH = "/api/invoices"
EARLIEST = dt.date(2000, 1, 1)
"""A number cannot be taken back, so a year like 0026 is refused as the slip that it is."""


@dataclass(frozen=True, kw_only=True)
class House:
    """The clinic's ways with invoices. `due_days`: until when one is to be paid, unless it says otherwise."""

    prefixes: Mapping[Series, str]
    currency: str
    clinic_time: ClinicTime
    due_days: int
    edit_enabled: bool

    def displayed(self, series: str, number: str) -> str:
        """The number with the prefix that people see."""
        return self.prefixes[Series(series)] + number

    def today(self, call: Call) -> dt.date:
        """The clinic's day on which a request came."""
        return self.clinic_time.today(call.now)

    def due(self, date: dt.date) -> dt.date:
        """When an invoice of that day is to be paid."""
        return date + dt.timedelta(days=self.due_days)

    def summary(self, row: Mapping[str, Any], today: dt.date) -> dict[str, Any]:
        """A row of a list with what follows from it."""
        account = Account(Money(row["due"], row["currency"]), Money(row["paid"], row["currency"]))
        status = None
        if row["kind"] != InvoiceKind.DIFFERENCE:
            rectified = row["status"] == Status.RECTIFIED
            status = account.status(rectified=rectified, due_date=row["due_date"], today=today)
        return {
            **row,
            "display_number": self.displayed(row["series"], row["number"]),
            "outstanding": account.outstanding.amount,
            "payment_status": status,
        }

    def invoice(self, row: Mapping[str, Any], today: dt.date) -> dict[str, Any]:
        """What `queries.issued_invoice` reads, as answered."""
        related = [
            camel({**each, "display_number": self.displayed(each["series"], each["number"])})
            for each in row["related"]
        ]
        return camel(
            {
                **self.summary(row, today),
                "lines": [camel(line) for line in row["lines"]],
                "payments": [camel(payment) for payment in row["payments"]],
                "related": related,
            }
        )


def row_of(invoice: Invoice) -> dict[str, Any]:
    """The invoice as `queries.issued_invoice` would read it."""
    content, rectification = invoice.content, invoice.rectification
    return {
        "id": invoice.id,
        "series": invoice.series,
        "number": invoice.number,
        "kind": invoice.kind,
        "date": content.date,
        "due_date": content.due_date,
        "customer_id": content.customer_id,
        "patient_id": content.patient_id,
        **vars(invoice.bill_to),
        "currency": content.currency,
        "amount": content.amount.amount,
        "due": invoice.account.due.amount,
        "paid": invoice.account.paid.amount,
        "status": invoice.status,
        "rectifies_id": rectification and rectification.rectifies_id,
        "reason": rectification and rectification.reason,
        "version": invoice.version,
        "created_at": invoice.created_at,
        "updated_at": invoice.updated_at,
        "lines": [{**vars(line), "amount": line.amount(content.currency).amount} for line in content.lines],
        "payments": [{**vars(payment), "amount": payment.amount.amount} for payment in invoice.payments],
        "related": [{**vars(each), "amount": each.amount.amount} for each in invoice.related],
    }
