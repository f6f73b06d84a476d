"""The chassis' own tables, migrated on a branch of their own inside every service's schema."""
