"""Measurements, run by hand; none is an assertion."""
