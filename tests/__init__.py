"""The tests, one folder per kind of question; code they share is imported as `tests.<folder>.<module>`."""
