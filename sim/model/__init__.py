"""What things are: company, market, structure, staff, policies.

Invariant: checked, frozen data; nothing here computes.
"""
