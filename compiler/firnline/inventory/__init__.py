"""What is stored: listings → the items that a lifecycle acts on."""
