"""Whatever happens to invoices and packs, in whatever order: the books add up and nothing issued changes."""

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID, uuid4

from hypothesis import assume, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from billing.domain.invoice import AlreadyRectified, Invoice, InvoiceKind, RectifiedBelowNothing, Status
from billing.domain.lines import BillTo, InvoiceContent, InvoiceLine
from billing.domain.numbering import Series, SeriesPlace
from billing.domain.pack import Pack, Visit, settle
from billing.domain.payment import (
    Method,
    Payment,
    PaymentExceedsOutstanding,
    PaymentKind,
    RefundExceedsPaid,
)
from shared_kernel.money import Money

NOW = dt.datetime(2026, 11, 23, 9, 30, tzinfo=dt.UTC)
TODAY = NOW.date()
BILL_TO = BillTo.written(full_name="María José Muñoz García", address="Calle Mayor 1")
NOTHING = Decimal(0)

quantities = st.decimals("0.01", "20", places=2)
amounts = st.decimals("0.01", "200", places=2)


def lines(lowest: str) -> st.SearchStrategy[list[InvoiceLine]]:
    line = st.builds(
        InvoiceLine,
        concept=st.just("Sesión"),
        description=st.none(),
        quantity=quantities,
        unit_price=st.decimals(lowest, "200", places=2),
    )
    return st.lists(line, min_size=1, max_size=4)


def content(of: list[InvoiceLine]) -> InvoiceContent:
    return InvoiceContent(
        date=TODAY, due_date=TODAY, customer_id=None, patient_id=None, currency="EUR", lines=of
    )


class Books(RuleBasedStateMachine):
    """Invoices issued, paid, refunded, corrected and replaced at random."""

    def __init__(self) -> None:
        super().__init__()
        self.issued: list[Invoice] = []
        self.printed: dict[UUID, tuple[object, ...]] = {}
        self.received = NOTHING

    def _place(self, series: Series) -> SeriesPlace:
        taken = sum(invoice.series is series for invoice in self.issued)
        return SeriesPlace(series, 2026, taken + 1, TODAY)

    def _keep(self, invoice: Invoice) -> None:
        self.issued.append(invoice)
        self.printed[invoice.id] = (invoice.number, invoice.series, invoice.bill_to, invoice.content)

    @rule(of=lines("0"))
    def issue(self, of: list[InvoiceLine]) -> None:
        self._keep(Invoice.issue(self._place(Series.ORDINARY), BILL_TO, content(of), NOW))

    @precondition(lambda self: self.issued)
    @rule(which=st.randoms(), amount=amounts, kind=st.sampled_from(PaymentKind))
    def pay(self, which: object, amount: Decimal, kind: PaymentKind) -> None:
        invoice = which.choice(self.issued)  # type: ignore[attr-defined]
        before = invoice.account
        paid = Payment(
            id=uuid4(), kind=kind, amount=Money(amount), method=Method.CASH, date=TODAY, created_at=NOW
        )
        try:
            invoice.receive(paid, NOW)
        except PaymentExceedsOutstanding:
            assert amount > before.outstanding.amount
        except RefundExceedsPaid:
            assert amount > before.paid.amount
        else:
            self.received += amount if kind is PaymentKind.PAYMENT else -amount
            assert kind is PaymentKind.REFUND or invoice.account.paid <= invoice.account.due

    @precondition(lambda self: self.issued)
    @rule(which=st.randoms(), of=lines("-200"))
    def correct(self, which: object, of: list[InvoiceLine]) -> None:
        invoice = which.choice(self.issued)  # type: ignore[attr-defined]
        due = invoice.account.due.amount
        try:
            correction = invoice.correct(self._place(Series.RECTIFYING), content(of), "Error", NOW)
        except RectifiedBelowNothing:
            assert due + content(of).amount.amount < 0
        except AlreadyRectified:
            assert invoice.status is Status.RECTIFIED or invoice.kind is InvoiceKind.DIFFERENCE
        else:
            self._keep(correction)

    @precondition(lambda self: self.issued)
    @rule(which=st.randoms(), of=lines("0"))
    def replace(self, which: object, of: list[InvoiceLine]) -> None:
        invoice = which.choice(self.issued)  # type: ignore[attr-defined]
        try:
            place = self._place(Series.RECTIFYING)
            replacement = invoice.replace(place, BILL_TO, content(of), "Error", NOW)
        except AlreadyRectified:
            assert invoice.status is Status.RECTIFIED or invoice.kind is InvoiceKind.DIFFERENCE
        else:
            self._keep(replacement)

    @invariant()
    def every_total_is_the_sum_of_its_lines_to_the_cent(self) -> None:
        for invoice in self.issued:
            cents = [
                int((line.quantity * line.unit_price * 100).quantize(Decimal(1), ROUND_HALF_UP))
                for line in invoice.content.lines
            ]
            assert invoice.content.amount.amount == Decimal(sum(cents)) / 100

    @invariant()
    def nothing_issued_changes(self) -> None:
        for invoice in self.issued:
            said = (invoice.number, invoice.series, invoice.bill_to, invoice.content)
            assert said == self.printed[invoice.id]

    @invariant()
    def what_was_billed_is_what_is_to_be_paid(self) -> None:
        turnover = sum((invoice.turnover.amount for invoice in self.issued), NOTHING)
        due = sum((invoice.account.due.amount for invoice in self.issued), NOTHING)
        assert turnover == due

    @invariant()
    def no_payment_is_lost_or_invented(self) -> None:
        for invoice in self.issued:
            account = invoice.account
            net = sum(
                (
                    payment.amount.amount * (-1 if payment.kind is PaymentKind.REFUND else 1)
                    for payment in invoice.payments
                ),
                NOTHING,
            )
            assert account.paid.amount == net >= 0
            assert account.due.amount >= 0
        assert sum((invoice.account.paid.amount for invoice in self.issued), NOTHING) == self.received


