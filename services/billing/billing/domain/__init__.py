"""What the clinic means by a customer and an invoice, and the rules that both keep."""
