"""The only package that imports Saleor.

It gives the rest frozen values and plain functions. What is imported from Saleor is listed in its
contract (`tests/standin/saleor-contract.json`) and exists in every supported version.
"""
