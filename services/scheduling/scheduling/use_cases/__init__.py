"""What can be done with appointments; one function, one transaction each."""
