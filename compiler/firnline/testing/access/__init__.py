"""Who may do what: what AWS enforces and moto does not."""
