"""The comparison told to people: a table on the screen and one offline page.

Invariant: tables in, text out; nothing here simulates, and a withheld mean is never printed.
"""
