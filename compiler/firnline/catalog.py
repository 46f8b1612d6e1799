"""Every kind of diagnostic, in the order of their codes."""
