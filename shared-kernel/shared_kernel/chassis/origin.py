"""Who acts, from where, and in which conversation: kept beside every change."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Origin:
    """`actor_id`: a user's id, `service:<context>`, None before sign-in; `correlation_id`: the trace id."""

    actor_id: str | None = None
    actor_name: str | None = None
    ip: str | None = None
    user_agent: str | None = None
    correlation_id: str | None = None
    causation_id: str | None = None
    traceparent: str | None = None
