"""What tests stand on: real servers, tokens and the whole clinic; never imported by the product."""
