"""What the form of an invoice starts from, even for a patient of whom billing has not heard yet."""

from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Annotated
from uuid import UUID

import httpx
from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from billing.domain.customer import PayerNotFound
from billing.http.invoices import RequirePayer
from billing.queries import ledger as queries
from shared_kernel.chassis.answers import camel, json_response
from shared_kernel.chassis.calls import Call, permit
from shared_kernel.chassis.database import Database
from shared_kernel.chassis.json_models import ApiModel
from shared_kernel.chassis.requests import routes
from shared_kernel.chassis.security import BILLING
from shared_kernel.chassis.unit_of_work import Busy
from shared_kernel.errors import Invalid, Violation

Billing = Annotated[Call, Depends(permit(BILLING))]


class PrefillLine(ApiModel):
    """A line that the form offers."""

    concept: str
    description: str | None
    quantity: Decimal
    unit_price: Decimal


class InvoicePrefill(ApiModel):
    """What the form starts from."""

    patient_id: UUID | None
    customer_id: UUID | None
    full_name: str
    tax_id: str | None
    address: str | None
    phone: str | None
    email: str | None
    lines: list[PrefillLine]


def payer_requirement(database: Database, hear_of_patients: Callable[[], Awaitable[None]]) -> RequirePayer:
    """Raises PayerNotFound for a patient that even the registry does not know, Busy when it cannot be asked.
    `hear_of_patients` brings billing's picture level with the registry."""

    async def is_known(patient_id: UUID) -> bool:
        async with database.reading() as connection:
            return await queries.is_payer(connection, patient_id)

    async def require(patient_id: UUID) -> None:
        if await is_known(patient_id):
            return
        try:
            await hear_of_patients()
        except httpx.HTTPError as error:
            raise Busy from error
        if not await is_known(patient_id):
            raise PayerNotFound

    return require


def prefill_routes(database: Database, require_payer: RequirePayer) -> APIRouter:
    """The route, on the adapters it is given."""
    router = routes("invoices")

    @router.get("/api/invoice-prefill", response_model=InvoicePrefill)
    async def prefill(
        call: Billing,
        patient_id: Annotated[UUID | None, Query(alias="patientId")] = None,
        customer_id: Annotated[UUID | None, Query(alias="customerId")] = None,
    ) -> Response:
        if patient_id and not customer_id:
            await require_payer(patient_id)
            async with database.reading() as connection:
                return json_response(camel(await queries.prefill_for_patient(connection, patient_id)))
        if customer_id and not patient_id:
            async with database.reading() as connection:
                return json_response(camel(await queries.prefill_for_customer(connection, customer_id)))
        raise Invalid(Violation("patientId", "either-patient-or-customer"))

    return router
