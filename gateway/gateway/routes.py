"""Says which part of the clinic answers a path: the one table that the door works by."""

from dataclasses import dataclass
from enum import StrEnum


class Destination(StrEnum):
    IDENTITY = "identity"
    PATIENTS = "patients"
    SCHEDULING = "scheduling"
    BILLING = "billing"
    OWN = "gateway"
    SPA = "spa"
    NOWHERE = "nowhere"


class Entry(StrEnum):
    """Who may pass."""

    ANYONE = "anyone"
    SIGNED_IN = "signed-in"
    OPERATORS = "operators"


PARTS = (Destination.IDENTITY, Destination.PATIENTS, Destination.SCHEDULING, Destination.BILLING)


@dataclass(frozen=True, slots=True)
class Route:
    """`path` is what logs and traces may show: it never carries an id, a name or a token."""

    path: str
    destination: Destination
    entry: Entry = Entry.SIGNED_IN

    @property
    def is_probe(self) -> bool:
        return self.path in ("/api/health", "/api/health/ready")


def _table() -> dict[str, Route]:
    owned = {
        Destination.IDENTITY: (
            "login", "token", "logout", "me", "users", "sessions", "invitations", "password-reset",
            "second-factor",
        ),
        Destination.PATIENTS: ("patients", "records", "access-log", "stats/patients"),
        Destination.SCHEDULING: (
            "practitioners", "appointments", "appointment-gaps", "availability", "series", "waiting-list",
            "time-off", "calendar-feeds", "reminders", "visits", "stats/appointments",
        ),
        Destination.BILLING: ("customers", "invoices", "invoice-prefill", "packs", "stats/invoices"),
    }  # fmt: skip
    public = {"login", "token", "logout", "invitations", "password-reset", "calendar-feeds", "visits"}
    routes = [
        Route(f"/api/{name}", owner, Entry.ANYONE if name in public else Entry.SIGNED_IN)
        for owner, names in owned.items()
        for name in names
    ]
    routes += [
        Route("/api/second-factor/login", Destination.IDENTITY, Entry.ANYONE),
        Route("/.well-known/jwks.json", Destination.IDENTITY, Entry.ANYONE),
        Route("/api/dashboard/stats", Destination.OWN),
        Route("/api/audit-trail", Destination.OWN),
        Route("/api/docs.json", Destination.OWN),
        Route("/api/health", Destination.OWN, Entry.ANYONE),
        Route("/api/health/ready", Destination.OWN, Entry.OPERATORS),
    ]
    return {route.path: route for route in routes}


_ROUTES = _table()
_TEST_ROUTES = {
    path: Route(path, Destination.OWN, Entry.ANYONE)
    for path in ("/api/test/reset-db", "/api/test/reset-db-empty")
}
_NOT_OURS = Route("/api", Destination.NOWHERE)
_INSIDE_ONLY = Route("/internal", Destination.NOWHERE)
_SPA = Route("/", Destination.SPA, Entry.ANYONE)
_INSIDE_ONLY_SEGMENTS = {"internal", "metrics", "openapi.json", "health", ".well-known"}


class RouteTable:
    def __init__(self, *, with_test_routes: bool) -> None:
        self._routes = _ROUTES | _TEST_ROUTES if with_test_routes else _ROUTES

    def find(self, path: str) -> Route:
        """The route of a decoded path; the longest prefix of whole segments wins."""
        segments = path.split("/")
        if "." in segments or ".." in segments or "\\" in path or "\0" in path:
            return _NOT_OURS
        for length in (4, 3, 2):
            route = self._routes.get("/".join(segments[:length])) if len(segments) >= length else None
            if route is not None and (route.destination is not Destination.OWN or route.path == path):
                return route
        first = segments[1] if len(segments) > 1 else ""
        if first == "api":
            return _NOT_OURS
        return _INSIDE_ONLY if first in _INSIDE_ONLY_SEGMENTS else _SPA
