"""The review of a pull request, on the forge where people read it."""
