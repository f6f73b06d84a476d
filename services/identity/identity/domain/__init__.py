"""What the clinic means by a user, a session and a key, and the rules that they keep."""
