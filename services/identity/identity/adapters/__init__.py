"""How this context reaches its database, argon2 and its keys."""
