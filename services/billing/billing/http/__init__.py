"""The routes of this context."""
