"""What all tests have in common."""

from hypothesis import settings

# A limit on the time of one example would fail on a busy machine; every test has a time-out of its own.
settings.register_profile("dateline", deadline=None)
settings.load_profile("dateline")
