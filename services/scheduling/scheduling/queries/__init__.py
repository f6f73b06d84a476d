"""What the screens of scheduling read: straight from the tables to plain rows."""
