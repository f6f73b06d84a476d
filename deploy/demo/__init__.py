"""Invented people for a clinic to be tried, shown and measured with; the product never imports this."""
