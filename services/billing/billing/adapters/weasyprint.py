"""Invoices as PDF. What was printed is kept, as an issued invoice does not change."""

import hashlib
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

from billing.adapters.invoice_page import InvoicePage, Language
from shared_kernel.chassis.typesetting import Typesetter

_KEPT_BYTES = 32_000_000


class WeasyPrinter:
    """Fills the page and has it set."""

    def __init__(self, page: InvoicePage, typesetter: Typesetter) -> None:
        self._page = page
        self._typesetter = typesetter
        self._kept = _KeptDocuments()

    def html(self, invoice: Mapping[str, Any], locale: Language) -> str:
        """A page that needs nothing but itself."""
        return self._page.html(invoice, locale)

    async def pdf(self, invoice: Mapping[str, Any], locale: Language) -> bytes:
        """The same on A4. Raises PrintingUnavailable."""
        key = hashlib.sha256(repr((locale, invoice)).encode()).digest()  # the page shows nothing else
        printed = self._kept.get(key)
        if printed is None:
            printed = await self._typesetter.pdf(self._page.html(invoice, locale))
            self._kept.keep(key, printed)
        return printed


class _KeptDocuments:
    """The last documents, as many as fit in a bounded memory."""

    def __init__(self) -> None:
        self._documents: OrderedDict[bytes, bytes] = OrderedDict()
        self._size = 0

    def get(self, key: bytes) -> bytes | None:
        """The document, now the last to be dropped."""
        if key in self._documents:
            self._documents.move_to_end(key)
        return self._documents.get(key)

    def keep(self, key: bytes, document: bytes) -> None:
        """Keep it, and drop those not asked for the longest."""
        self._size += len(document) - len(self._documents.get(key, b""))
        self._documents[key] = document
        while self._size > _KEPT_BYTES:
            _, dropped = self._documents.popitem(last=False)
            self._size -= len(dropped)
