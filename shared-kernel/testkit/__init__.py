"""What tests stand on: real servers found or started, and tokens; never imported by the product."""
