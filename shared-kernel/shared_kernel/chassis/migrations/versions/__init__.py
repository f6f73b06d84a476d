"""Each revision of the chassis tables."""
