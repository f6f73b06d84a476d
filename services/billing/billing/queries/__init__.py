"""What is read of this context."""
