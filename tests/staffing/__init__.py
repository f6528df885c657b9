"""Tests of staffing to a target."""
