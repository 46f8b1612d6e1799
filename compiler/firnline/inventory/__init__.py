"""What is stored: listings → the items that lifecycle acts on."""
