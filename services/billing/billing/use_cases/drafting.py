"""Writing invoices that are not issued yet."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from billing.domain.customer import CustomerNotFound
from billing.domain.draft import Draft, DraftContent
from billing.ports import Work
from shared_kernel.errors import Invalid, Violation


async def begin_draft(work: Work, content: DraftContent, now: datetime) -> Draft:
    """A new draft. Raises Invalid, PatientErased."""
    draft = Draft.begin(await _known(work, content), now)
    await work.drafts.add(draft)
    await work.commit(draft)
    return draft


async def change_draft(
    work: Work, draft_id: UUID, seen: int | None, content: DraftContent, now: datetime
) -> Draft:
    """The draft with another content. Raises DraftNotFound, Stale, Invalid, PatientErased."""
    draft = await work.drafts.get(draft_id)
    draft.expect(seen)
    draft.change(await _known(work, content), now)
    await work.drafts.save(draft)
    await work.commit(draft)
    return draft


async def delete_draft(work: Work, draft_id: UUID, seen: int | None) -> None:
    """The draft is gone. Raises DraftNotFound, Stale."""
    draft = await work.drafts.get(draft_id)
    draft.expect(seen)
    draft.delete()
    await work.drafts.remove(draft)
    await work.commit(None)


async def _known(work: Work, content: DraftContent) -> DraftContent:
    """With a customer there is, and a patient who was not erased."""
    if content.patient_id is not None:
        await work.payers.expect_billable(content.patient_id)
    if content.customer_id is None:
        return content
    try:
        return replace(content, customer_id=(await work.customers.get(content.customer_id)).id)
    except CustomerNotFound as error:
        raise Invalid(Violation("customerId", "unknown")) from error
