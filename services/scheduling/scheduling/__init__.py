"""The calendar that cannot double-book."""
