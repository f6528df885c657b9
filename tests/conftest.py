"""Settings of generated tests: the same examples in every run, and no limit of time for any of them."""

from hypothesis import settings

settings.register_profile("orgdes", deadline=None, derandomize=True, database=None)
settings.load_profile("orgdes")
