"""Patients and their clinical records."""
