"""The stand-in: the part of Saleor that the plugin uses, under the same names.

A stage for tests and demo where no Saleor is at hand: a real Django project on a real PostgreSQL,
with real Celery and real HTTP. It is never shipped. What it offers is compared with the facts about
real Saleor in `saleor-contract.json` beside it; what is not there is not relied upon.
"""

__version__ = "3.23.0"
