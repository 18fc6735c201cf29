"""Keyshop as a supplier of saleor-cdkeys."""
