"""A transaction whose audit also knows what the rows do not show, and leaves out what changed nothing."""

from typing import Any

import orjson

from shared_kernel.chassis.unit_of_work import UnitOfWork


class RecordedWork(UnitOfWork):
    """The unit of work as the adapters of billing need it."""

    def leave_out_unchanged(self) -> None:
        """Take what was saved last out of the audit, when nothing changed that it tells."""
        if orjson.loads(self._audit[-1]["changes"]) == {}:
            self._audit.pop()

    def note_change(self, name: str, before: Any, after: Any) -> None:
        """Add to the audit of what was saved last something that its row does not show."""
        entry = self._audit[-1]
        changes = orjson.loads(entry["changes"]) | {name: [before, after]}
        entry["changes"] = orjson.dumps(changes).decode()
