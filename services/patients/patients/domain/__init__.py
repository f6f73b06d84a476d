"""What this context means by its words, and the rules they keep."""
