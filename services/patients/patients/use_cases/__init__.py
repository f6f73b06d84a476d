"""What can be done with patients and their records; one function, one transaction each."""
