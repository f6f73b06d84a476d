"""Wiring every service needs alike: database, events, HTTP, security, telemetry."""
