from hypothesis import settings

# A machine with much else to do is slow at times, and what was found is in the report.
settings.register_profile("cdkeys", deadline=None, database=None)
settings.load_profile("cdkeys")
