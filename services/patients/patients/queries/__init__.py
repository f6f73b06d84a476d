"""What the screens of this context read."""