class Sessions(RuleBasedStateMachine):
    """Packs sold and closed, visits attended, taken back and billed at random."""

    def __init__(self) -> None:
        super().__init__()
        self.packs: list[Pack] = []
        self.attended: dict[UUID, Visit] = {}

    def _settle(self) -> None:
        self.packs.sort(key=lambda pack: (pack.sold_on, pack.id))
        settle(self.packs, list(self.attended.values()), NOW)

    @rule(day=st.integers(1, 28), sessions=st.integers(1, 4))
    def sell(self, day: int, sessions: int) -> None:
        sold_on = dt.date(2026, 11, day)
        self.packs.append(Pack.sell(UUID(int=1), uuid4(), "Bono", sessions, sold_on, NOW))
        self._settle()

    @rule(day=st.integers(1, 28), hour=st.integers(0, 23))
    def attend(self, day: int, hour: int) -> None:
        starts_at = dt.datetime(2026, 11, day, hour, tzinfo=dt.UTC)
        visit = Visit(uuid4(), UUID(int=1), starts_at, starts_at.date())
        self.attended[visit.appointment_id] = visit
        self._settle()

    @precondition(lambda self: self.attended)
    @rule(which=st.randoms())
    def take_back_or_bill(self, which: object) -> None:
        del self.attended[which.choice(sorted(self.attended))]  # type: ignore[attr-defined]
        self._settle()

    @precondition(lambda self: self.packs)
    @rule(which=st.randoms())
    def close(self, which: object) -> None:
        pack = which.choice(self.packs)  # type: ignore[attr-defined]
        assume(pack.closed_at is None)
        pack.close(NOW)
        self._settle()

    @invariant()
    def no_pack_is_overdrawn(self) -> None:
        for pack in self.packs:
            assert 0 <= len(pack.uses) <= pack.sessions
            assert pack.left >= 0

    @invariant()
    def no_visit_is_paid_twice_and_none_that_was_not_attended(self) -> None:
        uses = [use for pack in self.packs for use in pack.uses]
        assert len(uses) == len(set(uses))
        assert set(uses) <= set(self.attended)

    @invariant()
    def no_pack_pays_for_before_it_was_sold(self) -> None:
        for pack in self.packs:
            assert all(self.attended[use].day >= pack.sold_on for use in pack.uses)

    @invariant()
    def nothing_is_left_unpaid_that_a_pack_could_pay(self) -> None:
        paid = {use for pack in self.packs for use in pack.uses}
        for visit in self.attended.values():
            if visit.appointment_id not in paid:
                assert not any(pack.pays(visit) for pack in self.packs)


TestBooks = Books.TestCase
TestBooks.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
TestSessions = Sessions.TestCase
TestSessions.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
