"""What is stored: listings → things that a lifecycle acts on."""
