"""The result folder on disk: batches, journal, lock, tables. The only place that knows Parquet.

Invariant: a file under its final name is complete and names or is named by its own SHA-256.
"""
