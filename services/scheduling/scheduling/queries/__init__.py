"""What is read of this context: straight from the tables to plain rows."""
