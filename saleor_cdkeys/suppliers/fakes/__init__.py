"""Fake servers of real suppliers, true to their protocols, for tests, demo and rehearsal."""
