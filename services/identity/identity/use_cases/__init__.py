"""What can be done with users and sessions; one function, one transaction each."""
