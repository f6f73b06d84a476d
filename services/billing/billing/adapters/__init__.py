"""How this context reaches its database and prints."""
