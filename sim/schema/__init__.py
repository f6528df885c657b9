"""How a parameter is declared: its record, its unit, range, source and grade; and laws as plain data."""
