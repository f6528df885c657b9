"""The obvious slow way to the same answers, to compare with the quick one."""
