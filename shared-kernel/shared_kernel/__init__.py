"""The words and the chassis every service stands on; it knows no service."""
