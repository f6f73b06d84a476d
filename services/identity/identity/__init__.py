"""Users, roles, sessions and signing keys."""
