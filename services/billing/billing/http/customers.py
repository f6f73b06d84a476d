"""Routes of the customers: register, get, list, change, delete, merge."""

from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from billing.adapters.sql import SqlWork
from billing.domain.customer import Customer, CustomerDetails, Kind
from billing.queries import customers as queries
from billing.queries.customers import CustomerOrder
from billing.use_cases.registration import (
    Change,
    change_customer,
    delete_customer,
    merge_customers,
    register_customer,
)
from shared_kernel.chassis.answers import camel, changed, collection, created, respond, versioned
from shared_kernel.chassis.calls import Call, permit
from shared_kernel.chassis.database import Database
from shared_kernel.chassis.json_models import ApiModel, Collection, Email, Line, Lines
from shared_kernel.chassis.pagination import Paged
from shared_kernel.chassis.requests import routes
from shared_kernel.chassis.security import BILLING
from shared_kernel.chassis.unit_of_work import Transactions

Billing = Annotated[Call, Depends(permit(BILLING))]

PATH = "/api/customers"


class CustomerInput(ApiModel):
    """A customer as written on the form. A company gives its name as first name."""

    kind: Kind
    first_name: Annotated[str, Line(100)]
    last_name: Annotated[str | None, Line(100)] = None
    tax_id: Annotated[str, Line(20)]
    email: Annotated[str | None, Email(180)] = None
    phone: Annotated[str | None, Line(50)] = None
    billing_address: Annotated[str, Lines(500)]

    def details(self) -> CustomerDetails:
        """The same in the domain's words."""
        return CustomerDetails(**dict(self))


class CustomerPatch(CustomerInput):
    """The fields to change; those not sent stay (RFC 7396)."""

    kind: Kind = Kind.PERSON
    first_name: Annotated[str, Line(100)] = ""
    tax_id: Annotated[str, Line(20)] = ""
    billing_address: Annotated[str, Lines(500)] = ""

    def laid_over(self, details: CustomerDetails) -> CustomerDetails:
        """What was sent, in place of what there is."""
        return replace(details, **{name: getattr(self, name) for name in self.model_fields_set})


class MergeInput(ApiModel):
    """The customer who stays."""

    into: UUID


class CustomerOutput(ApiModel):
    """A customer. `taxIdWarning`: the check character of the Spanish identifier is wrong."""

    id: UUID
    kind: Kind
    first_name: str
    last_name: str | None
    full_name: str
    tax_id: str
    tax_id_warning: bool
    email: str | None
    phone: str | None
    billing_address: str
    version: int
    created_at: datetime
    updated_at: datetime


def customer_routes(transactions: Transactions[SqlWork], database: Database) -> APIRouter:
    """The routes, on the adapters they are given."""
    router = routes("customers")
    _add_writing(router, transactions)
    _add_reading(router, database)
    return router


def _add_writing(router: APIRouter, transactions: Transactions[SqlWork]) -> None:
    @router.post(PATH, status_code=201, response_model=CustomerOutput)
    async def register(body: CustomerInput, call: Billing) -> Response:
        answer = await transactions.answer(
            call,
            lambda work: register_customer(work, body.details(), call.now),
            lambda customer: created(PATH, _shown(customer)),
        )
        return respond(answer)

    @router.put(PATH + "/{customer_id}", response_model=CustomerOutput)
    async def replace_customer(customer_id: UUID, body: CustomerInput, call: Billing) -> Response:
        return await _change(customer_id, call.version(), lambda _: body.details(), call)

    @router.patch(PATH + "/{customer_id}", response_model=CustomerOutput)
    async def merge_into_customer(customer_id: UUID, body: CustomerPatch, call: Billing) -> Response:
        return await _change(customer_id, call.if_match, body.laid_over, call)

    async def _change(customer_id: UUID, seen: int | None, change: Change, call: Call) -> Response:
        answer = await transactions.answer(
            call,
            lambda work: change_customer(work, customer_id, seen, change, call.now),
            lambda customer: changed(_shown(customer)),
        )
        return respond(answer)

    @router.delete(PATH + "/{customer_id}", status_code=204, response_class=Response)
    async def remove_customer(customer_id: UUID, call: Billing) -> Response:
        await transactions.run(call, lambda work: delete_customer(work, customer_id, call.if_match))
        return Response(status_code=204)

    @router.post(PATH + "/{customer_id}/merge", response_model=CustomerOutput)
    async def merge_the_customer(customer_id: UUID, body: MergeInput, call: Billing) -> Response:
        answer = await transactions.answer(
            call,
            lambda work: merge_customers(work, customer_id, call.if_match, body.into),
            lambda customer: changed(_shown(customer)),
        )
        return respond(answer)


def _add_reading(router: APIRouter, database: Database) -> None:
    @router.get(PATH, response_model=Collection[CustomerOutput])
    async def list_customers(
        request: Request,
        call: Billing,
        wish: Paged,
        search: Annotated[str, Query(max_length=200)] = "",
        kind: Kind | None = None,
        order: CustomerOrder = "name",
    ) -> Response:
        async with database.reading() as connection:
            listed = await queries.listed_customers(connection, search, kind, order, wish)
        return collection(request, listed, wish)

    @router.get(PATH + "/{customer_id}", response_model=CustomerOutput)
    async def get_customer(customer_id: UUID, call: Billing) -> Response:
        async with database.reading() as connection:
            return versioned(camel(await queries.customer(connection, customer_id)))


def _shown(customer: Customer) -> dict[str, Any]:
    return camel(
        {
            "id": customer.id,
            **vars(customer.details),
            "full_name": customer.details.full_name,
            "tax_id_warning": customer.has_doubtful_tax_id(),
            "version": customer.version,
            "created_at": customer.created_at,
            "updated_at": customer.updated_at,
        }
    )
