"""The promises, checked on the tables, the supplier's ledger, the mailboxes and the logs."""
