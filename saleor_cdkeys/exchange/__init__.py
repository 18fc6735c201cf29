"""Exchange rates: read from files, kept by day, and used where an offer is in another currency."""
