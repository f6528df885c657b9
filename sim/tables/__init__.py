"""Tables as people have them, read in one place for logs, charts and designs."""
