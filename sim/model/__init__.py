"""What things are: company, market, structure, staff, policies. Checked, frozen data; nothing here
computes."""
