"""How this context reaches its database."""
