"""An AWS you can break, on this machine: see README.md. No protection of ours lives here."""
