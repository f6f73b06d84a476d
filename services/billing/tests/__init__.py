"""A package, so that its files share what surrounds the service."""
