"""Settings of all tests: generated ones have the same examples in every run and no limit of time."""

import signal

from hypothesis import settings

settings.register_profile("orgdes", deadline=None, derandomize=True, database=None)
settings.load_profile("orgdes")

# Started in the background of a script, a process ignores Ctrl-C, and tests would press it in vain.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
