"""Customers and invoices whose numbers have no hole."""
