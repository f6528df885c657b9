"""How much, how long, how likely: scalar formulas on bare numbers, written once, used by both engines."""
