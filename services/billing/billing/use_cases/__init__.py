"""What can be done with customers and invoices; one function, one transaction each."""
